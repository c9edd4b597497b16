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

// Rows of the product of a column and a row at a time: four vectors.
constexpr uint32_t kOuterRows = kVecLanes == 16 ? 4 : kVecLanes == 8 ? 2 : 1;

// Whether SGD by such a product stores the weights of a panel before it looks whether one is to be flushed, and then
// loads and stores them all again. Of a step of one row, 8 x 32 - 128 - 128 with ReLU, it takes 0.96 of the time with
// AVX2 and 0.98 with AVX-512, as nothing is to be decided within the loop. Smaller vectors were not measured.
constexpr bool kStoresFirst = kVecLanes >= 8;
// Least magnitudes of as many rows are kept apart as there are registers for, so that none waits for another.
constexpr uint32_t kLeastRows = kVecLanes == 16 ? kOuterRows : 1;
struct SgdPanel {
    const Vec (&row)[kPanelVecs];
    float limit, learning_rate;
    Vec (&least)[kLeastRows][kPanelVecs]; // magnitudes of the weights so far

    // `w`: the weights of Rows rows, of which the column's numbers are x.
    template <uint32_t Rows> MOTE_INLINE_LAMBDA void rows(float *w, const float *x) const {
        Vec gradient[Rows * kPanelVecs];
        MOTE_UNROLL for (uint32_t i = 0; i < Rows * kPanelVecs; ++i) gradient[i] =
            fma(set1(x[i / kPanelVecs]), row[i % kPanelVecs], set1(0.0f));
        clip_together(gradient, limit);
        MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) {
            Vec of_rows;
            MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) {
                float *const at = w + i * kLanes + v * kVecLanes;
                const Vec next = fma(set1(-learning_rate), gradient[i * kPanelVecs + v], load(at));
                store(at, next);
                if (kLeastRows > 1)
                    least[i][v] = lesser_magnitude(least[i][v], next);
                else
                    of_rows = i == 0 ? magnitude(next) : lesser(of_rows, magnitude(next));
            }
            if (kLeastRows == 1) least[0][v] = lesser(least[0][v], of_rows); // one step of a chain for all rows
        }
    }
    // Up to 16 rows.
    MOTE_INLINE_LAMBDA void run(float *w, const float *x, uint32_t count) const {
        uint32_t i = 0;
        for (; count - i >= kOuterRows; i += kOuterRows) rows<kOuterRows>(w + i * kLanes, x + i);
        for (; i < count; ++i) rows<1>(w + i * kLanes, x + i);
    }
    // Whether a weight may be small, in a column that is not padding.
    MOTE_INLINE_LAMBDA bool may_be_small(uint32_t columns) const {
        Mask small = none();
        MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) {
            MOTE_UNROLL for (uint32_t i = 1; i < kLeastRows; ++i) least[0][v] = lesser(least[0][v], least[i][v]);
            const Mask used = first_lanes(columns > v * kVecLanes ? columns - v * kVecLanes : 0);
            small = small | less(select(used, least[0][v], set1(kLargest)), set1(kQuantum));
        }
        return any(small);
    }
};
// s.m rows of one panel, of s.n columns or more; no gradient needs a flush.
MOTE_INLINE void sgd_outer(float *w, ConstMat a, const float *b, const Shape &s, float limit, float learning_rate) {
    Vec row[kPanelVecs], least[kLeastRows][kPanelVecs];
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) {
        row[v] = load(b + v * kVecLanes);
        MOTE_UNROLL for (uint32_t i = 0; i < kLeastRows; ++i) least[i][v] = set1(kLargest);
    }
    const SgdPanel panel{row, limit, learning_rate, least};
    for (uint32_t i = 0; i < s.m; i += kLanes, a.data += a.panel)
        panel.run(w + i * kLanes, a.data, smaller(kLanes, s.m - i));
    if (!panel.may_be_small(s.n)) return;
    for (size_t i = 0; i < size_t{s.m} * kLanes; i += kVecLanes) store(w + i, flushed(load(w + i), kQuantum));
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
