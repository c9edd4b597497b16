// The bigram: a table of logits, learned by gradient like the other models, or filled by counting.
#ifndef MOTE_BIGRAM_H
#define MOTE_BIGRAM_H

#include "work.h"

namespace mote {

Work bigram_place(const mote_config &config, const mote_train_config &train, Carver *carver);
uint32_t bigram_step(const mote_state &state, uint16_t token);
void bigram_forward(const mote_model &model, const Work &work, const uint16_t *tokens);
// Gradients are +0 before.
void bigram_backward(const mote_model &model, const Work &work, const uint16_t *tokens, float *gradients);

} // namespace mote

#endif
