// What is done to rows of a matrix beside products: biases, lookups, sums, gradients of activation functions.
#ifndef MOTE_ROWS_INL_H
#define MOTE_ROWS_INL_H

#include "bodies.inl.h"

namespace mote::cpu::MOTE_ISA {

MOTE_INLINE void copy16(float *to, const float *from) { memcpy(to, from, kLanes * sizeof *to); }

void gather(Mat c, const float *bias, ConstMat table, Tokens t, uint32_t m, uint32_t n) {
    for (uint32_t r = 0; r < m; ++r) {
        const size_t token = t.first[r * t.stride];
        for (uint32_t p = 0; p < panel_count(n); ++p) {
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
        for (uint32_t p = 0; p < panel_count(n); ++p) {
            const float *from = a.data + p * a.panel + r * kLanes;
            float *to = table.data + p * table.panel + token * kLanes;
            sum16(to, to, from);
        }
    }
}

// Runs of columns that neither matrix breaks between panels: f(in the embedding's row, in the window's, length).
template <typename F> MOTE_INLINE void for_each_run(uint32_t first, uint32_t e, F f) {
    for (uint32_t i = 0; i < e;) {
        const uint32_t column = first + i;
        const uint32_t run = smaller(e - i, smaller(kLanes - i % kLanes, kLanes - column % kLanes));
        f(i, column, run);
        i += run;
    }
}

void gather_windows(Mat c, ConstMat table, const uint16_t *windows, uint32_t m, uint32_t context, uint32_t e) {
    for (uint32_t r = 0; r < m; ++r)
        for (uint32_t j = 0; j < context; ++j) {
            const size_t token = windows[size_t{r} * context + j];
            for_each_run(j * e, e, [&](uint32_t i, uint32_t column, uint32_t run) MOTE_INLINE_LAMBDA {
                const float *from = table.data + i / kLanes * table.panel + token * kLanes + i % kLanes;
                float *to = c.data + column / kLanes * c.panel + r * kLanes + column % kLanes;
                if (kVecLanes > 1 && run == kLanes) return copy16(to, from);
                for (uint32_t k = 0; k < run; ++k) to[k] = from[k];
            });
        }
}

void scatter_windows(Mat table, ConstMat a, const uint16_t *windows, uint32_t m, uint32_t context, uint32_t e) {
    for (uint32_t r = 0; r < m; ++r)
        for (uint32_t j = 0; j < context; ++j) {
            const size_t token = windows[size_t{r} * context + j];
            for_each_run(j * e, e, [&](uint32_t i, uint32_t column, uint32_t run) MOTE_INLINE_LAMBDA {
                const float *from = a.data + column / kLanes * a.panel + r * kLanes + column % kLanes;
                float *to = table.data + i / kLanes * table.panel + token * kLanes + i % kLanes;
                if (kVecLanes > 1 && run == kLanes) return sum16(to, to, from);
                for (uint32_t k = 0; k < run; ++k) to[k] = to[k] + from[k];
            });
        }
}

uint32_t column_sum(float *out, ConstMat a, uint32_t m, uint32_t n) {
    for (uint32_t p = 0; p < panel_count(n); ++p) {
        Vec sum[kPanelVecs];
        MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) sum[v] = set1(0.0f);
        const float *from = a.data + p * a.panel;
        for (uint32_t r = 0; r < m; ++r, from += kLanes)
            MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) sum[v] = sum[v] + load(from + v * kVecLanes);
        MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) store(out + p * kLanes + v * kVecLanes, sum[v]);
    }
    return flush(out, size_t{panel_count(n)} * kLanes);
}

void tanh_gradient(Mat d, ConstMat h, uint32_t m, uint32_t n) {
    map_rows(d, h, m, n,
             [](Vec x, Vec y) MOTE_INLINE_LAMBDA { return flushed(x * fma(negate(y), y, set1(1.0f)), kQuantum); });
}

void relu_gradient(Mat d, ConstMat h, uint32_t m, uint32_t n) {
    map_rows(d, h, m, n, [](Vec x, Vec y) MOTE_INLINE_LAMBDA {
        return select(less(set1(0.0f), y), flushed(x, kQuantum), set1(0.0f));
    });
}

} // namespace mote::cpu::MOTE_ISA

#endif
