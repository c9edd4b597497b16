// Updates of weights while their gradients are at hand.
#ifndef MOTE_UPDATE_INL_H
#define MOTE_UPDATE_INL_H

#include "optim.inl.h"

namespace mote::cpu::MOTE_ISA {

// What an optimizer makes of N vectors of weights and their gradients; `place`: how many numbers are before them.
struct SgdRule {
    static constexpr bool kIsSgd = true;
    const float *gradients; // from the first on
    float *weights;
    float learning_rate;

    template <uint32_t N> MOTE_INLINE_LAMBDA void operator()(const Vec (&gradient)[N], size_t place) const {
        float *const w = weights + place;
        Vec next[N];
        MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) next[i] =
            fma(set1(-learning_rate), gradient[i], load(w + i * kVecLanes));
        flush_together(next);
        MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) store(w + i * kVecLanes, next[i]);
    }
};
template <bool RootInstruction> struct AdagradRule {
    static constexpr bool kIsSgd = false;
    const float *gradients;
    float *weights, *sums;
    float learning_rate, eps;

    template <uint32_t N> MOTE_INLINE_LAMBDA void operator()(const Vec (&gradient)[N], size_t place) const {
        adagrad_vecs<RootInstruction>(weights + place, gradient, sums + place, learning_rate, eps);
    }
};
MOTE_INLINE SgdRule sgd_rule(const Update &u) { return {u.gradients, u.weights, u.learning_rate}; }
template <bool RootInstruction> MOTE_INLINE AdagradRule<RootInstruction> adagrad_rule(const Update &u) {
    return {u.gradients, u.weights, u.moments, u.learning_rate, u.eps};
}

// Where gradients of `g` are among all of them.
template <typename Rule> MOTE_INLINE size_t place_of(ConstMat g, const Rule &rule) {
    return static_cast<size_t>(g.data - rule.gradients);
}

// `count` gradients, which wait in `g`.
template <typename Rule> struct RulePass {
    const float *g;
    size_t place;
    float limit;
    const Rule &rule;

    template <uint32_t N> MOTE_INLINE_LAMBDA void run(size_t at) const {
        Vec gradient[N];
        MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) gradient[i] = load(g + at + i * kVecLanes);
        flush_together(gradient);
        clip_together(gradient, limit);
        rule(gradient, place + at);
    }
};
template <typename Rule>
MOTE_INLINE void update_run(const float *g, size_t place, size_t count, float limit, const Rule &rule) {
    for_updates(count, RulePass<Rule>{g, place, limit, rule});
}

// Rows rows of the product of a column and a row, from the column's x on.
template <bool Flush, uint32_t Rows, typename Rule>
MOTE_INLINE void outer_rows(size_t place, const float *x, const Vec (&row)[kPanelVecs], float limit, const Rule &rule) {
    Vec gradient[Rows * kPanelVecs];
    MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) {
        const Vec product = fma(set1(x[i]), row[v], set1(0.0f));
        gradient[i * kPanelVecs + v] = Flush ? flushed(product, kQuantum) : product;
    }
    clip_together(gradient, limit);
    rule(gradient, place);
}

// The product of a column and a row, m by kLanes: its gradients are never stored.
template <bool Flush, typename Rule>
MOTE_INLINE void outer_run(size_t place, ConstMat a, const float *b, uint32_t m, float limit, const Rule &rule) {
    Vec row[kPanelVecs];
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) row[v] = load(b + v * kVecLanes);
    for (uint32_t i0 = 0; i0 < m; i0 += kLanes, a.data += a.panel) {
        const uint32_t rows = smaller(kLanes, m - i0);
        uint32_t i = 0;
        for (; rows - i >= kOuterRows; i += kOuterRows, place += kOuterRows * kLanes)
            outer_rows<Flush, kOuterRows>(place, a.data + i, row, limit, rule);
        if constexpr (kOuterRows > 1)
            for (; i < rows; ++i, place += kLanes) outer_rows<Flush, 1>(place, a.data + i, row, limit, rule);
    }
}

