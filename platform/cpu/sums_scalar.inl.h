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

} // namespace mote::cpu::MOTE_ISA

#endif
