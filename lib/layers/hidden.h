// The hidden layers between the input and the logits, and the output that reads the last of them.
#ifndef MOTE_HIDDEN_H
#define MOTE_HIDDEN_H

#include "linear.h"
#include "state.h"

namespace mote {

// What network_step(), network_forward() and network_backward() are for a model with hidden layers. They are reached
// through its cell alone (cells.h), so that a program that leaves out all cells links none of this.
void hidden_place(Batch *b, uint32_t rows, bool backward, Offsets *offsets);
template <typename Weights> uint32_t hidden_step(mote_state *state, uint16_t token); // of Float32, Int8, Int4
uint32_t hidden_forward(Batch &b);
uint32_t hidden_backward(Batch &b);
bool hidden_update(Batch &b, const WeightUpdate &update, uint32_t *found);

// b + W x of a layer of one row, where the first one's x is what the input makes of the token; of each precision.
template <typename Weights>
void tell_layer(mote_state *state, uint32_t layer, uint16_t token, typename Weights::Step *sums);
// Of all rows of a batch, y = b + W x of a layer.
void layer_forward(Batch &b, uint32_t layer, cpu::Mat y);
// What a pass back through the layers computes.
enum Pass : uint32_t { kThroughLayers = 1, kOfWeights = 2 };
// From the gradient of a layer's sums those of its weights and its bias, which pass flush(), and that of what it has
// read, where it comes from something that learns.
uint32_t layer_backward(Batch &b, uint32_t layer, TransposedWeights *room, uint32_t pass);

// b + W x of a layer, the product that every cell begins with; of layer L the output's, logits = b + W h.
MOTE_INLINE_OR_ONE_COPY Linear layer_product(const mote_model &model, uint32_t layer) {
    const Config &c = model.config;
    const bool output = layer == c.layers;
    const cpu::ConstMat weights = weight(model, output ? Role::Output : Role::Input, layer);
    const float *const bias = weight(model, output ? Role::OutputBias : Role::Bias, layer).data;
    return {weights, bias, static_cast<uint32_t>(weights.panel / cpu::kLanes), output ? c.vocab : c.hidden};
}

} // namespace mote

#endif
