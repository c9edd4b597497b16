// The gates of a gated recurrent unit, and their gradients, a vector at a time.
#ifndef MOTE_GATES_INL_H
#define MOTE_GATES_INL_H

#include "math.inl.h"
#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

// The four sums of one vector of units: pointers into blocks of the same matrix.
struct GateSums {
    float *candidate, *reset, *update, *state;
};

// f(the sums, the panel and the place in it) for every vector of m rows.
template <typename F> MOTE_INLINE void for_each_unit(Mat sums, uint32_t m, uint32_t n, F f) {
    const size_t block = panel_count(n) * sums.panel;
    for (uint32_t p = 0; p < panel_count(n); ++p) {
        float *const first = sums.data + p * sums.panel;
        for (size_t i = 0; i < size_t{m} * kLanes; i += kVecLanes) {
            float *const at = first + i;
            f(GateSums{at, at + block, at + 2 * block, at + 3 * block}, p, i);
        }
    }
}

// Vectors of eight or more compute all gates of some rows before the candidates, each of which waits for its reset
// gate: a processor has more of them under way, and takes 0.98 of the time of a character of 256 units; fewer have
// gated_row(). Smaller vectors are too many for that: with SSE2 they would take stack.
constexpr bool kGatesFirst = kVecLanes > 4;
constexpr uint32_t kGatedRows = 4;
// Of some rows; what is not finite is in the mask.
MOTE_INLINE Mask activate_units(Mat h, Mat sums, ConstMat before, uint32_t m, uint32_t n) {
    Mask bad = none();
    if (kGatesFirst)
        for_each_unit(sums, m, n, [&](const GateSums &s, uint32_t, size_t) MOTE_INLINE_LAMBDA {
            const Vec reset = load(s.reset), update = load(s.update);
            bad = bad | beyond_finite(reset);
            bad = bad | beyond_finite(update);
            store(s.reset, sigmoid_vec(reset));
            store(s.update, sigmoid_vec(update));
        });
    for_each_unit(sums, m, n, [&](const GateSums &s, uint32_t p, size_t i) MOTE_INLINE_LAMBDA {
        const Vec reset = load(s.reset), update = load(s.update);
        const Vec r = kGatesFirst ? reset : sigmoid_vec(reset), z = kGatesFirst ? update : sigmoid_vec(update);
        const Vec sum = fma(r, load(s.state), load(s.candidate));
        if (!kGatesFirst) {
            bad = bad | beyond_finite(reset);
            bad = bad | beyond_finite(update);
        }
        bad = bad | beyond_finite(sum);
        const Vec c = tanh_vec(sum);
        store(s.candidate, c);
        if (!kGatesFirst) {
            store(s.reset, r);
            store(s.update, z);
        }
        const Vec last = load(before.data + p * before.panel + i);
        store(h.data + p * h.panel + i, flushed(fma(z, last - c, c), kQuantum));
    });
    return bad;
}

uint32_t gates(Mat h, Mat sums, ConstMat before, uint32_t m, uint32_t n) {
    if (!kGatesFirst) return any(activate_units(h, sums, before, m, n)) ? kNotFinite : 0;
    Mask bad = none();
    for (uint32_t i = 0; i < m; i += kGatedRows)
        bad = bad | activate_units(h.row(i), sums.row(i), before.row(i), smaller(kGatedRows, m - i), n);
    return any(bad) ? kNotFinite : 0;
}

void gates_gradient(Mat sums, ConstMat d, ConstMat before, Mat d_before, uint32_t m, uint32_t n) {
    const Vec one = set1(1.0f);
    for_each_unit(sums, m, n, [&](const GateSums &s, uint32_t p, size_t i) MOTE_INLINE_LAMBDA {
        const Vec c = load(s.candidate), r = load(s.reset), z = load(s.update), state = load(s.state);
        const Vec dh = flushed(load(d.data + p * d.panel + i), kQuantum);
        const Vec last = load(before.data + p * before.panel + i);
        const Vec keep = one - z;
        const Vec dc = flushed(dh * keep * fma(negate(c), c, one), kQuantum);
        store(s.candidate, dc);
        store(s.reset, flushed(dc * state * (r * (one - r)), kQuantum));
        store(s.update, flushed(dh * (last - c) * (z * keep), kQuantum));
        store(s.state, flushed(dc * r, kQuantum));
        if (d_before.data == nullptr) return;
        float *const to = d_before.data + p * d_before.panel + i;
        store(to, fma(dh, z, load(to)));
    });
}

} // namespace mote::cpu::MOTE_ISA

#endif
