#include "hidden.h"

#include "cells.h"
#include "inputs.h"

namespace mote {
namespace {

// The output: logits = b + W h.
Linear output_product(const mote_model &model) {
    const mote_config &c = model.config;
    return {weight(model, Role::Output, 0), weight(model, Role::OutputBias, 0).data, c.hidden, c.vocab};
}

// What a layer, or the output (layer L), has read.
BatchInput read_by(const Batch &b, uint32_t layer) {
    if (layer != 0) return {b.hidden(layer - 1), false, b.config.hidden};
    if (filled_width(b.config) == 0) return {{}, true, b.config.vocab};
    return {b.input(), false, filled_width(b.config)};
}

// The gradients of the weights and the bias of a layer or the output, from that of its sums.
MOTE_NOINLINE uint32_t linear_gradients(const Batch &b, uint32_t layer, cpu::Mat delta, float *gradients) {
    const mote_config &c = b.config;
    const bool output = layer == c.layers;
    const cpu::Mat weights = gradient_of(gradients, c, output ? Role::Output : Role::Input, output ? 0 : layer),
                   bias = gradient_of(gradients, c, output ? Role::OutputBias : Role::Bias, output ? 0 : layer);
    const uint32_t outputs = output ? c.vocab : c.hidden;
    const uint32_t found = weight_gradient(b, weights, read_by(b, layer), delta, outputs);
    return found | bias_gradient(b, bias.data, delta, outputs);
}

// The gradient of what a layer has read, where that comes from something that learns.
MOTE_NOINLINE void layer_input_gradient(const Batch &b, uint32_t layer, TransposedWeights *room) {
    const uint32_t width = layer != 0 ? b.config.hidden : filled_width(b.config);
    if (width == 0) return;
    input_gradient(b, weight(b.model, Role::Input, layer), layer != 0 ? b.delta(layer - 1) : b.input_delta(),
                   b.delta(layer), width, b.config.hidden, room);
}

} // namespace

uint32_t hidden_step(mote_state *state, uint16_t token) {
    const mote_config &c = state->model->config;
    const CellStep &cell = *cell_to_run(c);
    StepInput x = input_step(state, &token);
    uint32_t bad = 0;
    for (uint32_t l = 0; l < c.layers; ++l) {
        bad |= cell.step(state, l, x);
        x = {{hidden_next(state, l), cpu::kLanes}, nullptr};
    }
    const cpu::Mat logits{state_logits(state), cpu::kLanes};
    linear_step(output_product(*state->model), logits, x);
    return bad | cpu::settle(logits, c.vocab); // sums may be denormal where a weight is
}

uint32_t hidden_forward(const Batch &b) {
    const CellTraining &cell = *cell_to_train(b.config);
    BatchInput x = input_forward(b);
    uint32_t bad = 0;
    for (uint32_t l = 0; l < b.config.layers; ++l) {
        bad |= cell.forward(b, l, x);
        x = {b.hidden(l), false, b.config.hidden};
    }
    linear_forward(output_product(b.model), b, b.logits(), x);
    return bad;
}

uint32_t hidden_backward(const Batch &b, float *gradients) {
    const mote_config &c = b.config;
    const CellTraining &cell = *cell_to_train(c);
    uint32_t found = linear_gradients(b, c.layers, b.logits(), gradients);
    TransposedWeights room{b.at.transposed != 0 ? at_offset<float>(b.handle, b.at.transposed) : nullptr, b.split};
    input_gradient(b, weight(b.model, Role::Output, 0), b.delta(c.layers - 1), b.logits(), c.hidden, c.vocab, &room);
    for (uint32_t l = c.layers; l-- > 0;) {
        cell.backward(b, l, &room);
        if (cell.own_gradients != nullptr) found |= cell.own_gradients(b, l, gradients);
        found |= linear_gradients(b, l, b.delta(l), gradients);
        layer_input_gradient(b, l, &room);
    }
    return found | input_backward(b, gradients);
}

} // namespace mote
