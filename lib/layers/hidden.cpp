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

// In what follows the output is layer L.

// What a layer has read.
BatchInput read_by(const Batch &b, uint32_t layer) {
    if (layer != 0) return {b.hidden(layer - 1), false, b.config.hidden};
    if (filled_width(b.config) == 0) return {{}, true, b.config.vocab};
    return {b.input(), false, filled_width(b.config)};
}

uint32_t outputs_of(const Batch &b, uint32_t layer) {
    return layer != b.config.layers ? b.config.hidden : b.config.vocab;
}

// The gradient of a layer's sums.
cpu::Mat delta_of(const Batch &b, uint32_t layer) { return layer != b.config.layers ? b.delta(layer) : b.logits(); }

// From it those of the weights and the bias.
MOTE_NOINLINE uint32_t weight_gradients(const Batch &b, uint32_t layer, float *gradients) {
    const bool output = layer == b.config.layers;
    const cpu::Mat weights = gradient_of(gradients, b.config, output ? Role::Output : Role::Input, output ? 0 : layer);
    return weight_gradient(b, weights, read_by(b, layer), delta_of(b, layer), outputs_of(b, layer));
}
MOTE_NOINLINE uint32_t bias_gradients(const Batch &b, uint32_t layer, float *gradients) {
    const bool output = layer == b.config.layers;
    const cpu::Mat bias = gradient_of(gradients, b.config, output ? Role::OutputBias : Role::Bias, output ? 0 : layer);
    return bias_gradient(b, bias.data, delta_of(b, layer), outputs_of(b, layer));
}

// And that of what the layer has read, where it comes from something that learns.
MOTE_NOINLINE void input_gradient(const Batch &b, uint32_t layer, TransposedWeights *room) {
    const uint32_t inputs = layer != 0 ? b.config.hidden : filled_width(b.config), outputs = outputs_of(b, layer);
    if (inputs == 0) return;
    const cpu::Mat dx = layer != 0 ? b.delta(layer - 1) : b.input_delta(), dy = delta_of(b, layer);
    const cpu::ConstMat weights =
        layer != b.config.layers ? weight(b.model, Role::Input, layer) : weight(b.model, Role::Output, 0);
    const InputGradient gradient(weights, inputs, outputs, b.rows(), room);
    parallel_for(b.split, b.rows(), 1, b.macs(inputs, outputs), [&](Range rows) {
        gradient.run(dx.row(rows.first), dy.row(rows.first), rows.size(), cpu::kFromZero);
        return 0u;
    });
}

// One row: b + W x of a one-hot x, the first layer's, or of one of numbers; and of the output.
MOTE_NOINLINE void one_hot_product_step(mote_state *state, const uint16_t *token) {
    const Linear first = input_product(*state->model, 0);
    cpu::gather({hidden_next(state, 0), cpu::kLanes}, first.bias, first.weights, {token, 0}, 1, first.outputs);
}

// A row of an embedding lies in its table, a panel of which is further from the next than in a row by itself.
MOTE_NOINLINE void input_product_step(mote_state *state, uint32_t layer, cpu::ConstMat x) {
    const Linear product = input_product(*state->model, layer);
    cpu::gemm({hidden_next(state, layer), cpu::kLanes}, x, product.weights, {1, product.outputs, product.inputs},
              {true, product.bias});
}

MOTE_NOINLINE void output_step(mote_state *state) {
    const Linear output = output_product(*state->model);
    cpu::gemm({state_logits(state), cpu::kLanes}, {hidden_next(state, state->model->config.layers - 1), cpu::kLanes},
              output.weights, {1, output.outputs, output.inputs}, {true, output.bias});
}

MOTE_NOINLINE void output_forward(const Batch &b) {
    linear_forward(output_product(b.model), b, b.logits(), read_by(b, b.config.layers));
}

} // namespace

uint32_t hidden_step(mote_state *state, uint16_t token) {
    const mote_config &c = state->model->config;
    const CellStep &cell = *cell_to_run(c);
    StepInput x = input_step(state, &token);
    uint32_t bad = 0;
    for (uint32_t l = 0; l < c.layers; ++l) {
        if (x.token != nullptr)
            one_hot_product_step(state, x.token);
        else
            input_product_step(state, l, x.x);
        bad |= cell.step(state, l);
        x = {{hidden_next(state, l), cpu::kLanes}, nullptr};
    }
    output_step(state);
    return bad |
           cpu::flush_denormals({state_logits(state), cpu::kLanes}, c.vocab); // sums may be denormal where a weight is
}

uint32_t hidden_forward(const Batch &b) {
    const CellTraining &cell = *cell_to_train(b.config);
    BatchInput x = input_forward(b);
    uint32_t bad = 0;
    for (uint32_t l = 0; l < b.config.layers; ++l) {
        bad |= cell.forward(b, l, x);
        x = {b.hidden(l), false, b.config.hidden};
    }
    output_forward(b);
    return bad;
}

uint32_t hidden_backward(const Batch &b, float *gradients) {
    const mote_config &c = b.config;
    const CellTraining &cell = *cell_to_train(c);
    TransposedWeights room{b.at.transposed != 0 ? at_offset<float>(b.handle, b.at.transposed) : nullptr, b.split};
    uint32_t found = 0;
    for (uint32_t l = c.layers;; --l) {
        if (l != c.layers) {
            cell.backward(b, l, &room);
            if (cell.own_gradients != nullptr) found |= cell.own_gradients(b, l, gradients);
        }
        found |= weight_gradients(b, l, gradients) | bias_gradients(b, l, gradients);
        input_gradient(b, l, &room);
        if (l == 0) break;
    }
    return found | input_backward(b, gradients);
}

} // namespace mote
