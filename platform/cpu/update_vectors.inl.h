// Updates of weights from gradients that are sums in registers.
#ifndef MOTE_UPDATE_VECTORS_INL_H
#define MOTE_UPDATE_VECTORS_INL_H

#include "gemm_tiles.inl.h"

namespace mote::cpu::MOTE_ISA {

// From how many rows on the sums of a product are stored before the update: beside the divisions of Adagrad on AVX2
// the sums of few rows cost little, 0.95 of T1's time; with AVX-512 there is nothing to gain.
constexpr uint32_t kStoredRows = kVecLanes == 16 ? 2 : 9;

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
        MOTE_UNROLL for (uint32_t i = 0; i < Rows * kPanelVecs; ++i) {
            const Vec sum = t.acc[i / kPanelVecs][c * kPanelVecs + i % kPanelVecs];
            gradient[i] = within(flushed(sum, kQuantum), limit);
        }
        rule(gradient, panel_of(g, c).data);
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
    if constexpr (kStoredRows > 2) {
        if (s.k >= kStoredRows) return false;
        update_tiles(g, a, b, s, limit, rule);
        return true;
    }
    return false;
}

} // namespace mote::cpu::MOTE_ISA

#endif
