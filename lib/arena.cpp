#include "arena.h"

#include <string.h>

namespace mote {

mote_status take(mote_arena *arena, uint64_t bytes, void **memory) {
    if (bytes == 0 || bytes > kMaxBytes || arena->used > arena->size) return MOTE_ERR_ARG;
    if (!aligned(arena->base) || arena->used % MOTE_ALIGN != 0) return MOTE_ERR_ALIGN;
    if (bytes > arena->size - arena->used) {
        const uint64_t needed = arena->used + bytes;
        arena->needed = static_cast<size_t>(needed);
        return needed > SIZE_MAX ? MOTE_ERR_ARG : MOTE_ERR_ARENA;
    }
    *memory = arena->base + arena->used;
    arena->used += static_cast<size_t>(bytes);
    memset(*memory, 0, static_cast<size_t>(bytes));
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
