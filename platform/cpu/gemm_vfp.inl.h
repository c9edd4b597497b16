// Matrix products on a Cortex-M with an FPU, a row by a panel at a time. GCC loads each weight with an instruction of
// its own, two for a multiply-add and what the loop takes; VLDM loads eight with one: 1.3 for a multiply-add instead
// of 2.4; vectors halve that again. After chains_fast_vfp.h, chains_small_vfp.h or chains_mve_vfp.h.
#ifndef MOTE_GEMM_VFP_INL_H
#define MOTE_GEMM_VFP_INL_H

#include "chains16_vfp.h"
#include "dots_vfp.h"
#include "init_rows.inl.h"

namespace mote::cpu::MOTE_ISA {

// c[j] = from[j] + the sums over k of so few columns, one stretch.
MOTE_INLINE void chain_columns(float *c, const float *from, ConstMat a, const float *b, uint32_t k, uint32_t columns) {
    memcpy(c, from, kLanes * sizeof(float));
    for (uint32_t j = 0; j < columns; ++j) {
        float sum = c[j];
        for (uint32_t k0 = 0; k0 < k; k0 += kLanes) {
            const float *const x = a.data + k0 / kLanes * a.panel, *const y = b + k0 * kLanes + j;
            const uint32_t chunk = smaller(kLanes, k - k0);
            MOTE_UNROLL_4 for (uint32_t i = 0; i < chunk; ++i) sum = fma1(x[i], y[i * kLanes], sum);
        }
        c[j] = sum;
    }
}

// c = from + a b for up to 16 columns of one row.
MOTE_NOINLINE static void gemm_panel(float *c, const float *from, ConstMat a, const float *b, Shape s) {
    const uint32_t depth = stretch_depth(s.k);
    // The columns of one row alone lie side by side.
    const uint32_t chunk = a.panel == kLanes ? depth : kLanes;
    alignas(8) float sums[kLanes];
    for (float *to = c; s.k > 0; to = sums, from = kZeros) {
        const uint32_t k = smaller(depth, s.k);
        s.k -= k;
        if (s.n <= kFewColumns)
            chain_columns(to, from, a, b, k, s.n);
        else
            for (uint32_t k0 = 0; k0 < k; k0 += chunk, from = to)
                chains16(to, from, a.data + k0 / kLanes * a.panel, b + k0 * kLanes, smaller(chunk, k - k0));
        if (to != c) add16(c, sums);
        a.data += k / kLanes * a.panel;
        b += k * kLanes;
    }
}

void gemm(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    for (uint32_t p = 0; p < panel_count(s.n); ++p)
        for (uint32_t i = 0; i < s.m; ++i) {
            float *const row = c.data + p * c.panel + i * kLanes;
            gemm_panel(row, initial_row(row, p, init), {a.data + i * kLanes, a.panel}, b.data + p * b.panel,
                       {1, s.n - p * kLanes, s.k});
        }
}

uint32_t gemm_tn(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    for (uint32_t p = 0; p < panel_count(s.n); ++p) {
        float *row = c.data + p * c.panel;
        for (uint32_t i0 = 0; i0 < s.m; i0 += kLanes) {
            const float *column = a.data + i0 / kLanes * a.panel;
            for (float *const end = row + smaller(kLanes, s.m - i0) * kLanes; row != end; row += kLanes)
                chains16_apart(row, initial_row(row, p, init), column++, kLanes, b.data + p * b.panel, s.k);
        }
    }
    return flush_rows(c, s);
}

// Whole panels of a and b: a multiply-add of padding is one of +0 and +0, which changes no sum but -0, and none is.
// A row by up to 16 outputs, from k0 on, one stretch.
MOTE_INLINE void dots_stretch(float *c, ConstMat a, ConstMat b, uint32_t k0, uint32_t end, uint32_t outputs) {
    for (; k0 < end; k0 += kLanes) dots16(c, a.data + k0 / kLanes * a.panel, b.data + k0 / kLanes * b.panel, outputs);
}

MOTE_NOINLINE static void dots_panel(float *c, ConstMat a, ConstMat b, uint32_t k, uint32_t outputs) {
    const uint32_t depth = stretch_depth(k);
    dots_stretch(c, a, b, 0, depth, outputs);
    for (uint32_t k0 = depth; k0 < k; k0 += depth) {
        alignas(8) float sums[kLanes] = {};
        dots_stretch(sums, a, b, k0, smaller(k0 + depth, k), outputs);
        add16(c, sums);
    }
}

void gemm_nt(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    init_rows(c, s, init);
    for (uint32_t i = 0; i < s.m; ++i)
        for (uint32_t n = 0; n < s.n; n += kLanes)
            dots_panel(c.data + n / kLanes * c.panel + i * kLanes, a.row(i), b.row(n), s.k, smaller(kLanes, s.n - n));
}

// From +0; whether the sums are flushed is all the same to their reader.
MOTE_INLINE void gemm_tn_sums(Mat c, ConstMat a, ConstMat b, const Shape &s) { gemm_tn(c, a, b, s, kFromZero); }

} // namespace mote::cpu::MOTE_ISA

#endif
