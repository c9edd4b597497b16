// Which model's code runs for a configuration.
#ifndef MOTE_NETWORK_H
#define MOTE_NETWORK_H

#include "work.h"

namespace mote {

// Whether the program was linked with the model's running, and training; for what follows it must be.
bool network_runs(const mote_config &config);
bool network_trains(const mote_config &config);

Work network_place(const mote_config &config, const mote_train_config &train, Carver *carver);

// All logits of one step, in the state, which has not moved on yet. Not 0: NaN or infinity was met.
uint32_t network_step(const mote_state &state, uint16_t token);

// Logits and activations of a batch; not 0: NaN or infinity was met.
uint32_t network_forward(const mote_model &model, const Work &work, const uint16_t *tokens);
// From the gradients of the logits to those of the weights, which pass flush(); returns what it found.
uint32_t network_backward(const mote_model &model, const Work &work, const uint16_t *tokens, float *gradients);

// What a batch leaves to the next, or nothing.
void network_carry(const mote_config &config, const Work &work);
void network_reset(const mote_config &config, const Work &work);

} // namespace mote

#endif
