// The sums of products of a panel by weights of 4 bits, in plain C++.
#ifndef MOTE_QUANT4_SUMS_SCALAR_H
#define MOTE_QUANT4_SUMS_SCALAR_H

#include "quant4_inputs.h"

namespace mote::cpu::MOTE_ISA {

// sums[i] = the sum over the inputs, for 16 i. A function of its own, so that its registers are not saved beside those
// of its caller's loops.
MOTE_NOINLINE static void sums16(int32_t *sums, const Quant4Inputs &inputs, const int8_t *groups, const int8_t *weights,
                                 int32_t outputs) {
    for (int32_t i = 0; i < int32_t{kLanes}; ++i) {
        const int8_t *w = weights + 4 * i, *x = inputs.x, *const end = i < outputs ? x + inputs.count : x;
        const int8_t *group = groups + i % (kLanes / 2);
        int32_t total = 0;
        for (; x != end; group += kLanes / 2) {
            int32_t sum = 0;
            for (const int8_t *const stop = group_end(x, end); x != stop; x += 8, w += kQuadBytes)
                for (uint32_t b = 0; b < 4; ++b) sum += x[b] * weight_of(w[b], 0) + x[4 + b] * weight_of(w[b], 4);
            total += sum * scale_of(*group, i < int32_t{kLanes} / 2 ? 0 : 4);
        }
        sums[i] = total;
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
