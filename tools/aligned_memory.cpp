#include "aligned_memory.h"

#include "errors.h"

#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

namespace mote::cli {

void FreeMemory::operator()(unsigned char *bytes) const { std::free(bytes); }

static unsigned char *allocate(size_t count) {
    size_t whole = (count + MOTE_ALIGN - 1) / MOTE_ALIGN * MOTE_ALIGN;
    void *bytes = std::aligned_alloc(MOTE_ALIGN, whole == 0 ? MOTE_ALIGN : whole);
    if (bytes == nullptr) throw Failure(formatted("not enough memory: %zu bytes", count));
    return static_cast<unsigned char *>(bytes);
}

AlignedBytes::AlignedBytes(size_t count) : bytes_(allocate(count)), size_(count) {}

void give_back(const char *bytes, size_t count) {
    const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first = (reinterpret_cast<uintptr_t>(bytes) + page - 1) / page * page;
    const uintptr_t end = (reinterpret_cast<uintptr_t>(bytes) + count) / page * page;
    if (first < end) ::madvise(reinterpret_cast<void *>(first), end - first, MADV_DONTNEED); /* or they stay: no harm */
}

OwnArena::OwnArena(size_t bytes) : memory_(bytes) { check(mote_arena_init(&arena_, memory_.data(), bytes), "arena"); }

} // namespace mote::cli
