#include "state.h"

#include "sizes.h"

namespace mote {

mote_state *place_state(const mote_model &model, void *memory) {
    const mote_config &c = model.config;
    mote_state *const s = static_cast<mote_state *>(memory);
    const uint32_t hidden = hidden_bytes(c);
    Offsets offsets(MOTE_SZ_STATE_HANDLE);
    s->model = &model;
    s->hidden[0] = s->hidden[1] = offsets.bytes(hidden);
    if (is_recurrent(c)) s->hidden[1] = offsets.bytes(hidden);
    if (c.input == MOTE_INPUT_WINDOW) {
        s->input = offsets.bytes((is_quantized(c) ? 1 : 4) * filled_width(c));
        s->window = offsets.bytes(4 * c.context);
    }
    s->logits = offsets.floats(pad(c.vocab));
    return s;
}

void fill_window(mote_state *state, const uint16_t *tokens) {
    for (uint32_t i = 0; i + 1 < state->model->config.context; ++i) {
        window_take(state, tokens[i]);
        state->now ^= 1;
    }
}

} // namespace mote
