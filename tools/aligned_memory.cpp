#include "aligned_memory.h"

#include "errors.h"

#include <cstdlib>

namespace mote::cli {

void FreeMemory::operator()(unsigned char *bytes) const { std::free(bytes); }

static unsigned char *allocate(size_t count) {
    size_t whole = (count + MOTE_ALIGN - 1) / MOTE_ALIGN * MOTE_ALIGN;
    void *bytes = std::aligned_alloc(MOTE_ALIGN, whole == 0 ? MOTE_ALIGN : whole);
    if (bytes == nullptr) throw Failure(formatted("not enough memory: %zu bytes", count));
    return static_cast<unsigned char *>(bytes);
}

AlignedBytes::AlignedBytes(size_t count) : bytes_(allocate(count)), size_(count) {}

OwnArena::OwnArena(size_t bytes) : memory_(bytes) { check(mote_arena_init(&arena_, memory_.data(), bytes), "arena"); }

} // namespace mote::cli
