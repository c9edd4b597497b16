#include "aligned_memory.h"

#include "errors.h"
#include "large_pages.h"

#include <new>

namespace mote::cli {

void FreeMemory::operator()(unsigned char *bytes) const { ::operator delete (bytes, std::align_val_t{alignment}); }

static std::unique_ptr<unsigned char, FreeMemory> allocate(size_t count) {
    const FreeMemory free_it{count >= large_page ? large_page : MOTE_ALIGN};
    void *bytes = ::operator new (count, std::align_val_t{free_it.alignment}, std::nothrow);
    if (bytes == nullptr) throw Failure(formatted("not enough memory: %zu bytes", count));
    if (count >= large_page) ask_for_large_pages(bytes, count);
    return {static_cast<unsigned char *>(bytes), free_it};
}

AlignedBytes::AlignedBytes(size_t count) : bytes_(allocate(count)), size_(count) {}

OwnArena::OwnArena(size_t bytes) : memory_(bytes) { check(mote_arena_init(&arena_, memory_.data(), bytes), "arena"); }

} // namespace mote::cli
