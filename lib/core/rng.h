#ifndef MOTE_RNG_H
#define MOTE_RNG_H

#include "mote.h"
#include "port.h"

namespace mote {

uint32_t next_u32(mote_rng *rng);
// Uniform in 0 … bound-1, unbiased; bound 1 … 2^63 - 1. Two draws, and two more for each rejection.
uint64_t below_u64(mote_rng *rng, uint64_t bound);

} // namespace mote

#endif
