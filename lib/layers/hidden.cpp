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

// What a pass back through the layers computes.
enum Pass : uint32_t { kThroughLayers = 1, kOfWeights = 2 };

// From the gradient of a layer's sums those of its weights and its bias, which pass flush(), and that of what it has
// read, where it comes from something that learns.
MOTE_NOINLINE uint32_t layer_backward(Batch &b, uint32_t layer, TransposedWeights *room, uint32_t pass) {
    const Linear product = layer_product(*b.model, layer);
    const cpu::Mat dy = layer != b.config().layers ? b.delta(layer) : b.logits();
    const BatchInput x = read_by(b, layer);
    uint32_t found = 0;
    if ((pass & kOfWeights) != 0)
        found = weight_gradient(b, gradient_of(b, product.weights), x, dy, product.outputs) |
                bias_gradient(b, gradients_of(b, product.bias), dy, product.outputs);
    if ((pass & kThroughLayers) != 0 && x.width != 0)
        input_gradient(b, product, layer != 0 ? b.delta(layer - 1) : b.input_delta(), dy, room);
    return found;
}

uint32_t layers_backward(Batch &b, uint32_t pass) {
    const mote_config &c = b.config();
    const CellTraining &cell = *cell_to_train(c);
    TransposedWeights room{b.at.transposed != 0 ? at_offset<float>(&b, b.at.transposed) : nullptr, b.split};
    uint32_t found = 0;
    for (uint32_t l = c.layers;; --l) {
        if (l != c.layers) {
            if ((pass & kThroughLayers) != 0) cell.backward(b, l, &room);
            if ((pass & kOfWeights) != 0 && cell.own_gradients != nullptr) found |= cell.own_gradients(b, l);
        }
        found |= layer_backward(b, l, &room, pass);
        if (l == 0) break;
    }
    return (pass & kOfWeights) != 0 && filled_width(c) != 0 ? found | input_to_train(c)->backward(b) : found;
}

// Whether no gradient of a weight can be above kLargest, and all are finite: each is a sum of products of an input, or
// 1, and the gradient of a layer's sums, or a sum of gradients of the input, and at most the root of the product of the
// sums of their squares (Cauchy and Schwarz). False, too, where these are not finite.
bool gradients_are_bounded(Batch &b) {
    const mote_config &c = b.config();
    const uint32_t rows = b.rows(), width = pad(filled_width(c));
    const auto squares = [&b](uint32_t offset, size_t count) {
        return cpu::sum_squares(at_offset<float>(&b, offset), count);
    };
    const float ones = static_cast<float>(rows) * static_cast<float>(c.context + 1);
    const float inputs = ones + squares(b.at.hidden, c.layers * b.hidden_rows() * pad(c.hidden)) +
                         squares(b.at.input, size_t{rows} * width);
    float gradients =
        squares(b.at.logits, size_t{rows} * pad(c.vocab)) + squares(b.at.input_delta, size_t{rows} * width);
    for (uint32_t l = 0; l < c.layers; ++l) gradients += squares(b.at.delta[l], size_t{rows} * pad(c.hidden));
    // Rounding adds less than the factor 2 that the root of 4 leaves.
    return inputs * gradients <= cpu::kLargest * cpu::kLargest / 4;
}

} // namespace

uint32_t hidden_backward(Batch &b) { return layers_backward(b, kThroughLayers | kOfWeights); }

bool hidden_update(Batch &b, const WeightUpdate &update) {
    const mote_config &c = b.config();
    const uint32_t read = b.rows() * (c.context != 0 ? c.context : 1);
    // The third layer's gradients take the room of the first one's.
    if (c.layers > 2) return false;
    // Nothing would be gained: products of more than a row and a column, and tables of which all is read.
    if (b.rows() > 1 && read >= c.vocab) return false;
    layers_backward(b, kThroughLayers);
    if (!gradients_are_bounded(b)) return false;
    b.update = &update;
    layers_backward(b, kOfWeights);
    b.update = nullptr;
    return true;
}

} // namespace mote
