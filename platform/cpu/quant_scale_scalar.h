// From floats to small integers, and from the sums of their products back, one at a time.
#ifndef MOTE_QUANT_SCALE_SCALAR_H
#define MOTE_QUANT_SCALE_SCALAR_H

#include "quantize.inl.h"

namespace mote::cpu::MOTE_ISA {

// The nearest integer to x, ties to even, within -127 … 127.
MOTE_INLINE int8_t nearest_byte(float x) {
#if defined(MOTE_VFP)
    // As the conversion rounds, which takes what is too large for the largest.
    __asm__("vcvtr.s32.f32 %0, %0" : "+t"(x));
    const int32_t nearest = static_cast<int32_t>(mote_bits(x));
    return static_cast<int8_t>(nearest > 127 ? 127 : nearest < -127 ? -127 : nearest);
#else
    return static_cast<int8_t>(mote_bits(first_lane(with_nearest(set1(x)))));
#endif
}

// q[i] = x[i] * inverse as quantize_row() has it, for 16 i.
MOTE_INLINE void quantize16(int8_t *q, const float *x, float inverse) {
    for (uint32_t i = 0; i < kLanes; ++i) q[i] = nearest_byte(x[i] * inverse);
}

// y[i] = from[i] + sums[i] times the scale of column i and that of x, by one fused multiply-add.
MOTE_INLINE void add_sums16(float *y, const float *from, const int32_t *sums, const int8_t *scales, float scale) {
    for (uint32_t i = 0; i < kLanes; ++i) {
        float of_column;
        memcpy(&of_column, scales + i * sizeof of_column, sizeof of_column);
        y[i] = fma1(static_cast<float>(sums[i]), of_column * scale, from[i]);
    }
}

// Sums that may be denormal only where a bias is; kNotFinite where one is NaN or infinite.
MOTE_INLINE uint32_t flush_sums(Mat y, uint32_t n) { return flush_denormals(y, n) & kNotFinite; }

} // namespace mote::cpu::MOTE_ISA

#endif
