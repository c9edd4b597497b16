#include "hidden_walk.h"

namespace mote {

// A function of its own, so that its frame is gone when the layer is computed.
template <typename Weights>
MOTE_NOINLINE void tell_layer(mote_state *state, uint32_t layer, uint16_t token, typename Weights::Step *sums) {
    const Config &c = state->model->config;
    const auto product = Weights::layer(*state->model, layer);
    sums->bias = product.bias;
    sums->n = product.outputs;
    sums->activation = layer != c.layers ? activation_of(c) : cpu::kLinear;
    sums->products[1].k = 0;
    // Every other step begins with the weights that the last one ended with, which a cache may still hold.
    if (cpu::kRoomForCode) sums->backwards = state->now != 0;
    if (layer == 0)
        static_cast<const InputStep<Weights> *>(Weights::parts.input(c))->read(state, token, product.weights, sums);
    else
        sums->products[0] = Weights::next(state, layer - 1, product.weights);
}
template void tell_layer<Float32>(mote_state *, uint32_t, uint16_t, cpu::RowStep *);
template void tell_layer<Int8>(mote_state *, uint32_t, uint16_t, cpu::QuantStep *);
template void tell_layer<Int4>(mote_state *, uint32_t, uint16_t, cpu::QuantStep *);

template <typename Weights> uint32_t hidden_step(mote_state *state, uint16_t token) {
    return walk_step<Weights>(state, token, Unwatched());
}
template uint32_t hidden_step<Float32>(mote_state *, uint16_t);
template uint32_t hidden_step<Int8>(mote_state *, uint16_t);
template uint32_t hidden_step<Int4>(mote_state *, uint16_t);

void hidden_place(Batch *b, uint32_t rows, bool backward, Offsets *offsets) {
    const Config &c = b->config();
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

uint32_t hidden_forward(Batch &b) { return walk_forward(b, Unwatched()); }

MOTE_NOINLINE uint32_t layer_backward(Batch &b, uint32_t layer, TransposedWeights *room, uint32_t pass) {
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
    uint32_t found = 0;
    if ((pass & kOfWeights) != 0)
        found = weight_gradient(b, gradient_of(b, product.weights), x, dy, product.outputs) |
                bias_gradient(b, gradients_of(b, product.bias), dy, product.outputs);
    if ((pass & kThroughLayers) != 0 && x.width != 0)
        input_gradient(b, product, layer != 0 ? b.delta(layer - 1) : b.input_delta(), dy, room);
    return found;
}

uint32_t hidden_backward(Batch &b) { return walk_backward(b, kThroughLayers | kOfWeights, Unwatched()); }

namespace {

// How many numbers gradients_are_bounded() reads.
size_t numbers_of_bounds(const Batch &b) {
    const Config &c = b.config();
    const size_t rows = b.rows(), layer = c.layers * pad(c.hidden) * (b.at.sums != 0 ? 6 : 2);
    return rows * (layer + 2 * pad(filled_width(c)) + pad(c.vocab)) + c.layers * b.carried_rows() * pad(c.hidden);
}

// Whether no gradient of a weight can be above kLargest, and all are finite: each is a sum of products of an input, or
// 1, and the gradient of a layer's sums, or a sum of gradients of the input, and at most the root of the product of the
// sums of their squares (Cauchy and Schwarz). False, too, where these are not finite.
bool gradients_are_bounded(Batch &b) {
    const Config &c = b.config();
    const uint32_t rows = b.rows(), width = pad(filled_width(c));
    const auto squares = [&b](uint32_t offset, size_t count) {
        return cpu::sum_squares(at_offset<float>(&b, offset), count);
    };
    const float ones = static_cast<float>(rows) * static_cast<float>(c.context + 1);
    const float inputs = ones + squares(b.at.hidden, c.layers * b.hidden_rows() * pad(c.hidden)) +
                         squares(b.at.input, size_t{rows} * width);
    float gradients =
        squares(b.at.logits, size_t{b.logit_rows()} * pad(c.vocab)) + squares(b.at.input_delta, size_t{rows} * width);
    for (uint32_t l = 0; l < c.layers; ++l) gradients += squares(b.at.delta[l], size_t{rows} * pad(c.hidden));
    if (b.at.sums != 0) gradients += squares(b.at.sums, size_t{c.layers} * 4 * rows * pad(c.hidden));
    // Rounding adds less than the factor 2 that the root of 4 leaves.
    return inputs * gradients <= cpu::kLargest * cpu::kLargest / 4;
}

} // namespace

bool hidden_update(Batch &b, const WeightUpdate &update, uint32_t *found) {
    const Config &c = b.config();
    const uint32_t read = b.rows() * (c.context != 0 ? c.context : 1);
    // The third layer's gradients take the room of the first one's.
    if (c.layers > 2) return false;
    // Nothing is gained where neither rows of a table are left alone nor more gradients stay out of memory than numbers
    // are read to know their bounds.
    if (b.rows() > 1 && read >= c.vocab && numbers_of_bounds(b) > b.at.count) return false;
    walk_backward(b, kThroughLayers, Unwatched());
    if (!gradients_are_bounded(b)) {
        // Not once more through the layers: of a gated cell the gradients have taken the places of the sums.
        *found = walk_backward(b, kOfWeights, Unwatched());
        return false;
    }
    b.update = &update;
    walk_backward(b, kOfWeights, Unwatched());
    b.update = nullptr;
    return true;
}

} // namespace mote
