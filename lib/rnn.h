// The vanilla RNN (Elman 1990): one step of a stream; forward and backward through time over a batch.
#ifndef MOTE_RNN_H
#define MOTE_RNN_H

#include "work.h"

namespace mote {

Work rnn_place(const mote_config &config, const mote_train_config &train, Carver *carver);

// All logits of one step, in the state; its hidden state has not moved on yet. Not 0: NaN or infinity was met.
uint32_t rnn_step(const mote_state &state, uint16_t token);

// Logits and hidden states of a batch; not 0: NaN or infinity was met.
uint32_t rnn_forward(const mote_model &model, const Work &work, const uint16_t *tokens);
// From the gradients of the logits to those of the weights, which are +0 before.
void rnn_backward(const mote_model &model, const Work &work, const uint16_t *tokens, float *gradients);

// The state after the batch becomes the state before the next; or zero.
void rnn_carry(const mote_config &config, const Work &work);
void rnn_reset(const mote_config &config, const Work &work);

} // namespace mote

#endif
