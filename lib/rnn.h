// The vanilla RNN (Elman 1990): one step of a stream; forward and backward through time over a batch.
#ifndef MOTE_RNN_H
#define MOTE_RNN_H

#include "arena.h"
#include "model.h"

namespace mote {

// The arrays of a trainer, R = B * T rows, row r = t * B + b; all in panels of 16 columns.
struct RnnWork {
    uint32_t batch, time;
    float *hidden;      // [L][(T + 1) B][H]: rows 0 … B-1 are the state before the batch
    float *logits;      // [R][V], then their gradients
    float *delta[2];    // [R][H]: gradients of a layer's hidden states; the second only with L > 1
    float *embedded;    // [R][E]
    float *embed_delta; // [R][E]
    float *transposed;  // the weights turned over, or null: then products go by their columns
};

RnnWork rnn_place(const mote_config &config, const mote_train_config &train, Carver *carver);

// All logits of one step, in the state; its hidden state has not moved on yet. Not 0: NaN or infinity was met.
uint32_t rnn_step(const mote_state &state, uint16_t token);

// Logits and hidden states of a batch; not 0: NaN or infinity was met.
uint32_t rnn_forward(const mote_model &model, const RnnWork &work, const uint16_t *tokens);
// From the gradients of the logits to those of the weights, which are set, not added to.
void rnn_backward(const mote_model &model, const RnnWork &work, const uint16_t *tokens, float *gradients);

// The state after the batch becomes the state before the next; or zero.
void rnn_carry(const mote_config &config, const RnnWork &work);
void rnn_reset(const mote_config &config, const RnnWork &work);

} // namespace mote

#endif
