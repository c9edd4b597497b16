// The output: logits = b + W x, and the cross-entropy of a batch.
#ifndef MOTE_OUTPUT_H
#define MOTE_OUTPUT_H

#include "linear.h"

namespace mote {

// W and b of a model; without hidden layers the table of logits, and no bias.
Linear output_product(const mote_model &model);

// From the gradients of the logits to those of the output's weights; the sums pass flush(), and what it found is
// returned.
uint32_t output_gradients(const Batch &b, const BatchInput &x, float *gradients);

// Targets of a batch: their number, how the loss is reduced, and the lanes that it is summed in, row mod 16.
struct Loss {
    const uint16_t *targets; // [B][T]
    float divisor;
    float *nats; // [16], +0
};
// The logits become their gradients; *loss is the batch's. Not 0: a logit is NaN or infinite.
uint32_t cross_entropy(const Batch &b, const Loss &l, float *loss);

} // namespace mote

#endif
