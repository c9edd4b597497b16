#include "arena.h"

#include <string.h>

namespace mote {

mote_status arena_alloc(mote_arena *arena, uint64_t bytes, void **memory) {
    if (bytes > kMaxBytes) return MOTE_ERR_SIZE;
    if (bytes == 0 || arena->used > arena->size) return MOTE_ERR_ARG;
    if (!aligned(arena->base) || arena->used % MOTE_ALIGN != 0) return MOTE_ERR_ALIGN;
    const size_t wanted = static_cast<size_t>(bytes);
    if (wanted > arena->size - arena->used) {
        arena->needed = arena->used + wanted;
        return wanted > SIZE_MAX - arena->used ? MOTE_ERR_SIZE : MOTE_ERR_ARENA;
    }
    *memory = arena->base + arena->used;
    arena->used += wanted;
    memset(*memory, 0, wanted);
    return MOTE_OK;
}

} // namespace mote

extern "C" {

mote_status mote_arena_init(mote_arena *arena, void *buffer, size_t bytes) {
    if (arena == nullptr || buffer == nullptr) return MOTE_ERR_ARG;
    if (!mote::aligned(buffer)) return MOTE_ERR_ALIGN;
    *arena = {static_cast<unsigned char *>(buffer), bytes, 0, 0};
    return MOTE_OK;
}

size_t mote_arena_mark(const mote_arena *arena) { return arena != nullptr ? arena->used : 0; }

void mote_arena_rewind(mote_arena *arena, size_t mark) {
    if (arena != nullptr && mark < arena->used && mark % MOTE_ALIGN == 0) arena->used = mark;
}
}
