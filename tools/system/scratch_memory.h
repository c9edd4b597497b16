#pragma once

#include <cstddef>

namespace mote::cli {

/* Memory for what can be large. Up to 192 MiB in all it is of the heap; beyond, where the system has it so, the pages
 * of a file without a name in the folder TMPDIR, else /var/tmp, which the system may write there when memory is short.
 * Throws Failure where there is no room. A source for each kind of system. */
class ScratchMemory {
  public:
    ScratchMemory() = default;
    explicit ScratchMemory(size_t bytes);
    ScratchMemory(ScratchMemory &&other) noexcept;
    ScratchMemory &operator=(ScratchMemory &&other) noexcept;
    ~ScratchMemory();

    void *data() { return data_; }
    const void *data() const { return data_; }

  private:
    void *data_ = nullptr;
    size_t bytes_ = 0;
    bool is_mapped_ = false;
};

} // namespace mote::cli
