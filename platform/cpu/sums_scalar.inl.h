// Sums across columns, one float at a time: 16 lanes, column mod 16, and an 8-4-2-1 tree.
#ifndef MOTE_SUMS_SCALAR_INL_H
#define MOTE_SUMS_SCALAR_INL_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

MOTE_INLINE float tree_sum(float *lanes) {
    for (uint32_t half = kLanes / 2; half > 0; half /= 2)
        for (uint32_t i = 0; i < half; ++i) lanes[i] = lanes[i] + lanes[i + half];
    return lanes[0];
}
MOTE_INLINE float block_sum_squares(const float *x, size_t count) {
    float sum[kLanes] = {};
    for (size_t i = 0; i < count; ++i) sum[i % kLanes] = fma1(x[i], x[i], sum[i % kLanes]);
    return tree_sum(sum);
}

// The least magnitude of the numbers of a row that are not +0; kLargest where none is less.
MOTE_INLINE float least_magnitude(ConstMat row, uint32_t n) {
    uint32_t least = mote_bits(kLargest); // magnitudes are in the order of their bits
    for (uint32_t p = 0; p < panel_count(n); ++p)
        for (uint32_t i = 0; i < kLanes; ++i) {
            const uint32_t size = mote_bits(panel_of(row, p).data[i]) & 0x7fffffffu;
            if (size != 0 && size < least) least = size;
        }
    return mote_float(least);
}

} // namespace mote::cpu::MOTE_ISA

#endif
