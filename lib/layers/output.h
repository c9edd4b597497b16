// The cross-entropy of a batch.
#ifndef MOTE_OUTPUT_H
#define MOTE_OUTPUT_H

#include "batch.h"

namespace mote {

// The logits become their gradients, times `scale`; `nats`, +0 at first: the losses of the targets [B][T], summed in 16
// lanes, row mod 16. Not 0: a logit is NaN or infinite.
uint32_t cross_entropy(Batch &b, const uint16_t *targets, float scale, float *nats);
// The sum of 16 lanes, which it uses up.
float sum_lanes(float *lanes);

} // namespace mote

#endif
