// Matrix products one float at a time: the sums of a row by a panel accumulate on initial values that are stored first.
#ifndef MOTE_GEMM_SCALAR_INL_H
#define MOTE_GEMM_SCALAR_INL_H

#include "gemm_tiles.inl.h"
#include "init_rows.inl.h"

namespace mote::cpu::MOTE_ISA {

// A tile is a row by a panel, and one pass over them is a stretch.
void gemm(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    static_assert(kTileRows == 1 && kTilePanels == 1, "as the loops below take it");
    init_rows(c, s, init);
    const uint32_t depth = stretch_depth(s.k);
    for (uint32_t k0 = 0; k0 < s.k; k0 += depth)
        for (uint32_t p = 0; p < panel_count(s.n); ++p)
            for (uint32_t i = 0; i < s.m; ++i)
                tile_nn<1, kPanelVecs>(panel_of(c, p).row(i), {a.data + k0 / kLanes * a.panel + i * kLanes, a.panel},
                                       panel_of(b, p).row(k0), smaller(depth, s.k - k0), kAccumulate, k0 == 0);
}

MOTE_INLINE void nothing_after(uint32_t, uint32_t) {}

uint32_t gemm_tn(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    init_rows(c, s, init);
    return gemm_tn_blocks(c, a, b, s, kAccumulate, true, nothing_after);
}

void gemm_tn_add(Mat c, ConstMat a, ConstMat b, const Shape &s) {
    gemm_tn_blocks(c, a, b, s, kAccumulate, false, nothing_after);
}

// From +0; whether the sums are flushed is all the same to their reader.
MOTE_INLINE void gemm_tn_sums(Mat c, ConstMat a, ConstMat b, const Shape &s) { gemm_tn(c, a, b, s, kFromZero); }

// sum + x[0 … k) y[0 … k), which lie in panels.
MOTE_NOINLINE static float chain_of_panels(float sum, const float *x, size_t x_panel, const float *y, size_t y_panel,
                                           uint32_t k) {
    for (uint32_t k0 = 0; k0 < k; k0 += kLanes, x += x_panel, y += y_panel)
        for (uint32_t j = 0; j < smaller(kLanes, k - k0); ++j) sum = fma1(x[j], y[j], sum);
    return sum;
}

void gemm_nt(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    init_rows(c, s, init);
    const uint32_t depth = stretch_depth(s.k);
    for (uint32_t i = 0; i < s.m; ++i)
        for (uint32_t n = 0; n < s.n; ++n) {
            float *const sum = c.data + n / kLanes * c.panel + i * kLanes + n % kLanes;
            for (uint32_t k0 = 0; k0 < s.k; k0 += depth) {
                const float *const x = a.data + k0 / kLanes * a.panel + i * kLanes, *const y = b.data +
                                                                                               k0 / kLanes * b.panel +
                                                                                               n * kLanes;
                const uint32_t k = smaller(depth, s.k - k0);
                if (k0 == 0)
                    *sum = chain_of_panels(*sum, x, a.panel, y, b.panel, k);
                else
                    *sum = *sum + chain_of_panels(0.0f, x, a.panel, y, b.panel, k);
            }
        }
}

} // namespace mote::cpu::MOTE_ISA

#endif
