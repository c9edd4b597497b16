#include "config.h"

#include "arena.h"
#include "sizes.h"

namespace mote {
namespace {

bool in_range(uint32_t x, uint32_t low, uint32_t high) { return low <= x && x <= high; }
// From 1 on where the configuration has it, 0 where it has not.
bool in_range_if(bool has, uint32_t x, uint32_t high) { return has ? in_range(x, 1, high) : x == 0; }

bool valid_input(const mote_config &c) {
    return c.input != 0 && in_range_if(c.input == MOTE_INPUT_WINDOW, c.context, MOTE_MAX_CONTEXT) &&
           in_range_if(c.input != MOTE_INPUT_ONE_HOT, c.embed, MOTE_MAX_WIDTH);
}

bool valid_cell(const mote_config &c) {
    const bool layers = c.cell != MOTE_CELL_NONE;
    return in_range_if(layers, c.hidden, MOTE_MAX_WIDTH) && in_range_if(layers, c.layers, MOTE_MAX_LAYERS) &&
           in_range_if(layers, c.activation, MOTE_RELU - (c.cell == MOTE_CELL_GATED));
}

// What carries its activations reads one character at a time, a dense cell a window, and no cell at all a one-hot.
bool valid_pair(const mote_config &c) {
    if (c.cell == MOTE_CELL_NONE) return c.input == MOTE_INPUT_ONE_HOT;
    return c.cell != 0 && is_recurrent(c) == (c.input != MOTE_INPUT_WINDOW);
}

// A sum of products of integers must fit into 32 bits.
bool valid_precision(const mote_config &c) { return !is_quantized(c) || filled_width(c) <= MOTE_MAX_INTEGER_INPUTS; }

} // namespace

mote_status check_config(const mote_config &c) {
    if (c.input > MOTE_INPUT_COUNT || c.cell > MOTE_CELL_COUNT || c.activation > MOTE_ACTIVATION_COUNT ||
        c.precision >= MOTE_PRECISION_COUNT)
        return MOTE_ERR_UNSUPPORTED;
    if (!in_range(c.vocab, 2, MOTE_MAX_VOCAB) || !valid_input(c) || !valid_cell(c) || !valid_pair(c) ||
        !valid_precision(c))
        return MOTE_ERR_ARG;
    return model_bytes(c) <= kMaxBytes ? MOTE_OK : MOTE_ERR_SIZE;
}

// Of neighbours that are compared by == clang makes a call of memcmp(), which the library does without.
bool same_config(const mote_config &a, const mote_config &b) {
    return ((a.input ^ b.input) | (a.cell ^ b.cell) | (a.vocab ^ b.vocab) | (a.context ^ b.context) |
            (a.embed ^ b.embed) | (a.hidden ^ b.hidden) | (a.layers ^ b.layers) | (a.precision ^ b.precision) |
            (a.activation ^ b.activation)) == 0;
}

} // namespace mote
