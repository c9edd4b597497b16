// Updates of weights while their gradients are at hand.
#ifndef MOTE_UPDATE_INL_H
#define MOTE_UPDATE_INL_H

#include "optim.inl.h"

namespace mote::cpu::MOTE_ISA {

// What an optimizer makes of N vectors of weights and their gradients; `at`: where the weights' gradients are.
struct SgdRule {
    float *weights;
    const float *gradients;
    float learning_rate;

    template <uint32_t N> MOTE_INLINE_LAMBDA void operator()(const Vec (&gradient)[N], const float *at) const {
        float *const w = weights + (at - gradients);
        MOTE_UNROLL for (uint32_t i = 0; i < N; ++i)
            store(w + i * kVecLanes, sgd_vec(load(w + i * kVecLanes), gradient[i], learning_rate));
    }
};
template <bool RootInstruction> struct AdagradRule {
    float *weights, *sums;
    const float *gradients;
    float learning_rate, eps;

    template <uint32_t N> MOTE_INLINE_LAMBDA void operator()(const Vec (&gradient)[N], const float *at) const {
        float *const w = weights + (at - gradients), *const s = sums + (at - gradients);
        adagrad_vecs<RootInstruction>(w, gradient, s, learning_rate, eps);
    }
};
MOTE_INLINE SgdRule sgd_rule(const Update &u) { return {u.weights, u.gradients, u.learning_rate}; }
template <bool RootInstruction> MOTE_INLINE AdagradRule<RootInstruction> adagrad_rule(const Update &u) {
    return {u.weights, u.moments, u.gradients, u.learning_rate, u.eps};
}

// `count` gradients.
template <typename Rule> struct RulePass {
    const float *g;
    float limit;
    const Rule &rule;

    template <uint32_t N> MOTE_INLINE_LAMBDA void run(size_t at) const {
        Vec gradient[N];
        MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) gradient[i] =
            within(flushed(load(g + at + i * kVecLanes), kQuantum), limit);
        rule(gradient, g + at);
    }
};
template <typename Rule> MOTE_INLINE void update_run(const float *g, size_t count, float limit, const Rule &rule) {
    for_updates(count, RulePass<Rule>{g, limit, rule});
}

// The product of a column and a row, m by kLanes: its gradients are never stored. `g`: their place.
template <bool Flush, typename Rule>
MOTE_INLINE void outer_run(const float *g, ConstMat a, const float *b, uint32_t m, float limit, const Rule &rule) {
    Vec row[kPanelVecs];
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) row[v] = load(b + v * kVecLanes);
    for (uint32_t i0 = 0; i0 < m; i0 += kLanes, a.data += a.panel)
        for (uint32_t i = 0; i < smaller(kLanes, m - i0); ++i, g += kLanes) {
            const Vec x = set1(a.data[i]);
            Vec gradient[kPanelVecs];
            MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) {
                const Vec product = fma(x, row[v], set1(0.0f));
                gradient[v] = Flush ? flushed(product, kQuantum) : product;
                if (limit < kLargest) gradient[v] = within(gradient[v], limit);
            }
            rule(gradient, g);
        }
}

// Of a column and a row. No product needs a flush where that of the least magnitudes is above kQuantum, whatever it is
// rounded to: 0.63 of the time.
template <typename Rule>
MOTE_INLINE void update_outer(Mat g, ConstMat a, ConstMat b, const Shape &s, float limit, const Rule &rule) {
    const bool none_is_small = least_magnitude(a, s.m) * least_magnitude(b, s.n) > 2 * kQuantum;
    for (uint32_t p = 0; p < panel_count(s.n); ++p) {
        const float *const row = panel_of(b, p).data, *const place = panel_of(g, p).data;
        if (none_is_small)
            outer_run<false>(place, a, row, s.m, limit, rule);
        else
            outer_run<true>(place, a, row, s.m, limit, rule);
    }
}

template <typename Rule>
MOTE_INLINE void update_product(Mat g, ConstMat a, ConstMat b, const Shape &s, float limit, const Rule rule) {
    if (s.k == 1) return update_outer(g, a, b, s, limit, rule);
    if (update_in_registers(g, a, b, s, limit, Rule(rule))) return; // a copy: of `rule` all stays in registers
    gemm_tn_sums(g, a, b, s);
    for (uint32_t p = 0; p < panel_count(s.n); ++p) update_run(panel_of(g, p).data, size_t{s.m} * kLanes, limit, rule);
}

template <typename Rule>
MOTE_INLINE void update_rows(Mat g, Tokens t, uint32_t m, uint32_t n, float limit, const Rule rule) {
    for (uint32_t r = 0; r < m; ++r) {
        const Mat row = g.row(t.first != nullptr ? t.first[r * t.stride] : r);
        for (uint32_t p = 0; p < panel_count(n); ++p) {
            float *const at = panel_of(row, p).data;
            update_run(at, kLanes, limit, rule);
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
