// The output layer alone: it needs the last hidden states and nothing of the time before, so that a row of a batch is
// read through a state, and its gradient added, one character after the other. No memory grows with the time.
#include <string.h>

#include "adapted.h"
#include "learner.h"
#include "network.h"
#include "sizes.h"

namespace mote {
namespace {

mote_state *state_of(mote_learner &t, uint32_t row) {
    return at_offset<mote_state>(&t, t.states + row * t.state_bytes);
}
uint32_t carried_bytes(const Config &c) { return is_recurrent(c) ? hidden_bytes(c) : 0; }
unsigned char *carried_of(mote_learner &t, uint32_t row) {
    const uint32_t each = static_cast<uint32_t>(MOTE_SZ_ROUND64(carried_bytes(model_of(*t.adapter).config)));
    return at_offset<unsigned char>(&t, t.carried + row * each);
}

// From what a row's text ended with; a copy of it stays.
void begin_row(mote_learner &t, uint32_t row) {
    const Config &c = model_of(*t.adapter).config;
    mote_state *const state = state_of(t, row);
    memcpy(carried_of(t, row), hidden_now(state, 0), carried_bytes(c));
    fill_window(state, t.batch.tokens + size_t{row} * row_tokens(c, t.batch.time));
}

// The loss of what follows a character, and its gradients. A function of its own, so that its frame is gone when the
// layers are computed.
MOTE_NOINLINE uint32_t learn_character(mote_learner &t, mote_state *state, uint32_t row, uint32_t time,
                                       const LearnerPass &pass) {
    const Config &c = state->model->config;
    const cpu::Mat logits{state_logits(state), cpu::kLanes};
    const cpu::Tokens target{pass.targets + size_t{row} * t.batch.time + time, 0};
    const uint32_t bad = cpu::cross_entropy(logits, 1, c.vocab, target, pass.scale, t.nats, time * t.batch.batch + row);
    add_output_gradients(t, {hidden_next(state, c.layers - 1), cpu::kLanes}, logits, 1);
    state->now ^= 1;
    return bad;
}

uint32_t read_character(mote_learner &t, uint32_t row, uint32_t time, const LearnerPass &pass) {
    mote_state *const state = state_of(t, row);
    const uint32_t tokens = row_tokens(state->model->config, t.batch.time);
    const size_t at = size_t{row} * tokens + (tokens - t.batch.time) + time;
    const uint32_t bad = adapted_step(*t.adapter, state, t.batch.tokens[at]);
    return bad | learn_character(t, state, row, time, pass);
}

void states_place(mote_learner *t, Offsets *offsets) {
    const mote_model &model = model_of(*t->adapter);
    t->state_bytes = state_bytes(model.config);
    t->states = offsets->bytes(t->batch.batch * t->state_bytes);
    t->carried = offsets->bytes(0);
    for (uint32_t i = 0; i < t->batch.batch; ++i) place_state(model, state_of(*t, i));
}

void states_reset(mote_learner &t) {
    for (uint32_t i = 0; i < t.batch.batch; ++i)
        memset(hidden_now(state_of(t, i), 0), 0, hidden_bytes(model_of(*t.adapter).config));
}

void states_carry(mote_learner &t, bool succeeded) {
    if (succeeded) return;
    const uint32_t bytes = carried_bytes(model_of(*t.adapter).config);
    for (uint32_t i = 0; i < t.batch.batch; ++i) memcpy(hidden_now(state_of(t, i), 0), carried_of(t, i), bytes);
}

uint32_t states_pass(mote_learner &t, const LearnerPass &pass) {
    for (uint32_t i = 0; i < t.batch.batch; ++i) begin_row(t, i);
    uint32_t bad = 0;
    for (uint32_t time = 0; time < t.batch.time; ++time)
        for (uint32_t i = 0; i < t.batch.batch; ++i) bad |= read_character(t, i, time, pass);
    return bad;
}

constexpr LearningWay way(network_runs, states_place, states_reset, states_pass, states_carry);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_learning_output, mote::way)
