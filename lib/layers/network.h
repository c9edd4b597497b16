// The network: input, hidden layers, output. One step of a stream; forward and backward over a batch.
#ifndef MOTE_NETWORK_H
#define MOTE_NETWORK_H

#include "batch.h"
#include "state.h"

namespace mote {

// Whether the program was linked with what runs a configuration, and with what trains it; for what follows it must be.
bool network_runs(const Config &config);
bool network_trains(const Config &config);

// The tokens of a batch are in the vocabulary, its targets too or ignored; *counted: how many of them count.
mote_status check_batch(const Config &config, uint32_t batch, uint32_t time, const uint16_t *tokens,
                        const uint16_t *targets, uint32_t *counted);

// All logits of one step, in the state, which has not moved on yet. Not 0: NaN or infinity was met.
uint32_t network_step(mote_state *state, uint16_t token);

// Logits and activations of a batch. Not 0: NaN or infinity was met.
uint32_t network_forward(Batch &b);
// The same in training, and the gradients of the logits of the cross-entropy, times `scale`; `nats`, +0 at first: the
// losses of the targets [B][T], summed in 16 lanes, row mod 16.
uint32_t network_loss(Batch &b, const uint16_t *targets, float scale, float *nats);
// From the gradients of the logits to those of the weights, which pass flush(); returns what it found.
uint32_t network_backward(Batch &b);

// What network_backward() never returns.
constexpr uint32_t kNoGradients = 8;
// The same, and the update of the weights while their gradients are at hand. False: weights and moments are as they
// were, since not all gradients are known to be finite and at most kLargest before they are computed, or since the
// network cannot. *found, kNoGradients before, is then what network_backward() would return, or as it was; what is left
// to do is the update, and before it network_backward().
bool network_update(Batch &b, const WeightUpdate &update, uint32_t *found);

// Places the arrays of a batch, which is +0 but for its model, behind its handle: those of a forward pass, and of a
// backward one all but the transposed weights. The bytes of all of it fit into 32 bits.
void place_batch(Batch *b, uint32_t batch, uint32_t time, bool backward, Offsets *offsets);

// What the last batch left becomes what the next begins with (carried), or all of that becomes +0.
void network_begin(Batch &b, bool carried);

} // namespace mote

#endif
