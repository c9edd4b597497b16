// The network: input, hidden layers, output. One step of a stream; forward and backward over a batch.
#ifndef MOTE_NETWORK_H
#define MOTE_NETWORK_H

#include "batch.h"
#include "state.h"

namespace mote {

// Whether the program was linked with what runs a configuration, and with what trains it; for what follows it must be.
bool network_runs(const mote_config &config);
bool network_trains(const mote_config &config);

// All logits of one step, in the state, which has not moved on yet. Not 0: NaN or infinity was met.
uint32_t network_step(mote_state *state, uint16_t token);

// Logits and activations of a batch. Not 0: NaN or infinity was met.
uint32_t network_forward(Batch &b);
// From the gradients of the logits to those of the weights, which pass flush(); returns what it found.
uint32_t network_backward(Batch &b);

// Places the arrays of a batch, which is +0 but for its model, behind its handle; all but the transposed weights.
void place_batch(Batch *b, const mote_train_config &train, Offsets *offsets);

// What the last batch left becomes what the next begins with (carried), or all of that becomes +0.
void network_begin(Batch &b, bool carried);

} // namespace mote

#endif
