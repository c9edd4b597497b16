// Softmax and cross-entropy. Sums across columns have 16 lanes, column mod 16, and a tree: 8, 4, 2, 1.

MOTE_INLINE float tree_sum(float *lanes) {
    for (uint32_t half = kLanes / 2; half > 0; half /= 2)
        for (uint32_t i = 0; i < half; ++i) lanes[i] = lanes[i] + lanes[i + half];
    return lanes[0];
}

// A row of n columns, in panels.
struct Row {
    const float *data;
    size_t panel;
    uint32_t n;

    uint32_t used(uint32_t p) const { return least(kLanes, n - p * kLanes); }
    // Panel p; where it is the last, padding reads as `pad`, through the caller's copy.
    const float *padded(uint32_t p, float pad, float copy[kLanes]) const {
        const float *from = data + p * panel;
        if (used(p) == kLanes) return from;
        for (uint32_t i = 0; i < kLanes; ++i) copy[i] = i < used(p) ? from[i] : pad;
        return copy;
    }
};

// The largest of a row; kNotFinite into *bad where one is NaN or infinite.
#if defined(MOTE_ONE_LANE)
MOTE_NOINLINE static float row_max(const Row &row, uint32_t *bad) {
    float max = -kMaxFloat;
    Mask beyond = false;
    for (uint32_t p = 0; p < panels(row.n); ++p) {
        const float *from = row.data + p * row.panel;
        for (uint32_t i = 0; i < row.used(p); ++i) {
            beyond = either(beyond, beyond_finite({from[i]}));
            max = max < from[i] ? from[i] : max;
        }
    }
    if (beyond) *bad |= kNotFinite;
    return max;
}
#else
MOTE_NOINLINE static float row_max(const Row &row, uint32_t *bad) {
    float lanes[kLanes];
    Vec most[kPanelVecs];
    Mask beyond = none();
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) most[v] = set1(-kMaxFloat);
    for (uint32_t p = 0; p < panels(row.n); ++p) {
        const float *from = row.padded(p, -kMaxFloat, lanes);
        MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) {
            const Vec x = load(from + v * kVecLanes);
            beyond = either(beyond, beyond_finite(x));
            most[v] = select(less(most[v], x), x, most[v]);
        }
    }
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) store(lanes + v * kVecLanes, most[v]);
    float max = lanes[0];
    for (uint32_t i = 1; i < kLanes; ++i) max = max < lanes[i] ? lanes[i] : max;
    if (any(beyond)) *bad |= kNotFinite;
    return max;
}
#endif

// The sum of exp(x - max) over a row; the terms go to `terms` (the row itself, say) where it is not null.
#if defined(MOTE_ONE_LANE)
MOTE_NOINLINE static float row_exp_sum(const Row &row, float max, float *terms) {
    float lanes[kLanes] = {};
    for (uint32_t p = 0; p < panels(row.n); ++p) {
        const float *from = row.data + p * row.panel;
        for (uint32_t i = 0; i < row.used(p); ++i) {
            const float e = exp_vec({from[i] - max}).v;
            lanes[i] += e;
            if (terms != nullptr) terms[p * row.panel + i] = e;
        }
    }
    return tree_sum(lanes);
}
#else
MOTE_NOINLINE static float row_exp_sum(const Row &row, float max, float *terms) {
    float lanes[kLanes];
    Vec sum[kPanelVecs];
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) sum[v] = set1(0.0f);
    for (uint32_t p = 0; p < panels(row.n); ++p) {
        const float *from = row.padded(p, max, lanes);
        for (uint32_t v = 0; v < kPanelVecs; ++v)
            store(lanes + v * kVecLanes, exp_vec(load(from + v * kVecLanes) - set1(max)));
        for (uint32_t i = row.used(p); i < kLanes; ++i) lanes[i] = 0.0f;
        MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) {
            const Vec e = load(lanes + v * kVecLanes);
            sum[v] = sum[v] + e;
            if (terms != nullptr) store(terms + p * row.panel + v * kVecLanes, e);
        }
    }
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) store(lanes + v * kVecLanes, sum[v]);
    return tree_sum(lanes);
}
#endif

// exp(x - max) / sum, less one at the target, times scale: the gradient of the row's cross-entropy.
MOTE_NOINLINE static void row_gradient(Mat row, uint32_t n, uint32_t target, float sum, float scale) {
    const Vec inverse = set1(1.0f / sum);
    const size_t at = target / kLanes * row.panel + target % kLanes;
    float target_probability = row.data[at] * (1.0f / sum);
    for (uint32_t p = 0; p < panels(n); ++p) {
        float *x = row.data + p * row.panel;
        for (uint32_t i = 0; i < kLanes; i += kVecLanes) {
            const Vec probability = flushed(load(x + i) * inverse, kQuantum);
            store(x + i, flushed(probability * set1(scale), kQuantum));
        }
    }
    if (target_probability < kQuantum) target_probability = 0.0f;
    const float gradient = (target_probability - 1.0f) * scale;
    row.data[at] = mote_float(mote_bits(gradient) & 0x7fffffffu) < kQuantum ? 0.0f : gradient;
}

uint32_t cross_entropy(Mat logits, uint32_t m, uint32_t n, Tokens targets, float scale, float *nats, uint32_t first) {
    uint32_t bad = 0;
    for (uint32_t r = 0; r < m; ++r) {
        const Mat row = logits.row(r);
        const uint32_t target = targets.first[r * targets.stride];
        if (target == 0xffffu) {
            map_rows(row, row, 1, n, [](Vec, Vec) { return set1(0.0f); });
            continue;
        }
        const float max = row_max({row.data, row.panel, n}, &bad);
        const float at_target = row.data[target / kLanes * row.panel + target % kLanes] - max;
        const float sum = row_exp_sum({row.data, row.panel, n}, max, row.data);
        nats[(first + r) % kLanes] += log1(sum) - at_target;
        row_gradient(row, n, target, sum, scale);
    }
    return bad;
}

uint32_t surprise(const float *logits, uint32_t n, uint32_t target, float *nats) {
    uint32_t bad = 0;
    const Row row{logits, kLanes, n};
    const float max = row_max(row, &bad);
    *nats = log1(row_exp_sum(row, max, nullptr)) - (logits[target] - max);
    return bad;
}

uint32_t not_finite(const float *x, uint32_t n) {
    uint32_t bad = 0;
    row_max({x, kLanes, n}, &bad);
    return bad;
}
