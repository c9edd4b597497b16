// The network: input, hidden layers, output. One step of a stream; forward and backward over a batch.
#ifndef MOTE_NETWORK_H
#define MOTE_NETWORK_H

#include "batch.h"
#include "state.h"

namespace mote {

// Whether the program was linked with what runs a configuration, and with what trains it; for what follows it must be.
bool network_runs(const mote_config &config);
bool network_trains(const mote_config &config);

// The tokens of a batch are in the vocabulary, its targets too or ignored; *counted: how many of them count.
mote_status check_batch(const mote_config &config, uint32_t batch, uint32_t time, const uint16_t *tokens,
                        const uint16_t *targets, uint32_t *counted);

// All logits of one step, in the state, which has not moved on yet. Not 0: NaN or infinity was met.
uint32_t network_step(mote_state *state, uint16_t token);

// Logits and activations of a batch. Not 0: NaN or infinity was met.
uint32_t network_forward(const Batch &b);
// From the gradients of the logits to those of the weights, which pass flush(); returns what it found.
uint32_t network_backward(const Batch &b, float *gradients);

// Where the arrays of a batch lie behind a handle: those of a forward pass, and with those that gradients need.
Workspace place_forward(const mote_config &config, uint32_t batch, uint32_t time, Offsets *offsets);
Workspace place_workspace(const mote_config &config, const mote_train_config &train, Offsets *offsets);

// The hidden state between batches of an array laid out as Workspace::hidden: the slices that it consists of.
struct CarriedState {
    size_t count;  // slices: one for each panel of each layer; 0 where nothing is carried
    size_t stride; // floats from one to the next
    size_t floats; // of each: B * 16

    CarriedState(const mote_config &config, uint32_t batch, uint32_t time);
};
// What a batch leaves becomes what the next begins with; or all of it becomes +0.
void network_carry(const Batch &b);
void network_reset(const Batch &b);

} // namespace mote

#endif
