#include "hidden_walk.h"

namespace mote {

uint32_t hidden_step(mote_state *state, uint16_t token) { return walk_step(state, token, Unwatched()); }

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

uint32_t hidden_forward(Batch &b) { return walk_forward(b, Unwatched()); }

MOTE_NOINLINE uint32_t layer_backward(Batch &b, uint32_t layer, TransposedWeights *room) {
    const Linear product = layer_product(*b.model, layer);
    const cpu::Mat dy = layer != b.config().layers ? b.delta(layer) : b.logits();
    const BatchInput x = read_by(b, layer);
    const uint32_t found = weight_gradient(b, gradient_of(b, product.weights), x, dy, product.outputs) |
                           bias_gradient(b, gradients_of(b, product.bias), dy, product.outputs);
    if (x.width != 0) input_gradient(b, product, layer != 0 ? b.delta(layer - 1) : b.input_delta(), dy, room);
    return found;
}

uint32_t hidden_backward(Batch &b) { return walk_backward(b, Unwatched()); }

} // namespace mote
