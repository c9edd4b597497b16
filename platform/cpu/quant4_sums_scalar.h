// The sums of products of a panel by weights of 4 bits, in plain C++.
#ifndef MOTE_QUANT4_SUMS_SCALAR_H
#define MOTE_QUANT4_SUMS_SCALAR_H

#include "quant4_inputs.h"

namespace mote::cpu::MOTE_ISA {

// The sum over the inputs of output i. A function of its own, so that its registers are not beside its caller's,
// and as few as they are where the loop is not unrolled further.
MOTE_NOINLINE static int32_t quant4_sum(const Quant4Inputs &inputs, const int8_t *groups, const int8_t *weights,
                                        uint32_t i) {
    const int8_t *x = inputs.x, *const end = x + inputs.count;
    const int8_t *w = weights + 4 * i, *group = groups + i % (kLanes / 2);
    int32_t total = 0;
    for (; x != end; group += kLanes / 2) {
        int32_t sum = 0;
        for (const int8_t *const stop = group_end(x, end); x != stop; x += 8, w += kQuadBytes)
            MOTE_UNROLL_2 for (uint32_t b = 0; b < 4; ++b) sum +=
                x[b] * weight_of(w[b], 0) + x[4 + b] * weight_of(w[b], 4);
        total += sum * scale_of(*group, i / (kLanes / 2) * 4);
    }
    return total;
}

// sums[i] = the sum over the inputs, for the first `outputs` of 16 i; others may be 0.
MOTE_INLINE void sums16(int32_t *sums, const Quant4Inputs &inputs, const int8_t *groups, const int8_t *weights,
                        int32_t outputs) {
    for (int32_t i = 0; i < int32_t{kLanes}; ++i)
        sums[i] = i < outputs ? quant4_sum(inputs, groups, weights, static_cast<uint32_t>(i)) : 0;
}

} // namespace mote::cpu::MOTE_ISA

#endif
