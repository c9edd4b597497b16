// Memory out of the caller's buffer.
//
//   base                    base + used                  base + size
//    | handed out, in 64s    | free                        |
//
// A constructor asks once, for all that its object needs, so that one byte too little leaves everything as it was.
#ifndef MOTE_ARENA_H
#define MOTE_ARENA_H

#include "mote.h"

namespace mote {

constexpr uint64_t kMaxBytes = 0xffffffffu; // a size above it is invalid on every target

// Zeroed memory. MOTE_ERR_ARENA leaves the arena as it was but for `needed`.
mote_status take(mote_arena *arena, uint64_t bytes, void **memory);

inline bool aligned(const void *p) { return reinterpret_cast<uintptr_t>(p) % MOTE_ALIGN == 0; }

// Gives back what was taken during its life.
class Scratch {
  public:
    explicit Scratch(mote_arena *arena) : arena_(arena), mark_(arena->used) {}
    ~Scratch() { arena_->used = mark_; }
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;

  private:
    mote_arena *arena_;
    size_t mark_;
};

// Hands out consecutive arrays of a block whose size the layout has computed.
class Carver {
  public:
    explicit Carver(void *block) : next_(static_cast<unsigned char *>(block)) {}
    float *floats(uint64_t count) { return reinterpret_cast<float *>(bytes(4 * count)); }
    unsigned char *bytes(uint64_t count) {
        unsigned char *block = next_;
        next_ += count;
        return block;
    }

  private:
    unsigned char *next_;
};

} // namespace mote

#endif
