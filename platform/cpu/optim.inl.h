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

MOTE_INLINE Vec adagrad_vec(Vec w, Vec gradient, float *s, float learning_rate, float eps) {
    const Vec sum = fma(gradient, gradient, load(s));
    store(s, sum);
    const Vec step = gradient / sqrt(sum + set1(eps));
    return flushed(fma(set1(-learning_rate), step, w), kQuantum);
}
void adagrad(float *w, const float *g, float *s, size_t count, float learning_rate, float eps) {
    map_flat(w, count, [&](size_t i) MOTE_INLINE_LAMBDA {
        return adagrad_vec(load(w + i), load(g + i), s + i, learning_rate, eps);
    });
}

void adamw(float *w, const float *g, float *m, float *v, size_t count, const AdamW &given) {
    const AdamW p = given; // which no store can change
    map_flat(w, count, [&](size_t i) MOTE_INLINE_LAMBDA {
        const Vec gradient = load(g + i);
        const Vec mean = flushed(fma(set1(p.beta1), load(m + i), gradient * set1(1.0f - p.beta1)), kMomentQuantum);
        const Vec square = gradient * gradient;
        const Vec variance = flushed(fma(set1(p.beta2), load(v + i), square * set1(1.0f - p.beta2)), kMomentQuantum);
        store(m + i, mean);
        store(v + i, variance);
        const Vec divisor = fma(sqrt(variance), set1(p.root_scale), set1(p.eps));
        const Vec step = flushed(mean / divisor, kMomentQuantum);
        return flushed(fma(set1(-p.step_size), step, load(w + i) * set1(p.keep)), kQuantum);
    });
}

} // namespace mote::cpu::MOTE_ISA

#endif
