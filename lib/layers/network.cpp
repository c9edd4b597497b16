#include "network.h"

#include <string.h>

#include "cells.h"
#include "inputs.h"
#include "sizes.h"

namespace mote {

bool network_runs(const mote_config &c) { return cell_to_run(c) != nullptr && input_linked_to_run(c); }
bool network_trains(const mote_config &c) { return cell_to_train(c) != nullptr && input_linked_to_train(c); }

MOTE_NOINLINE mote_status check_batch(const mote_config &c, uint32_t batch, uint32_t time, const uint16_t *tokens,
                                      const uint16_t *targets, uint32_t *counted) {
    for (size_t i = 0; i < size_t{batch} * row_tokens(c, time); ++i)
        if (tokens[i] >= c.vocab) return MOTE_ERR_TOKEN;
    *counted = 0;
    for (size_t i = 0; i < size_t{batch} * time; ++i) {
        if (targets[i] == MOTE_IGNORE) continue;
        if (targets[i] >= c.vocab) return MOTE_ERR_TOKEN;
        ++*counted;
    }
    return MOTE_OK;
}

uint32_t network_step(mote_state *state, uint16_t token) {
    return cell_to_run(state->model->config)->network_step(state, token);
}

uint32_t network_forward(const Batch &b) { return cell_to_train(b.config)->network_forward(b); }
uint32_t network_backward(const Batch &b, float *gradients) {
    return cell_to_train(b.config)->network_backward(b, gradients);
}

// The bytes of all of it fit into 32 bits, or there is no trainer and no scorer.
Workspace place_forward(const mote_config &c, uint32_t batch, uint32_t time, Offsets *offsets) {
    const uint32_t rows = batch * time, carried = is_recurrent(c) ? batch : 0;
    Workspace at{};
    at.hidden = offsets->floats(c.layers * (carried + rows) * pad(c.hidden));
    at.logits = offsets->floats(rows * pad(c.vocab));
    at.input = offsets->floats(rows * pad(filled_width(c)));
    at.windows = offsets->bytes(2 * c.context * rows);
    return at;
}

Workspace place_workspace(const mote_config &c, const mote_train_config &train, Offsets *offsets) {
    const uint32_t rows = train.batch * train.time_steps;
    Workspace at = place_forward(c, train.batch, train.time_steps, offsets);
    if (c.layers > 0) at.delta[0] = offsets->floats(rows * pad(c.hidden));
    if (c.layers > 1) at.delta[1] = offsets->floats(rows * pad(c.hidden));
    at.input_delta = offsets->floats(rows * pad(filled_width(c)));
    if (train.workspace == MOTE_WORKSPACE_PACKED)
        at.transposed = offsets->floats(static_cast<uint32_t>(transposed_count(c)));
    return at;
}

CarriedState::CarriedState(const mote_config &c, uint32_t batch, uint32_t time)
    : count(is_recurrent(c) ? size_t{c.layers} * (pad(c.hidden) / cpu::kLanes) : 0),
      stride(size_t{batch} * (size_t{time} + 1) * cpu::kLanes), floats(size_t{batch} * cpu::kLanes) {}

void network_carry(const Batch &b) {
    const CarriedState state(b.config, b.batch, b.time);
    float *hidden = at_offset<float>(b.handle, b.at.hidden);
    for (size_t i = 0; i < state.count; ++i, hidden += state.stride)
        memcpy(hidden, hidden + b.time * state.floats, state.floats * sizeof(float));
}

void network_reset(const Batch &b) {
    const CarriedState state(b.config, b.batch, b.time);
    float *hidden = at_offset<float>(b.handle, b.at.hidden);
    for (size_t i = 0; i < state.count; ++i, hidden += state.stride) memset(hidden, 0, state.floats * sizeof(float));
}

} // namespace mote
