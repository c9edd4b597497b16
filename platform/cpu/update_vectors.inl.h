// Updates of weights from gradients that are sums in registers.
#ifndef MOTE_UPDATE_VECTORS_INL_H
#define MOTE_UPDATE_VECTORS_INL_H

#include "gemm_tiles.inl.h"

namespace mote::cpu::MOTE_ISA {

// Numbers below the quantum become +0; none is NaN. That none of some vectors has such a number is found for all of
// them at once: of a step of SGD on few rows it takes 0.80 to 0.93 of the time with AVX2, and 0.85 to 0.95 with
// AVX-512.
template <uint32_t N> MOTE_INLINE void flush_together(Vec (&x)[N], float quantum = kQuantum) {
    if constexpr (N > 1 && kVecLanes >= 8) {
        Vec least = x[0];
        MOTE_UNROLL for (uint32_t i = 1; i < N; ++i) least = lesser_magnitude(least, x[i]);
        if (!any(less(least, set1(quantum)))) return;
    }
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) x[i] = flushed(x[i], quantum);
}

// From how many rows on the sums of a product are stored before the update. In registers a step of SGD on 2 to 8 rows
// takes 0.84 to 0.98 of the time with AVX-512, on 16 rows 0.93 to 0.97 with both; from 32 rows on it is 1.00 to 1.02.
constexpr uint32_t kStoredRows = 25;

// Rows rows of Cols panels of a product of fewer rows, whose gradients are never stored; `a` and `b` from where these
// begin on, `g` their place. Four rows leave registers to what the update computes.
constexpr uint32_t kUpdatedRows = smaller(4, kTileRows), kUpdatedPanels = smaller(2, kTilePanels);
template <uint32_t Rows, uint32_t Cols, typename Rule>
MOTE_NOINLINE static void update_tile(ConstMat g, const float *a, ConstMat b, uint32_t k, float limit,
                                      const Rule &given) {
    using T = Tile<Rows, Cols * kPanelVecs>;
    const Rule rule = given; // which no store can change
    T t;
    T::clear(t);
    for (uint32_t r = 0; r < k; ++r, a += kLanes, b.data += kLanes) T::step(t, a, 1, b.data, b.panel);
    MOTE_UNROLL for (uint32_t c = 0; c < Cols; ++c) {
        Vec gradient[Rows * kPanelVecs];
        MOTE_UNROLL for (uint32_t i = 0; i < Rows * kPanelVecs; ++i) gradient[i] =
            t.acc[i / kPanelVecs][c * kPanelVecs + i % kPanelVecs];
        flush_together(gradient);
        clip_together(gradient, limit);
        rule(gradient, place_of(panel_of(g, c), rule));
    }
}
template <typename Rule>
MOTE_NOINLINE static void update_tiles(ConstMat g, ConstMat a, ConstMat b, const Shape &s, float limit,
                                       const Rule &rule) {
    const EvenSplit columns(panel_count(s.n), kUpdatedPanels);
    for (uint32_t m0 = 0; m0 < s.m; m0 += kLanes, a.data += a.panel) {
        const EvenSplit rows(smaller(kLanes, s.m - m0), kUpdatedRows);
        for (uint32_t i = 0, p = 0; i < columns.tiles; p += columns.size(i), ++i)
            for (uint32_t j = 0, m = 0; j < rows.tiles; m += rows.size(j), ++j)
                with_constant<kUpdatedPanels>(columns.size(i), [&](auto c) MOTE_INLINE_LAMBDA {
                    return with_constant<kUpdatedRows>(rows.size(j), [&](auto r) MOTE_INLINE_LAMBDA {
                        update_tile<decltype(r)::value, decltype(c)::value>(panel_of(g.row(m0 + m), p), a.data + m,
                                                                            panel_of(b, p), s.k, limit, rule);
                        return 0u;
                    });
                });
    }
}

// False: the gradients are to be stored first.
template <typename Rule>
MOTE_INLINE bool update_in_registers(ConstMat g, ConstMat a, ConstMat b, const Shape &s, float limit,
                                     const Rule &rule) {
    if (s.k >= kStoredRows) return false;
    update_tiles(g, a, b, s, limit, rule);
    return true;
}

} // namespace mote::cpu::MOTE_ISA

#endif
