// The sums of quantized products of a panel, in plain C++.
#ifndef MOTE_QUANT_SUMS_SCALAR_H
#define MOTE_QUANT_SUMS_SCALAR_H

#include "fma1.h"

namespace mote::cpu::MOTE_ISA {

// sums[i] = the sum over 4 `quads` inputs, for 16 i.
MOTE_INLINE void quant_sums16(int32_t *sums, const int8_t *x, const int8_t *weights, uint32_t quads) {
    for (uint32_t i = 0; i < kLanes; ++i) {
        const int8_t *w = weights + 4 * i;
        int32_t sum = 0;
        for (const int8_t *at = x, *const end = x + 4 * quads; at != end; at += 4, w += kQuadBytes)
            sum += at[0] * w[0] + at[1] * w[1] + at[2] * w[2] + at[3] * w[3];
        sums[i] = sum;
    }
}

// y[i] += sums[i] times the scale of column i and that of x, by one fused multiply-add.
MOTE_INLINE void add_sums16(float *y, const int32_t *sums, const int8_t *scales, float scale) {
    for (uint32_t i = 0; i < kLanes; ++i) {
        float of_column;
        memcpy(&of_column, scales + i * sizeof of_column, sizeof of_column);
        y[i] = fma1(static_cast<float>(sums[i]), of_column * scale, y[i]);
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
