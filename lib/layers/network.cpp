#include "network.h"

#include <string.h>

#include "cells.h"
#include "inputs.h"
#include "output.h"

namespace mote {

bool network_runs(const mote_config &c) {
    return input_linked_to_run(c) && (c.layers == 0 || cell_to_run(c) != nullptr);
}

bool network_trains(const mote_config &c) {
    return input_linked_to_train(c) && (c.layers == 0 || cell_to_train(c) != nullptr);
}

uint32_t network_step(mote_state *state, uint16_t token) {
    const mote_config &c = state->model->config;
    const CellStep *const cell = cell_to_run(c);
    StepInput x = input_step(state, &token);
    uint32_t bad = 0;
    for (uint32_t l = 0; l < c.layers; ++l) {
        bad |= cell->step(state, l, x);
        x = {{hidden_next(state, l), cpu::kLanes}, nullptr};
    }
    const cpu::Mat logits{state_logits(state), cpu::kLanes};
    linear_step(output_product(*state->model), logits, x);
    // A row of a table is what it is; sums may be denormal where a weight is.
    return c.layers == 0 ? cpu::not_finite(logits.data, c.vocab) : bad | cpu::settle(logits, c.vocab);
}

uint32_t network_forward(const Batch &b) {
    const CellTraining *const cell = cell_to_train(b.config);
    BatchInput x = input_forward(b);
    uint32_t bad = 0;
    for (uint32_t l = 0; l < b.config.layers; ++l) {
        bad |= cell->forward(b, l, x);
        x = {b.hidden(l), false, b.config.hidden};
    }
    linear_forward(output_product(b.model), b, b.logits(), x);
    return bad;
}

namespace {

// What a layer, or the output (layer L), has read.
BatchInput read_by(const Batch &b, uint32_t layer) {
    if (layer != 0) return {b.hidden(layer - 1), false, b.config.hidden};
    if (filled_width(b.config) == 0) return {{}, true, b.config.vocab};
    return {b.input(), false, filled_width(b.config)};
}

MOTE_NOINLINE uint32_t layer_gradients(const Batch &b, uint32_t layer, float *gradients) {
    const mote_config &c = b.config;
    const uint32_t found =
        weight_gradient(b, gradient_of(gradients, c, Role::Input, layer), read_by(b, layer), b.delta(layer), c.hidden);
    return found | bias_gradient(b, gradient_of(gradients, c, Role::Bias, layer).data, b.delta(layer), c.hidden);
}

// The gradient of what a layer has read, where that comes from something that learns.
MOTE_NOINLINE void layer_input_gradient(const Batch &b, uint32_t layer, TransposedWeights *room) {
    const uint32_t width = layer != 0 ? b.config.hidden : filled_width(b.config);
    if (width == 0) return;
    input_gradient(b, weight(b.model, Role::Input, layer), layer != 0 ? b.delta(layer - 1) : b.input_delta(),
                   b.delta(layer), width, b.config.hidden, room);
}

} // namespace

uint32_t network_backward(const Batch &b, float *gradients) {
    const mote_config &c = b.config;
    const CellTraining *const cell = cell_to_train(c);
    uint32_t found = output_gradients(b, read_by(b, c.layers), gradients);
    if (c.layers == 0) return found;
    TransposedWeights room{b.at.transposed != 0 ? at_offset<float>(b.handle, b.at.transposed) : nullptr, b.split};
    input_gradient(b, weight(b.model, Role::Output, 0), b.delta(c.layers - 1), b.logits(), c.hidden, c.vocab, &room);
    for (uint32_t l = c.layers; l-- > 0;) {
        cell->backward(b, l, &room);
        if (cell->own_gradients != nullptr) found |= cell->own_gradients(b, l, gradients);
        found |= layer_gradients(b, l, gradients);
        layer_input_gradient(b, l, &room);
    }
    return found | input_backward(b, gradients);
}

Workspace place_workspace(const mote_config &c, const mote_train_config &train, Offsets *offsets) {
    const uint64_t rows = uint64_t{train.batch} * train.time_steps, carried = is_recurrent(c) ? train.batch : 0;
    Workspace at{};
    at.hidden = offsets->floats(c.layers * (carried + rows) * pad(c.hidden));
    at.logits = offsets->floats(rows * pad(c.vocab));
    if (c.layers > 0) at.delta[0] = offsets->floats(rows * pad(c.hidden));
    if (c.layers > 1) at.delta[1] = offsets->floats(rows * pad(c.hidden));
    at.input = offsets->floats(rows * pad(filled_width(c)));
    at.input_delta = offsets->floats(rows * pad(filled_width(c)));
    if (train.workspace == MOTE_WORKSPACE_PACKED)
        at.transposed =
            offsets->floats(MOTE_SZ_TRANSPOSED(c.input, c.cell, c.vocab, c.context, c.embed, c.hidden, c.layers));
    at.windows = offsets->bytes(MOTE_SZ_ROUND64(2 * uint64_t{c.context} * rows));
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
