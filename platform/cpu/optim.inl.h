// Flat passes over gradients, weights and moments. A number that may be too small is flushed at once.

// x[i] = f(i) over a flat array of a multiple of 16 floats.
template <typename F> MOTE_INLINE void map_flat(float *x, size_t count, F f) {
    for (size_t i = 0; i < count; i += kVecLanes) store(x + i, f(i));
}

#if defined(MOTE_VFP_FLAT)
#include "flat_vfp.inl.h"
#elif defined(MOTE_ONE_LANE)
uint32_t flush(float *x, size_t count) { return settle_flat(x, count, kQuantum, kLargest); }
#else
uint32_t flush(float *x, size_t count) {
    Mask bad = none(), large = none();
    map_flat(x, count, [&](size_t i) MOTE_INLINE_LAMBDA {
        const Vec v = load(x + i);
        bad = either(bad, beyond_finite(v));
        large = either(large, opposite(less_equal(magnitude(v), set1(kLargest))));
        return flushed(v, kQuantum);
    });
    return (any(bad) ? kNotFinite : 0u) | (any(large) ? kTooLarge : 0u);
}
#endif

MOTE_INLINE float block_sum_squares(const float *x, size_t count) {
#if defined(MOTE_ONE_LANE)
    float sum[kLanes] = {};
    for (size_t i = 0; i < count; ++i) sum[i % kLanes] = fma1(x[i], x[i], sum[i % kLanes]);
#else
    Vec sum[kPanelVecs];
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) sum[v] = set1(0.0f);
    for (size_t i = 0; i < count; i += kLanes) MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) {
            const Vec y = load(x + i + v * kVecLanes);
            sum[v] = fma(y, y, sum[v]);
        }
#endif
    return tree_sum(sum);
}

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

#if !defined(MOTE_VFP_FLAT)
void sgd(float *w, const float *g, size_t count, float rate) {
    map_flat(w, count, [&](size_t i) MOTE_INLINE_LAMBDA {
        return flushed(fma(set1(-rate), load(g + i), load(w + i)), kQuantum);
    });
}
#endif

void momentum(float *w, const float *g, float *m, size_t count, float rate, float mu) {
    map_flat(w, count, [&](size_t i) MOTE_INLINE_LAMBDA {
        const Vec moment = flushed(fma(set1(mu), load(m + i), load(g + i)), kMomentQuantum);
        store(m + i, moment);
        return flushed(fma(set1(-rate), moment, load(w + i)), kQuantum);
    });
}

void adagrad(float *w, const float *g, float *s, size_t count, float rate, float eps) {
    map_flat(w, count, [&](size_t i) MOTE_INLINE_LAMBDA {
        const Vec gradient = load(g + i);
        const Vec sum = fma(gradient, gradient, load(s + i));
        store(s + i, sum);
        const Vec step = gradient / root(sum + set1(eps));
        return flushed(fma(set1(-rate), step, load(w + i)), kQuantum);
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
        const Vec divisor = fma(root(variance), set1(p.root_scale), set1(p.eps));
        const Vec step = flushed(mean / divisor, kMomentQuantum);
        return flushed(fma(set1(-p.step_size), step, load(w + i) * set1(p.keep)), kQuantum);
    });
}