// Where no product needs a flush.
template <typename Rule>
MOTE_INLINE void outer_normal(size_t place, ConstMat a, const float *b, const Shape &s, float limit, const Rule &rule) {
    if constexpr (kStoresFirst && Rule::kIsSgd)
        sgd_outer(rule.weights + place, a, b, s, limit, rule.learning_rate);
    else
        outer_run<false>(place, a, b, s.m, limit, rule);
}

// Of a column and a row. No product needs a flush where that of the least magnitudes is above kQuantum, whatever it is
// rounded to: 0.63 of the time.
template <typename Rule>
MOTE_INLINE void update_outer(Mat g, ConstMat a, ConstMat b, const Shape &s, float limit, const Rule &rule) {
    const bool none_is_small = least_magnitude(a, s.m) * least_magnitude(b, s.n) > 2 * kQuantum;
    for (uint32_t p = 0; p < panel_count(s.n); ++p) {
        const float *const row = panel_of(b, p).data;
        const size_t place = place_of(panel_of(g, p), rule);
        if (none_is_small)
            outer_normal(place, a, row, {s.m, s.n - p * kLanes, 1}, limit, rule);
        else
            outer_run<true>(place, a, row, s.m, limit, rule);
    }
}

// Gradients wait in a block that a first-level cache holds, the first rows and panels of `g`, and go no further. Half
// as many rows are as fast, twice as many take up to 1.19 of the time with AVX-512.
constexpr uint32_t kBlockUpdateRows = 64, kBlockUpdatePanels = kVecLanes == 16 ? 6 : 4;
template <typename Rule>
MOTE_NOINLINE static void update_blocks(Mat g, ConstMat a, ConstMat b, const Shape &s, float limit, const Rule &rule) {
    const EvenSplit split(panel_count(s.n), kBlockUpdatePanels);
    for (uint32_t i = 0, p = 0; i < split.tiles; p += split.size(i), ++i)
        for (uint32_t m0 = 0; m0 < s.m; m0 += kBlockUpdateRows) {
            const Shape block{smaller(kBlockUpdateRows, s.m - m0), smaller(split.size(i) * kLanes, s.n - p * kLanes),
                              s.k};
            gemm_tn_sums(g, {a.data + m0 / kLanes * a.panel, a.panel}, panel_of(b, p), block);
            for (uint32_t q = 0; q < split.size(i); ++q)
                update_run(panel_of(g, q).data, place_of(panel_of(g, p + q).row(m0), rule), size_t{block.m} * kLanes,
                           limit, rule);
        }
}

template <typename Rule>
MOTE_INLINE void update_product(Mat g, ConstMat a, ConstMat b, const Shape &s, float limit, const Rule rule) {
    if (s.k == 1) return update_outer(g, a, b, s, limit, rule);
    if (update_in_registers(g, a, b, s, limit, Rule(rule))) return; // a copy: of `rule` all stays in registers
    update_blocks(g, a, b, s, limit, rule);
}

template <typename Rule>
MOTE_INLINE void update_rows(Mat g, Tokens t, uint32_t m, uint32_t n, float limit, const Rule rule) {
    for (uint32_t r = 0; r < m; ++r) {
        const Mat row = g.row(t.first != nullptr ? t.first[r * t.stride] : r);
        for (uint32_t p = 0; p < panel_count(n); ++p) {
            float *const at = panel_of(row, p).data;
            update_run(at, place_of(panel_of(row, p), rule), kLanes, limit, rule);
            memset(at, 0, kLanes * sizeof *at);
        }
    }
}

void sgd_product(Mat gradient, ConstMat a, ConstMat b, const Shape &s, const Update &u) {
    update_product(gradient, a, b, s, u.limit, sgd_rule(u));
}
void adagrad_product(Mat gradient, ConstMat a, ConstMat b, const Shape &s, const Update &u) {
    update_product(gradient, a, b, s, u.limit, adagrad_rule<false>(u));
}

void sgd_rows(Mat gradient, Tokens t, uint32_t m, uint32_t n, const Update &u) {
    update_rows(gradient, t, m, n, u.limit, sgd_rule(u));
}
void adagrad_rows(Mat gradient, Tokens t, uint32_t m, uint32_t n, const Update &u) {
    update_rows(gradient, t, m, n, u.limit, adagrad_rule<false>(u));
}

} // namespace mote::cpu::MOTE_ISA

#endif
