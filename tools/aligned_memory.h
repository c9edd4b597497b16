#pragma once

#include "mote.h"

#include <cstddef>
#include <memory>

namespace mote::cli {

struct FreeMemory {
    void operator()(unsigned char *bytes) const;
};

/* Memory aligned to MOTE_ALIGN that frees itself. */
class AlignedBytes {
  public:
    AlignedBytes() = default;
    explicit AlignedBytes(size_t count);

    unsigned char *data() { return bytes_.get(); }
    const unsigned char *data() const { return bytes_.get(); }
    size_t size() const { return size_; }

  private:
    std::unique_ptr<unsigned char, FreeMemory> bytes_;
    size_t size_ = 0;
};

/* An arena with memory of its own. */
class OwnArena {
  public:
    OwnArena() = default;
    explicit OwnArena(size_t bytes);

    mote_arena *get() { return &arena_; }

  private:
    AlignedBytes memory_;
    mote_arena arena_{};
};

} // namespace mote::cli
