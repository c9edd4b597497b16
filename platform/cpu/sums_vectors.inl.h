// Sums across columns by vectors: 16 lanes, column mod 16, and an 8-4-2-1 tree.
#ifndef MOTE_SUMS_VECTORS_INL_H
#define MOTE_SUMS_VECTORS_INL_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

// The lanes of a panel combined by a tree.
template <typename F> MOTE_INLINE float reduce_panel(Vec *v, F combine) {
    for (uint32_t half = kPanelVecs / 2; half > 0; half /= 2)
        MOTE_UNROLL_4 for (uint32_t i = 0; i < half; ++i) v[i] = combine(v[i], v[i + half]);
    return reduce(v[0], combine);
}
MOTE_INLINE float tree_sum(Vec *v) {
    return reduce_panel(v, [](Vec a, Vec b) MOTE_INLINE_LAMBDA { return a + b; });
}
MOTE_INLINE float block_sum_squares(const float *x, size_t count) {
    Vec sum[kPanelVecs];
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) sum[v] = set1(0.0f);
    for (size_t i = 0; i < count; i += kLanes) MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) {
            const Vec y = load(x + i + v * kVecLanes);
            sum[v] = fma(y, y, sum[v]);
        }
    return tree_sum(sum);
}

// The least magnitude of the numbers of a row that are not +0; kLargest where none is less.
MOTE_INLINE float least_magnitude(ConstMat row, uint32_t n) {
    Vec least[kPanelVecs];
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) least[v] = set1(kLargest);
    for (uint32_t p = 0; p < panel_count(n); ++p) MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) {
            const Vec size = magnitude(load(panel_of(row, p).data + v * kVecLanes));
            least[v] = lesser(select(less(size, set1(kQuantum)), set1(kLargest), size), least[v]);
        }
    return reduce_panel(least, [](Vec x, Vec y) MOTE_INLINE_LAMBDA { return lesser(x, y); });
}

} // namespace mote::cpu::MOTE_ISA

#endif
