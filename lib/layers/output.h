// The cross-entropy of a batch.
#ifndef MOTE_OUTPUT_H
#define MOTE_OUTPUT_H

#include "batch.h"

namespace mote {

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
