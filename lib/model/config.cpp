#include "config.h"

#include "arena.h"
#include "sizes.h"

namespace mote {
namespace {

bool in_range(uint32_t x, uint32_t low, uint32_t high) { return low <= x && x <= high; }

bool has_hidden_layers(const mote_config &c) {
    return in_range(c.hidden, 1, MOTE_MAX_WIDTH) && in_range(c.layers, 1, MOTE_MAX_LAYERS) &&
           (c.activation == MOTE_TANH || c.activation == MOTE_RELU);
}

bool valid_input(const mote_config &c) {
    switch (c.input) {
    case MOTE_INPUT_ONE_HOT:
        return c.context == 0 && c.embed == 0;
    case MOTE_INPUT_EMBEDDING:
        return c.context == 0 && in_range(c.embed, 1, MOTE_MAX_WIDTH);
    case MOTE_INPUT_WINDOW:
        return in_range(c.context, 1, MOTE_MAX_CONTEXT) && in_range(c.embed, 1, MOTE_MAX_WIDTH);
    default:
        return false;
    }
}

bool valid_cell(const mote_config &c) {
    switch (c.cell) {
    case MOTE_CELL_NONE:
        return c.input == MOTE_INPUT_ONE_HOT && c.hidden == 0 && c.layers == 0 && c.activation == 0;
    case MOTE_CELL_DENSE:
        return c.input == MOTE_INPUT_WINDOW && has_hidden_layers(c);
    case MOTE_CELL_RECURRENT:
        return c.input != MOTE_INPUT_WINDOW && has_hidden_layers(c);
    default:
        return false;
    }
}

} // namespace

mote_status check_config(const mote_config &c) {
    if (c.input > MOTE_INPUT_COUNT || c.cell > MOTE_CELL_COUNT || c.activation > MOTE_ACTIVATION_COUNT)
        return MOTE_ERR_UNSUPPORTED;
    if (!in_range(c.vocab, 2, MOTE_MAX_VOCAB) || !valid_input(c) || !valid_cell(c)) return MOTE_ERR_ARG;
    return model_bytes(c) <= kMaxBytes ? MOTE_OK : MOTE_ERR_SIZE;
}

bool same_config(const mote_config &a, const mote_config &b) {
    return a.input == b.input && a.cell == b.cell && a.vocab == b.vocab && a.context == b.context &&
           a.embed == b.embed && a.hidden == b.hidden && a.layers == b.layers && a.activation == b.activation;
}

} // namespace mote
