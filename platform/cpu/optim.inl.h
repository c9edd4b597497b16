// Flat passes over gradients, weights and moments. A number that may be too small is flushed at once.
#ifndef MOTE_OPTIM_INL_H
#define MOTE_OPTIM_INL_H

#include "bodies.inl.h"

namespace mote::cpu::MOTE_ISA {

float sum_squares(const float *x, size_t count) {
    constexpr size_t block = 1024;
    float sum = 0.0f;
    for (size_t i = 0; i < count; i += block)
        sum = sum + block_sum_squares(x + i, count - i < block ? count - i : block);
    return sum;
}

void scale(float *x, size_t count, float factor) {
    map_flat(x, count, [&](size_t i) MOTE_INLINE_LAMBDA { return flushed(load(x + i) * set1(factor), kQuantum); });
}

void clip(float *x, size_t count, float limit) {
    for (size_t i = 0; i < count; i += kVecLanes) {
        const Vec v = load(x + i);
        const Mask beyond = less(set1(limit), magnitude(v));
        if (any(beyond)) store(x + i, select(beyond, with_sign(set1(limit), v), v)); // rare: most is only read
    }
}

void momentum(float *w, const float *g, float *m, size_t count, float learning_rate, float mu) {
    map_flat(w, count, [&](size_t i) MOTE_INLINE_LAMBDA {
        const Vec moment = flushed(fma(set1(mu), load(m + i), load(g + i)), kMomentQuantum);
        store(m + i, moment);
        return flushed(fma(set1(-learning_rate), moment, load(w + i)), kQuantum);
    });
}

// Vectors of which each step of an update is taken before the next one of any: a vector's waits for the one before.
constexpr uint32_t kUpdatesAtOnce = kVecLanes == 16 ? 4 : 1;

// work.run<n>(i) for each n vectors of a flat array from i on.
template <typename Work> MOTE_INLINE void for_updates(size_t count, const Work &work) {
    size_t i = 0;
    for (; count - i >= kUpdatesAtOnce * kVecLanes; i += kUpdatesAtOnce * kVecLanes)
        work.template run<kUpdatesAtOnce>(i);
    if constexpr (kUpdatesAtOnce > 1)
        for (; i < count; i += kVecLanes) work.template run<1>(i);
}

// N vectors of weights, from their gradients and the sums of the squares of these.
template <bool RootInstruction, uint32_t N>
MOTE_INLINE void adagrad_vecs(float *w, const Vec (&gradient)[N], float *s, float learning_rate, float eps) {
    Vec root[N];
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) {
        const Vec sum = fma(gradient[i], gradient[i], load(s + i * kVecLanes));
        store(s + i * kVecLanes, sum);
        root[i] = sum + set1(eps);
    }
    take_roots<RootInstruction>(root);
    Vec next[N];
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) next[i] =
        fma(set1(-learning_rate), gradient[i] / root[i], load(w + i * kVecLanes));
    flush_together(next);
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) store(w + i * kVecLanes, next[i]);
}
template <bool RootInstruction> struct AdagradPass {
    float *w;
    const float *g;
    float *s, learning_rate, eps;

    template <uint32_t N> MOTE_INLINE_LAMBDA void run(size_t at) const {
        Vec gradient[N];
        MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) gradient[i] = load(g + at + i * kVecLanes);
        adagrad_vecs<RootInstruction>(w + at, gradient, s + at, learning_rate, eps);
    }
};
template <bool RootInstruction>
// NOLINTNEXTLINE(readability-non-const-parameter): the check does not look into the braces of a template
MOTE_INLINE void adagrad_of(float *w, const float *g, float *s, size_t count, float learning_rate, float eps) {
    for_updates(count, AdagradPass<RootInstruction>{w, g, s, learning_rate, eps});
}
void adagrad(float *w, const float *g, float *s, size_t count, float learning_rate, float eps) {
    adagrad_of<false>(w, g, s, count, learning_rate, eps);
}

template <bool RootInstruction, uint32_t N>
MOTE_INLINE void adamw_vecs(float *w, const float *g, float *m, float *v, const AdamW &p) {
    Vec mean[N], root[N];
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) {
        const Vec gradient = load(g + i * kVecLanes);
        mean[i] = fma(set1(p.beta1), load(m + i * kVecLanes), gradient * set1(1.0f - p.beta1));
        const Vec square = gradient * gradient;
        root[i] = fma(set1(p.beta2), load(v + i * kVecLanes), square * set1(1.0f - p.beta2));
    }
    flush_together(mean, kMomentQuantum);
    flush_together(root, kMomentQuantum);
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) {
        store(m + i * kVecLanes, mean[i]);
        store(v + i * kVecLanes, root[i]);
    }
    take_roots<RootInstruction>(root);
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) mean[i] = mean[i] / fma(root[i], set1(p.root_scale), set1(p.eps));
    flush_together(mean, kMomentQuantum);
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) mean[i] =
        fma(set1(-p.step_size), mean[i], load(w + i * kVecLanes) * set1(p.keep));
    flush_together(mean);
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) store(w + i * kVecLanes, mean[i]);
}
template <bool RootInstruction> struct AdamWPass {
    float *w;
    const float *g;
    float *m, *v;
    AdamW p; // a copy, which no store can change

    template <uint32_t N> MOTE_INLINE_LAMBDA void run(size_t at) const {
        adamw_vecs<RootInstruction, N>(w + at, g + at, m + at, v + at, p);
    }
};
template <bool RootInstruction>
// NOLINTNEXTLINE(readability-non-const-parameter): the check does not look into the braces of a template
MOTE_INLINE void adamw_of(float *w, const float *g, float *m, float *v, size_t count, const AdamW &p) {
    for_updates(count, AdamWPass<RootInstruction>{w, g, m, v, p});
}
void adamw(float *w, const float *g, float *m, float *v, size_t count, const AdamW &p) {
    adamw_of<false>(w, g, m, v, count, p);
}

} // namespace mote::cpu::MOTE_ISA

#endif
