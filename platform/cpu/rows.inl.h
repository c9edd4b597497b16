// What is done to rows of a matrix beside products: biases, lookups, activations and their gradients.

#if !defined(MOTE_VFP_FLAT)
// to = a + b for 16 floats.
MOTE_INLINE void sum16(float *to, const float *a, const float *b) {
    for (uint32_t i = 0; i < kLanes; i += kVecLanes) store(to + i, load(a + i) + load(b + i));
}
#endif
MOTE_INLINE void copy16(float *to, const float *from) { memcpy(to, from, kLanes * sizeof *to); }

void gather(Mat c, const float *bias, ConstMat table, Tokens t, uint32_t m, uint32_t n) {
    for (uint32_t r = 0; r < m; ++r) {
        const size_t token = t.first[r * t.stride];
        for (uint32_t p = 0; p < panels(n); ++p) {
            const float *from = table.data + p * table.panel + token * kLanes;
            float *to = c.data + p * c.panel + r * kLanes;
            if (bias != nullptr)
                sum16(to, bias + p * kLanes, from);
            else
                copy16(to, from);
        }
    }
}

void scatter_add(Mat table, ConstMat a, Tokens t, uint32_t m, uint32_t n) {
    for (uint32_t r = 0; r < m; ++r) {
        const size_t token = t.first[r * t.stride];
        for (uint32_t p = 0; p < panels(n); ++p) {
            const float *from = a.data + p * a.panel + r * kLanes;
            float *to = table.data + p * table.panel + token * kLanes;
            sum16(to, to, from);
        }
    }
}

// Runs of columns that neither matrix breaks between panels: f(in the embedding's row, in the window's, length).
template <typename F> MOTE_INLINE void each_run(uint32_t first, uint32_t e, F f) {
    for (uint32_t i = 0; i < e;) {
        const uint32_t column = first + i;
        const uint32_t run = least(e - i, least(kLanes - i % kLanes, kLanes - column % kLanes));
        f(i, column, run);
        i += run;
    }
}

void gather_windows(Mat c, ConstMat table, const uint16_t *windows, uint32_t m, uint32_t context, uint32_t e) {
    for (uint32_t r = 0; r < m; ++r)
        for (uint32_t j = 0; j < context; ++j) {
            const size_t token = windows[size_t{r} * context + j];
            each_run(j * e, e, [&](uint32_t i, uint32_t column, uint32_t run) MOTE_INLINE_LAMBDA {
                const float *from = table.data + i / kLanes * table.panel + token * kLanes + i % kLanes;
                float *to = c.data + column / kLanes * c.panel + r * kLanes + column % kLanes;
                for (uint32_t k = 0; k < run; ++k) to[k] = from[k];
            });
        }
}

void scatter_windows(Mat table, ConstMat a, const uint16_t *windows, uint32_t m, uint32_t context, uint32_t e) {
    for (uint32_t r = 0; r < m; ++r)
        for (uint32_t j = 0; j < context; ++j) {
            const size_t token = windows[size_t{r} * context + j];
            each_run(j * e, e, [&](uint32_t i, uint32_t column, uint32_t run) MOTE_INLINE_LAMBDA {
                const float *from = a.data + column / kLanes * a.panel + r * kLanes + column % kLanes;
                float *to = table.data + i / kLanes * table.panel + token * kLanes + i % kLanes;
                for (uint32_t k = 0; k < run; ++k) to[k] = to[k] + from[k];
            });
        }
}

uint32_t column_sum(float *out, ConstMat a, uint32_t m, uint32_t n) {
    for (uint32_t p = 0; p < panels(n); ++p) {
        Vec sum[kPanelVecs];
        MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) sum[v] = set1(0.0f);
        const float *from = a.data + p * a.panel;
        for (uint32_t r = 0; r < m; ++r, from += kLanes)
            MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) sum[v] = sum[v] + load(from + v * kVecLanes);
        MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) store(out + p * kLanes + v * kVecLanes, sum[v]);
    }
    return flush(out, size_t{panels(n)} * kLanes);
}

MOTE_INLINE Mask beyond_finite(Vec x) { return opposite(less_equal(magnitude(x), set1(kMaxFloat))); }

// c = f(c, d) over m rows of every panel.
template <typename F> MOTE_INLINE void map_rows(Mat c, ConstMat d, uint32_t m, uint32_t n, F f) {
    for (uint32_t p = 0; p < panels(n); ++p) {
        float *x = c.data + p * c.panel;
        const float *y = d.data + p * d.panel;
        for (size_t i = 0; i < size_t{m} * kLanes; i += kVecLanes) store(x + i, f(load(x + i), load(y + i)));
    }
}

#if defined(MOTE_ONE_LANE)
#include "rows_scalar.inl.h"
#else
uint32_t tanh_rows(Mat c, uint32_t m, uint32_t n) {
    Mask bad = none();
    map_rows(c, c, m, n, [&bad](Vec x, Vec) MOTE_INLINE_LAMBDA {
        bad = either(bad, beyond_finite(x));
        return tanh_vec(x);
    });
    return any(bad) ? kNotFinite : 0;
}

uint32_t relu_rows(Mat c, uint32_t m, uint32_t n) {
    Mask bad = none();
    map_rows(c, c, m, n, [&bad](Vec x, Vec) MOTE_INLINE_LAMBDA {
        bad = either(bad, beyond_finite(x));
        return select(less(x, set1(kQuantum)), set1(0.0f), x);
    });
    return any(bad) ? kNotFinite : 0;
}

uint32_t settle(Mat c, uint32_t n) {
    constexpr float smallest_normal = 0x1p-126f;
    Mask bad = none();
    map_rows(c, c, 1, n, [&bad](Vec x, Vec) MOTE_INLINE_LAMBDA {
        bad = either(bad, beyond_finite(x));
        return flushed(x, smallest_normal);
    });
    return any(bad) ? kNotFinite : 0;
}
#endif

void tanh_gradient(Mat d, ConstMat h, uint32_t m, uint32_t n) {
    map_rows(d, h, m, n,
             [](Vec x, Vec y) MOTE_INLINE_LAMBDA { return flushed(x * fma(negate(y), y, set1(1.0f)), kQuantum); });
}

void relu_gradient(Mat d, ConstMat h, uint32_t m, uint32_t n) {
    map_rows(d, h, m, n, [](Vec x, Vec y) MOTE_INLINE_LAMBDA {
        return select(less(set1(0.0f), y), flushed(x, kQuantum), set1(0.0f));
    });
}
