#pragma once

#include "scratch_memory.h"

#include <cstddef>
#include <type_traits>

namespace mote::cli {

/* An array of numbers of a fixed length, not cleared, in scratch memory: a long one takes a file's pages, not the
 * process's own memory. */
template <typename Number> class LargeArray {
    static_assert(std::is_trivially_copyable_v<Number>, "nothing is constructed");

  public:
    LargeArray() = default;
    explicit LargeArray(size_t count) : memory_(count * sizeof(Number)), count_(count) {}

    size_t size() const { return count_; }
    bool empty() const { return count_ == 0; }
    Number *data() { return static_cast<Number *>(memory_.data()); }
    const Number *data() const { return static_cast<const Number *>(memory_.data()); }
    Number &operator[](size_t i) { return data()[i]; }
    const Number &operator[](size_t i) const { return data()[i]; }
    const Number *begin() const { return data(); }
    const Number *end() const { return data() + count_; }

  private:
    ScratchMemory memory_;
    size_t count_ = 0;
};

} // namespace mote::cli
