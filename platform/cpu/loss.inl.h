// Softmax and cross-entropy. Sums across columns have 16 lanes, column mod 16, and a tree: 8, 4, 2, 1.

#if defined(MOTE_ONE_LANE)
MOTE_INLINE float tree_sum(float *lanes) {
    for (uint32_t half = kLanes / 2; half > 0; half /= 2)
        for (uint32_t i = 0; i < half; ++i) lanes[i] = lanes[i] + lanes[i + half];
    return lanes[0];
}
#else
// The lanes of a panel joined by a tree.
template <typename F> MOTE_INLINE float join_panel(Vec *v, F join) {
    for (uint32_t half = kPanelVecs / 2; half > 0; half /= 2)
        MOTE_UNROLL_4 for (uint32_t i = 0; i < half; ++i) v[i] = join(v[i], v[i + half]);
    return fold(v[0], join);
}
MOTE_INLINE float tree_sum(Vec *v) {
    return join_panel(v, [](Vec a, Vec b) MOTE_INLINE_LAMBDA { return a + b; });
}
#endif

// A row of n columns, in panels.
struct Row {
    const float *data;
    size_t panel;
    uint32_t n;

    uint32_t used(uint32_t p) const { return least(kLanes, n - p * kLanes); }
};

#if defined(MOTE_ONE_LANE)

// The largest of a row; kNotFinite into *bad where one is NaN or infinite.
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

// The sum of exp(x - max) over a row; the terms go to `terms` (the row itself, say) where it is not null.
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

// f(vector, its place, how many of its lanes are used: 0 is all) for a row; only the last panel has lanes unused.
template <typename F> MOTE_INLINE void each_vec(const Row &row, F f) {
    const uint32_t whole = row.n / kLanes, rest = row.n % kLanes;
    const float *from = row.data;
    for (uint32_t p = 0; p < whole; ++p, from += row.panel)
        MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) f(from + v * kVecLanes, v, 0u);
    if (rest != 0)
        MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) if (rest > v * kVecLanes)
            f(from + v * kVecLanes, v, rest - v * kVecLanes);
}

MOTE_INLINE float row_max(const Row &row, uint32_t *bad) {
    Vec most[kPanelVecs];
    Mask beyond = none();
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) most[v] = set1(-kMaxFloat);
    each_vec(row, [&](const float *from, uint32_t v, uint32_t used) MOTE_INLINE_LAMBDA {
        const Vec x = used == 0 ? load(from) : load_first(from, used, set1(-kMaxFloat));
        beyond = either(beyond, beyond_finite(x));
        most[v] = larger(most[v], x);
    });
    if (any(beyond)) *bad |= kNotFinite;
    return join_panel(most, [](Vec a, Vec b) MOTE_INLINE_LAMBDA { return larger(a, b); });
}

MOTE_INLINE float row_exp_sum(const Row &row, float max, float *terms) {
    Vec sum[kPanelVecs];
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) sum[v] = set1(0.0f);
    each_vec(row, [&](const float *from, uint32_t v, uint32_t used) MOTE_INLINE_LAMBDA {
        const Vec x = used == 0 ? load(from) : load_first(from, used, set1(max));
        Vec e = exp_vec(x - set1(max));
        if (used != 0) e = select(first_lanes(used), e, set1(0.0f));
        sum[v] = sum[v] + e;
        if (terms != nullptr) store(terms + (from - row.data), e);
    });
    return tree_sum(sum);
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

// Rows whose logarithms are taken together.
constexpr uint32_t kLogRows = kVecLanes;

// The loss of one row, whose logits become their gradients; the logarithm of *sum is what its nats lack.
MOTE_INLINE float row_loss(Mat row, uint32_t n, uint32_t target, float scale, float *sum, uint32_t *bad) {
    const float max = row_max({row.data, row.panel, n}, bad);
    const float at_target = row.data[target / kLanes * row.panel + target % kLanes] - max;
    *sum = row_exp_sum({row.data, row.panel, n}, max, row.data);
    row_gradient(row, n, target, *sum, scale);
    return at_target;
}

uint32_t cross_entropy(Mat logits, uint32_t m, uint32_t n, Tokens targets, float scale, float *nats, uint32_t first) {
    uint32_t bad = 0;
    for (uint32_t r0 = 0; r0 < m; r0 += kLogRows) {
        float sum[kLogRows], at_target[kLogRows];
        const uint32_t rows = least(kLogRows, m - r0);
        store(sum, set1(1.0f));
        for (uint32_t i = 0; i < rows; ++i) {
            const Mat row = logits.row(r0 + i);
            const uint32_t target = targets.first[(r0 + i) * targets.stride];
            at_target[i] = 0.0f;
            if (target == 0xffffu)
                map_rows(row, row, 1, n, [](Vec, Vec) MOTE_INLINE_LAMBDA { return set1(0.0f); });
            else
                at_target[i] = row_loss(row, n, target, scale, sum + i, &bad);
        }
        store(sum, log_vec(load(sum)));
        for (uint32_t i = 0; i < rows; ++i) nats[(first + r0 + i) % kLanes] += sum[i] - at_target[i];
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
