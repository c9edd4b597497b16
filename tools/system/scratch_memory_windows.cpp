#include "scratch_memory.h"

#include "errors.h"

#include <cstdlib>
#include <utility>

namespace mote::cli {

/* From the heap, which Windows keeps in its page file. */
ScratchMemory::ScratchMemory(size_t bytes) : data_(std::malloc(bytes != 0 ? bytes : 1)), bytes_(bytes) {
    if (data_ == nullptr) throw Failure(formatted("not enough memory: %zu bytes", bytes));
}

ScratchMemory::~ScratchMemory() { std::free(data_); }

ScratchMemory::ScratchMemory(ScratchMemory &&other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(other.bytes_), is_mapped_(other.is_mapped_) {}

ScratchMemory &ScratchMemory::operator=(ScratchMemory &&other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    std::swap(is_mapped_, other.is_mapped_);
    return *this;
}

} // namespace mote::cli
