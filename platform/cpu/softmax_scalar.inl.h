// The parts of a softmax, one float at a time.
#ifndef MOTE_SOFTMAX_SCALAR_INL_H
#define MOTE_SOFTMAX_SCALAR_INL_H

#include "math.inl.h"
#include "row.inl.h"
#include "sums_scalar.inl.h"

namespace mote::cpu::MOTE_ISA {

// The largest of a row; kNotFinite into *bad where one is NaN or infinite.
MOTE_NOINLINE static float row_max(const Row &row, uint32_t *bad) {
    float max = -kMaxFloat;
    Mask beyond = false;
    for (uint32_t p = 0; p < panel_count(row.n); ++p) {
        const float *from = row.data + p * row.panel;
        for (uint32_t i = 0; i < row.used(p); ++i) {
            beyond = beyond | beyond_finite({from[i]});
            max = max < from[i] ? from[i] : max;
        }
    }
    if (beyond) *bad |= kNotFinite;
    return max;
}

// The sum of exp(x - max) over a row; the terms go to `terms` (the row itself, say) where it is not null.
MOTE_NOINLINE static float row_exp_sum(const Row &row, float max, float *terms) {
    float lanes[kLanes] = {};
    for (uint32_t p = 0; p < panel_count(row.n); ++p) {
        const float *from = row.data + p * row.panel;
        for (uint32_t i = 0; i < row.used(p); ++i) {
            const float e = exp_vec({from[i] - max}).v;
            lanes[i] += e;
            if (terms != nullptr) terms[p * row.panel + i] = e;
        }
    }
    return tree_sum(lanes);
}

void draw_weights(float *x, const float *logits, uint32_t n, float max, float temperature) {
    for (uint32_t i = 0; i < n; ++i) x[i] = exp_vec({(logits[i] - max) / temperature}).v;
}

} // namespace mote::cpu::MOTE_ISA

#endif
