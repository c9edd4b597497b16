#include "hidden.h"

#include "cells.h"
#include "inputs.h"

namespace mote {

uint32_t hidden_step(mote_state *state, uint16_t token) {
    const mote_config &c = state->model->config;
    uint32_t bad = 0;
    for (uint32_t l = 0;; ++l) {
        const Linear layer = layer_product(*state->model, l);
        cpu::RowStep sums{layer.bias, {}, {}, layer.outputs, cpu::kLinear};
        if (l == 0)
            input_to_run(c)->read(state, token, layer.weights, &sums);
        else
            sums.products[0] = {{hidden_next(state, l - 1), cpu::kLanes}, layer.weights, layer.inputs};
        // The logits' sums may be denormal where a weight is.
        if (l == c.layers) return bad | cpu::row_step({state_logits(state), cpu::kLanes}, sums);
        sums.activation = activation_of(c);
        bad |= cell_to_run(c)->step(state, l, &sums);
    }
}

void hidden_place(Batch *b, uint32_t rows, bool backward, Offsets *offsets) {
    const mote_config &c = b->config();
    const uint32_t layer = rows * pad(c.hidden), input = rows * pad(filled_width(c));
    b->at.hidden = offsets->floats(c.layers * (b->carried_rows() * pad(c.hidden) + layer));
    b->at.input = offsets->floats(input);
    b->at.windows = offsets->bytes(2 * c.context * rows);
    if (!backward) return;
    b->at.input_delta = offsets->floats(input);
    b->at.delta[0] = offsets->floats(layer);
    if (c.layers > 1) b->at.delta[1] = offsets->floats(layer);
}

MOTE_NOINLINE void layer_forward(Batch &b, uint32_t layer, cpu::Mat y) {
    linear_forward(layer_product(*b.model, layer), b, y, read_by(b, layer));
}

uint32_t hidden_forward(Batch &b) {
    const mote_config &c = b.config();
    if (filled_width(c) != 0) input_to_train(c)->forward(b);
    uint32_t bad = 0;
    for (uint32_t l = 0; l < c.layers; ++l) bad |= cell_to_train(c)->forward(b, l);
    layer_forward(b, c.layers, b.logits());
    return bad;
}

namespace {

// From the gradient of a layer's sums those of its weights and its bias, which pass flush(), and that of what it has
// read, where it comes from something that learns.
MOTE_NOINLINE uint32_t layer_backward(Batch &b, uint32_t layer, TransposedWeights *room) {
    Linear product = layer_product(*b.model, layer);
    cpu::Mat dy = b.logits();
    if (layer != b.config().layers) {
        dy = b.delta(layer);
        if (b.at.sums != 0) { // three sums of a gated cell, side by side
            dy = b.sums(layer);
            product.outputs = 3 * pad(product.outputs);
        }
    }
    const BatchInput x = read_by(b, layer);
    const uint32_t found = weight_gradient(b, gradient_of(b, product.weights), x, dy, product.outputs) |
                           bias_gradient(b, gradients_of(b, product.bias), dy, product.outputs);
    if (x.width != 0) input_gradient(b, product, layer != 0 ? b.delta(layer - 1) : b.input_delta(), dy, room);
    return found;
}

} // namespace

uint32_t hidden_backward(Batch &b) {
    const mote_config &c = b.config();
    const CellTraining &cell = *cell_to_train(c);
    TransposedWeights room{b.at.transposed != 0 ? at_offset<float>(&b, b.at.transposed) : nullptr, b.split};
    uint32_t found = 0;
    for (uint32_t l = c.layers;; --l) {
        if (l != c.layers) {
            cell.backward(b, l, &room);
            if (cell.own_gradients != nullptr) found |= cell.own_gradients(b, l);
        }
        found |= layer_backward(b, l, &room);
        if (l == 0) break;
    }
    return filled_width(c) != 0 ? found | input_to_train(c)->backward(b) : found;
}

} // namespace mote
