// From floats to small integers.
#ifndef MOTE_QUANTIZE_INL_H
#define MOTE_QUANTIZE_INL_H

#include "math.inl.h"
#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

constexpr float kMostQuant = 127.0f;

// The nearest integer to x, ties to even, is the low byte of the result's bits: adding 1.5 * 2^23 rounds there.
MOTE_INLINE Vec with_nearest(Vec x) {
    const Vec size = magnitude(x);
    return with_sign(select(less(size, set1(kMostQuant)), size, set1(kMostQuant)), x) + set1(kRoundToInt);
}

// Padding of x is +0, and so that of q is 0.
void quantize_row(int8_t *q, ConstMat x, uint32_t n, float inverse) {
    for (uint32_t p = 0; p < panel_count(n); ++p, q += kLanes) {
        float shifted[kLanes];
        for (uint32_t i = 0; i < kLanes; i += kVecLanes)
            store(shifted + i, with_nearest(load(x.data + p * x.panel + i) * set1(inverse)));
        for (uint32_t i = 0; i < kLanes; ++i) q[i] = static_cast<int8_t>(mote_bits(shifted[i]));
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
