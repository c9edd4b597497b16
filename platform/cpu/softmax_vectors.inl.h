// The parts of a softmax by vectors.
#ifndef MOTE_SOFTMAX_VECTORS_INL_H
#define MOTE_SOFTMAX_VECTORS_INL_H

#include "math.inl.h"
#include "row.inl.h"
#include "sums_vectors.inl.h"

namespace mote::cpu::MOTE_ISA {

// f(vector, its place, how many of its lanes are used: 0 is all) for a row; only the last panel has lanes unused.
template <typename F> MOTE_INLINE void for_each_vec(const Row &row, F f) {
    const uint32_t whole = row.n / kLanes, rest = row.n % kLanes;
    const float *from = row.data;
    for (uint32_t p = 0; p < whole; ++p, from += row.panel)
        MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) f(from + v * kVecLanes, v, 0u);
    if (rest != 0)
        MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) if (rest > v * kVecLanes)
            f(from + v * kVecLanes, v, rest - v * kVecLanes);
}

MOTE_INLINE float row_max(const Row &row, uint32_t *bad) {
    Vec most[kPanelVecs];
    Mask beyond = none();
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) most[v] = ordered(set1(-kMaxFloat));
    for_each_vec(row, [&](const float *from, uint32_t v, uint32_t used) MOTE_INLINE_LAMBDA {
        const Vec x = used == 0 ? load(from) : load_first(from, used, set1(-kMaxFloat));
        beyond = beyond | beyond_finite(x);
        most[v] = max_ordered(most[v], ordered(x));
    });
    if (any(beyond)) *bad |= kNotFinite;
    const float most_of_all = reduce_panel(most, [](Vec a, Vec b) MOTE_INLINE_LAMBDA { return max_ordered(a, b); });
    return first_lane(ordered(set1(most_of_all)));
}

MOTE_INLINE float row_exp_sum(const Row &row, float max, float *terms) {
    Vec sum[kPanelVecs];
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) sum[v] = set1(0.0f);
    for_each_vec(row, [&](const float *from, uint32_t v, uint32_t used) MOTE_INLINE_LAMBDA {
        const Vec x = used == 0 ? load(from) : load_first(from, used, set1(max));
        Vec e = exp_vec(x - set1(max));
        if (used != 0) e = select(first_lanes(used), e, set1(0.0f));
        sum[v] = sum[v] + e;
        if (terms != nullptr) store(terms + (from - row.data), e);
    });
    return tree_sum(sum);
}

void draw_weights(float *x, const float *logits, uint32_t n, float max, float temperature) {
    for (uint32_t i = 0; i < kLanes; ++i) x[i] = i < n ? logits[i] : max;
    for (uint32_t i = 0; i < kLanes; i += kVecLanes)
        store(x + i, exp_vec((load(x + i) - set1(max)) / set1(temperature)));
}

} // namespace mote::cpu::MOTE_ISA

#endif
