// Running a model: a state, its steps, and scores.
#include "arena.h"
#include "model.h"
#include "network.h"
#include "numeric.h"

#include <string.h>

namespace mote {

mote_state *place_state(const mote_model &model, void *memory) {
    Carver carver(memory);
    mote_state *s = reinterpret_cast<mote_state *>(carver.bytes(MOTE_STATE_RESERVE));
    const mote_config &c = model.config;
    const uint64_t hidden = uint64_t{c.layers} * pad(c.hidden);
    s->model = &model;
    if (c.arch != MOTE_BIGRAM) s->hidden[0] = carver.floats(hidden);
    if (c.arch == MOTE_RNN) s->hidden[1] = carver.floats(hidden);
    if (c.arch == MOTE_MLP) s->input = carver.floats(pad(input_width(c)));
    if (c.arch == MOTE_MLP) s->window = reinterpret_cast<uint16_t *>(carver.bytes(MOTE_ROUND64(4 * c.context)));
    s->logits = carver.floats(pad(c.vocab));
    return s;
}

bool runs(const mote_model &model) { return network_runs(model.config); }

mote_status step(mote_state *state, uint16_t token) {
    if (token >= state->model->config.vocab) return MOTE_ERR_TOKEN;
    if (network_step(*state, token) != 0) return MOTE_ERR_NUMERIC;
    state->now ^= 1;
    return MOTE_OK;
}

} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_state_init(mote_state **state, mote_arena *arena, const mote_model *model) {
    if (state == nullptr || arena == nullptr || model == nullptr || !runs(*model)) return MOTE_ERR_ARG;
    void *memory;
    const mote_status status = take(arena, state_bytes(model->config), &memory);
    if (status == MOTE_OK) *state = place_state(*model, memory);
    return status;
}

void mote_state_reset(mote_state *state) {
    if (state == nullptr) return;
    const mote_config &c = state->model->config;
    if (c.arch == MOTE_RNN) memset(state->hidden[state->now], 0, size_t{c.layers} * pad(c.hidden) * sizeof(float));
    if (c.arch == MOTE_MLP) memset(state->window + size_t{state->now} * c.context, 0, c.context * sizeof(uint16_t));
}

mote_status mote_state_hidden(const mote_state *state, uint32_t layer, const float **hidden, uint32_t *count) {
    if (state == nullptr || hidden == nullptr || count == nullptr) return MOTE_ERR_ARG;
    const mote_config &c = state->model->config;
    if (layer >= c.layers) return MOTE_ERR_ARG;
    *hidden = state->hidden[c.arch == MOTE_RNN ? state->now : 0] + size_t{layer} * pad(c.hidden);
    *count = c.hidden;
    return MOTE_OK;
}

mote_status mote_step(mote_state *state, uint16_t token, const float **logits) {
    if (state == nullptr || logits == nullptr) return MOTE_ERR_ARG;
    const mote_status status = step(state, token);
    if (status == MOTE_OK) *logits = state->logits;
    return status;
}

mote_status mote_score(mote_state *state, const uint16_t *tokens, size_t count, float *nats) {
    if (state == nullptr || tokens == nullptr || nats == nullptr || count < 2) return MOTE_ERR_ARG;
    const uint32_t vocab = state->model->config.vocab;
    for (size_t i = 0; i < count; ++i)
        if (tokens[i] >= vocab) return MOTE_ERR_TOKEN;
    for (size_t i = 0; i + 1 < count; ++i) {
        const mote_status status = step(state, tokens[i]);
        if (status != MOTE_OK) return status;
        const uint32_t bad = cpu::surprise(state->logits, vocab, tokens[i + 1], nats + i);
        if (bad != 0 || !finite(nats[i])) return MOTE_ERR_NUMERIC; // finite logits may be infinitely far apart
    }
    return MOTE_OK;
}
}
