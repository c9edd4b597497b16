// Softmax and cross-entropy.
#ifndef MOTE_LOSS_INL_H
#define MOTE_LOSS_INL_H

#include "bodies.inl.h"

namespace mote::cpu::MOTE_ISA {

// Terms exp(x - max) times the inverse of their sum, times scale: the gradient of a row's cross-entropy, but for the
// target,
MOTE_INLINE Vec softmax_gradient(Vec term, float inverse, float scale) {
    const Vec probability = flushed(term * set1(inverse), kQuantum);
    return flushed(probability * set1(scale), kQuantum);
}
// whose probability is less one.
MOTE_INLINE float target_gradient(float term, float inverse, float scale) {
    float probability = term * inverse;
    if (probability < kQuantum) probability = 0.0f;
    const float gradient = (probability - 1.0f) * scale;
    return mote_float(mote_bits(gradient) & 0x7fffffffu) < kQuantum ? 0.0f : gradient;
}

MOTE_INLINE void row_gradient(Mat row, uint32_t n, uint32_t target, float inverse, float scale) {
    float *const at_target = row.data + target / kLanes * row.panel + target % kLanes;
    const float gradient = target_gradient(*at_target, inverse, scale);
    map_rows(row, row, 1, n, [&](Vec x, Vec) MOTE_INLINE_LAMBDA { return softmax_gradient(x, inverse, scale); });
    *at_target = gradient;
}

// Rows that go through each stage together, so that none waits for another's latency.
constexpr uint32_t kLossRows = kVecLanes;
constexpr uint32_t kIgnored = 0xffff;

struct LossBlock {
    uint32_t rows;
    uint16_t target[kLossRows];
    float max[kLossRows], at_target[kLossRows], sum[kLossRows], inverse[kLossRows];
};

MOTE_INLINE uint32_t loss_maxima(LossBlock &b, ConstMat logits, uint32_t n) {
    uint32_t bad = 0;
    for (uint32_t r = 0; r < b.rows; ++r) {
        if (b.target[r] == kIgnored) continue;
        const ConstMat row = logits.row(r);
        b.max[r] = row_max({row.data, row.panel, n}, &bad);
        b.at_target[r] = row.data[b.target[r] / kLanes * row.panel + b.target[r] % kLanes] - b.max[r];
    }
    return bad;
}

// By a second copy, not a call, where vectors are large: 0.98 of the time of a character of 64 units with AVX2.
MOTE_INLINE float log_of_sum(float x) {
    if constexpr (kVecLanes > 4)
        return first_lane(log_vec(set1(x)));
    else
        return log1(x);
}

// Few rows have their logarithms one by one: a load of sums that were stored one by one waits for these stores. Of a
// character of two texts with 16 units it takes 0.97 of the time.
constexpr uint32_t kFewLossRows = kVecLanes > 4 ? 4 : 0;

// The logits become their terms where `store_terms` says so.
MOTE_INLINE void loss_sums(LossBlock &b, Mat logits, uint32_t n, bool store_terms) {
    store(b.sum, set1(1.0f));
    for (uint32_t r = 0; r < b.rows; ++r) {
        const Mat row = logits.row(r);
        if (b.target[r] != kIgnored)
            b.sum[r] = row_exp_sum({row.data, row.panel, n}, b.max[r], store_terms ? row.data : nullptr);
    }
    if (b.rows <= kFewLossRows) {
        for (uint32_t r = 0; r < b.rows; ++r) {
            b.inverse[r] = 1.0f / b.sum[r];
            b.sum[r] = log_of_sum(b.sum[r]);
        }
        return;
    }
    store(b.inverse, set1(1.0f) / load(b.sum));
    store(b.sum, log_vec(load(b.sum)));
}

MOTE_INLINE void loss_gradients(const LossBlock &b, Mat logits, uint32_t n, float scale) {
    for (uint32_t r = 0; r < b.rows; ++r) {
        const Mat row = logits.row(r);
        if (b.target[r] != kIgnored)
            row_gradient(row, n, b.target[r], b.inverse[r], scale);
        else
            map_rows(row, row, 1, n, [](Vec, Vec) MOTE_INLINE_LAMBDA { return set1(0.0f); });
    }
}

uint32_t cross_entropy(Mat logits, uint32_t m, uint32_t n, Tokens targets, float scale, float *nats, uint32_t first) {
    uint32_t bad = 0;
    const bool wants_gradients = mote_bits(scale) != 0; // no comparison of floats where that is a call
    for (uint32_t r0 = 0; r0 < m; r0 += kLossRows) {
        LossBlock b;
        b.rows = smaller(kLossRows, m - r0);
        for (uint32_t r = 0; r < b.rows; ++r) b.target[r] = targets.first[(r0 + r) * targets.stride];
        bad |= loss_maxima(b, logits.row(r0), n);
        loss_sums(b, logits.row(r0), n, wants_gradients);
        if (wants_gradients) loss_gradients(b, logits.row(r0), n, scale);
        for (uint32_t r = 0; r < b.rows; ++r)
            if (b.target[r] != kIgnored) nats[(first + r0 + r) % kLanes] += b.sum[r] - b.at_target[r];
    }
    return bad;
}

uint32_t surprise(const float *logits, uint32_t n, uint32_t target, float *nats) {
    uint32_t bad = 0;
    const Row row{logits, kLanes, n};
    const float max = row_max(row, &bad);
    const float sum = row_exp_sum(row, max, nullptr), below = logits[target] - max;
    *nats = log_of_sum(sum) - below;
    // Finite logits may be infinitely far apart.
    return (mote_bits(below) & 0x7fffffffu) < 0x7f800000u ? bad : kNotFinite;
}

uint32_t not_finite(const float *x, uint32_t n) {
    uint32_t bad = 0;
    row_max({x, kLanes, n}, &bad);
    return bad;
}

} // namespace mote::cpu::MOTE_ISA

#endif
