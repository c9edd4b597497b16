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

// Terms exp(x - max) times the inverse of their sum, less one at the target, times scale: the gradient of the row's
// cross-entropy.
MOTE_INLINE void row_gradient(Mat row, uint32_t n, uint32_t target, float inverse, float scale) {
    float *const at_target = row.data + target / kLanes * row.panel + target % kLanes;
    float target_probability = *at_target * inverse;
    map_rows(row, row, 1, n, [&](Vec x, Vec) MOTE_INLINE_LAMBDA {
        const Vec probability = flushed(x * set1(inverse), kQuantum);
        return flushed(probability * set1(scale), kQuantum);
    });
    if (target_probability < kQuantum) target_probability = 0.0f;
    const float gradient = (target_probability - 1.0f) * scale;
    *at_target = mote_float(mote_bits(gradient) & 0x7fffffffu) < kQuantum ? 0.0f : gradient;
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

MOTE_INLINE void loss_sums(LossBlock &b, Mat logits, uint32_t n) {
    store(b.sum, set1(1.0f));
    for (uint32_t r = 0; r < b.rows; ++r) {
        const Mat row = logits.row(r);
        if (b.target[r] != kIgnored) b.sum[r] = row_exp_sum({row.data, row.panel, n}, b.max[r], row.data);
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
    for (uint32_t r0 = 0; r0 < m; r0 += kLossRows) {
        LossBlock b;
        b.rows = least(kLossRows, m - r0);
        for (uint32_t r = 0; r < b.rows; ++r) b.target[r] = targets.first[(r0 + r) * targets.stride];
        bad |= loss_maxima(b, logits.row(r0), n);
        loss_sums(b, logits.row(r0), n);
        loss_gradients(b, logits.row(r0), n, scale);
        for (uint32_t r = 0; r < b.rows; ++r)
            if (b.target[r] != kIgnored) nats[(first + r0 + r) % kLanes] += b.sum[r] - b.at_target[r];
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
