// The sums of quantized products of a panel, in plain C++.
#ifndef MOTE_QUANT_SUMS_SCALAR_H
#define MOTE_QUANT_SUMS_SCALAR_H

#include "quant_inputs.h"
#include "quant_scale_scalar.h"

namespace mote::cpu::MOTE_ISA {

// sums[i] = the sum over the inputs, for the first `outputs` of 16 i; others may be 0.
MOTE_INLINE void sums16(int32_t *sums, const QuantInputs &inputs, const int8_t *weights, int32_t outputs) {
    for (int32_t i = 0; i < int32_t{kLanes}; ++i) {
        const int8_t *w = weights + 4 * i;
        int32_t sum = 0;
        for (const int8_t *x = inputs.x, *const end = i < outputs ? x + inputs.count : x; x != end;
             x += 4, w += kQuadBytes)
            sum += x[0] * w[0] + x[1] * w[1] + x[2] * w[2] + x[3] * w[3];
        sums[i] = sum;
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
