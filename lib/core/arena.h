// Memory out of the caller's buffer.
//
//   base                    base + used                  base + size
//    | handed out, in 64s    | free                        |
//
// A constructor asks once, for all that its object needs, so that one byte too little leaves everything as it was.
#ifndef MOTE_ARENA_H
#define MOTE_ARENA_H

#include "mote.h"
#include "port.h"

namespace mote {

constexpr uint64_t kMaxBytes = 0xffffffffu; // a size above it is invalid on every target

// A size as the API gives it: 0 above the limit.
inline size_t limited_size(uint64_t bytes) { return bytes <= kMaxBytes ? static_cast<size_t>(bytes) : 0; }

// Zeroed memory. MOTE_ERR_ARENA leaves the arena as it was but for `needed`.
mote_status arena_alloc(mote_arena *arena, uint64_t bytes, void **memory);

inline bool aligned(const void *p) { return reinterpret_cast<uintptr_t>(p) % MOTE_ALIGN == 0; }

// f(memory) with room that is given back when it returns; its status, or why there is no room. Not an object whose
// destructor gives it back: with exceptions enabled that is a part of a C++ runtime.
template <typename F> mote_status with_scratch(mote_arena *scratch, uint32_t bytes, const F &f) {
    const size_t mark = scratch->used;
    void *memory = nullptr;
    mote_status status = arena_alloc(scratch, bytes, &memory);
    if (status == MOTE_OK) status = f(memory);
    scratch->used = mark;
    return status;
}

// Places consecutive arrays behind a handle, as byte offsets from it: 32 bits on every target, so that handles are the
// same size everywhere.
class Offsets {
  public:
    explicit Offsets(uint32_t handle_bytes) : next_(handle_bytes) {}
    // Rounded up to MOTE_ALIGN.
    uint32_t bytes(uint32_t count) {
        const uint32_t offset = next_;
        next_ += (count + MOTE_ALIGN - 1) / MOTE_ALIGN * MOTE_ALIGN;
        return offset;
    }
    __attribute__((always_inline)) uint32_t floats(uint32_t count) { return bytes(4 * count); }

  private:
    uint32_t next_;
};

// An array at an offset from a handle.
template <typename T> T *at_offset(void *handle, uint32_t offset) {
    return reinterpret_cast<T *>(static_cast<unsigned char *>(handle) + offset);
}
template <typename T> const T *at_offset(const void *handle, uint32_t offset) {
    return reinterpret_cast<const T *>(static_cast<const unsigned char *>(handle) + offset);
}

} // namespace mote

#endif
