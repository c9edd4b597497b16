// The MLP over a window of characters (Bengio et al. 2003): one step of a stream; forward and backward over a batch.
#ifndef MOTE_MLP_H
#define MOTE_MLP_H

#include "work.h"

namespace mote {

Work mlp_place(const mote_config &config, const mote_train_config &train, Carver *carver);

// All logits of one step, in the state, whose window has not moved on yet. Not 0: NaN or infinity was met.
uint32_t mlp_step(const mote_state &state, uint16_t token);

// Logits and activations of a batch, tokens [B][C + T - 1]; not 0: NaN or infinity was met.
uint32_t mlp_forward(const mote_model &model, const Work &work, const uint16_t *tokens);
// From the gradients of the logits to those of the weights, which are +0 before.
void mlp_backward(const mote_model &model, const Work &work, float *gradients);

} // namespace mote

#endif
