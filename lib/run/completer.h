// What a completer keeps: beginnings of endings, and endings.
#ifndef MOTE_COMPLETER_H
#define MOTE_COMPLETER_H

#include "ending.h"
#include "state.h"

namespace mote {

// A beginning that the model has not read the last token of: that of a slot and one token more.
struct Branch {
    float nats;
    uint16_t slot, token;
    BegunCharacter begun;
};
// An ending: `length` tokens of a row.
struct Ending {
    float nats;
    uint16_t row, length;
};

// What a step leaves to the next: bytes of a slot.
inline uint32_t memory_bytes(const Config &c) {
    const uint32_t window = c.input == MOTE_INPUT_WINDOW ? static_cast<uint32_t>(sizeof(uint16_t)) * c.context : 0;
    return (is_recurrent(c) ? hidden_bytes(c) : 0) + window;
}

} // namespace mote

// The arrays lie behind the handle, in the order of the pointers.
struct mote_completer {
    mote_state *state;       // that reads
    unsigned char *memories; // [width] slots: the state's memory behind each beginning,
    mote::Branch *branches;  // [2][width] beginnings: those to be read, and those that come of it
    uint16_t *tokens;        // [width][length] of slots, [count][length] of endings
    uint32_t width, length, count;
    uint32_t found; // endings, the likeliest first
};

namespace mote {

static_assert(sizeof(mote_completer) <= MOTE_SZ_COMPLETER_HANDLE,
              "the completer's handle is larger than its size says");
static_assert(sizeof(Branch) == 12 && sizeof(Ending) == 8, "the size of a completer counts other bytes");

inline Ending *endings_of(const mote_completer &c) { return reinterpret_cast<Ending *>(c.branches + 2 * c.width); }
// [width]: how many branches that are still to be read begin with the slot.
inline uint16_t *uses_of(const mote_completer &c) { return reinterpret_cast<uint16_t *>(endings_of(c) + c.count); }
inline uint16_t *slot_tokens(const mote_completer &c, uint32_t slot) { return c.tokens + size_t{slot} * c.length; }
inline uint16_t *row_tokens(const mote_completer &c, uint32_t row) { return slot_tokens(c, c.width + row); }

} // namespace mote

#endif
