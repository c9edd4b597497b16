#include "state.h"

#include "arena.h"

namespace mote {
namespace {

// Of a state, which has less than 2^22 activations and sums, 2^28 inputs and 2^16 logits, the offsets of its arrays;
// what it takes with them is returned.
MOTE_NOINLINE uint32_t place_arrays(const Config &c, mote_state *s) {
    const uint32_t hidden = hidden_bytes(c);
    Offsets offsets(MOTE_SZ_STATE_HANDLE);
    s->hidden[0] = s->hidden[1] = offsets.bytes(hidden);
    if (is_recurrent(c)) s->hidden[1] = offsets.bytes(hidden);
    if (c.input == MOTE_INPUT_WINDOW) {
        s->input = offsets.bytes((is_quantized(c) ? 1 : 4) * filled_width(c));
        s->window = offsets.bytes(4 * c.context);
    }
    const uint32_t sums = MOTE_SZ_SUMS(c.cell) * pad(c.hidden), logits = pad(c.vocab);
    s->logits = offsets.floats(logits > sums ? logits : sums);
    return offsets.bytes(0);
}

} // namespace

uint32_t state_bytes(const Config &c) {
    mote_state places;
    return place_arrays(c, &places);
}

mote_state *place_state(const mote_model &model, void *memory) {
    mote_state *const s = static_cast<mote_state *>(memory);
    s->model = &model;
    place_arrays(model.config, s);
    return s;
}

void fill_window(mote_state *state, const uint16_t *tokens) {
    for (uint32_t i = 0; i + 1 < state->model->config.context; ++i) {
        window_take(state, tokens[i]);
        state->now ^= 1;
    }
}

} // namespace mote
