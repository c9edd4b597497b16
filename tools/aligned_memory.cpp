#include "aligned_memory.h"

#include "errors.h"

#include <new>

namespace mote::cli {

void FreeMemory::operator()(unsigned char *bytes) const { ::operator delete (bytes, std::align_val_t{MOTE_ALIGN}); }

static unsigned char *allocate(size_t count) {
    void *bytes = ::operator new (count, std::align_val_t{MOTE_ALIGN}, std::nothrow);
    if (bytes == nullptr) throw Failure(formatted("not enough memory: %zu bytes", count));
    return static_cast<unsigned char *>(bytes);
}

AlignedBytes::AlignedBytes(size_t count) : bytes_(allocate(count)), size_(count) {}

OwnArena::OwnArena(size_t bytes) : memory_(bytes) { check(mote_arena_init(&arena_, memory_.data(), bytes), "arena"); }

} // namespace mote::cli
