// Running a model: a state and its steps.
#include "step.h"

#include <string.h>

#include "arena.h"
#include "network.h"

namespace mote {

mote_status step(mote_state *state, uint16_t token) {
    if (token >= state->model->config.vocab) return MOTE_ERR_TOKEN;
    give_up_slices(state);
    if (network_step(state, token) != 0) return MOTE_ERR_NUMERIC;
    state->now ^= 1;
    return MOTE_OK;
}

} // namespace mote

using namespace mote;

extern "C" {

size_t mote_state_bytes(const mote_config *c) {
    return c != nullptr && valid(*c) ? limited_size(state_bytes(known(*c))) : 0;
}

mote_status mote_state_init(mote_state **state, mote_arena *arena, const mote_model *model) {
    if (state == nullptr || arena == nullptr || model == nullptr) return MOTE_ERR_ARG;
    if (!network_runs(model->config)) return MOTE_ERR_UNSUPPORTED;
    void *memory;
    const mote_status status = arena_alloc(arena, state_bytes(model->config), &memory);
    if (status == MOTE_OK) *state = place_state(*model, memory);
    return status;
}

void mote_state_reset(mote_state *state) {
    if (state == nullptr) return;
    give_up_slices(state);
    const Config &c = state->model->config;
    memset(hidden_now(state, 0), 0, hidden_bytes(c));
    memset(window_now(state), 0, c.context * sizeof(uint16_t)); // without a window, the context is 0
}

mote_status mote_state_hidden(const mote_state *state, uint32_t layer, const float **hidden, uint32_t *count) {
    if (state == nullptr || hidden == nullptr || count == nullptr) return MOTE_ERR_ARG;
    const Config &c = state->model->config;
    if (layer >= c.layers) return MOTE_ERR_ARG;
    *hidden = at_offset<float>(state, state->hidden[state->now]) + layer_offset(*state, layer);
    *count = c.hidden;
    return MOTE_OK;
}

mote_status mote_step(mote_state *state, uint16_t token, const float **logits) {
    if (state == nullptr || logits == nullptr) return MOTE_ERR_ARG;
    const mote_status status = step(state, token);
    if (status == MOTE_OK) *logits = state_logits(state);
    return status;
}
}
