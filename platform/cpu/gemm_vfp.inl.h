// Matrix products on a Cortex-M with an FPU, a row by a panel at a time. GCC loads each weight with an instruction of
// its own, two for a multiply-add and what the loop takes; VLDM loads eight with one: 1.3 for a multiply-add instead
// of 2.4; vectors halve that again. After chains_fast_vfp.h, chains_small_vfp.h or chains_mve_vfp.h.
#ifndef MOTE_GEMM_VFP_INL_H
#define MOTE_GEMM_VFP_INL_H

#include "chains16_vfp.h"
#include "dots_vfp.h"
#include "flat_choice_vfp.h"
#include "flush_rows.inl.h"
#include "init_rows.inl.h"

namespace mote::cpu::MOTE_ISA {

// c[j] = from[j] + the sums over k of so few columns.
MOTE_INLINE void chain_columns(float *c, const float *from, ConstMat a, const float *b, const ChainTerms &terms,
                               uint32_t columns) {
    memcpy(c, from, kLanes * sizeof(float));
    for (uint32_t j = 0; j < columns; ++j) {
        float sum = c[j];
        for (uint32_t begin = 0; begin < terms.k; begin += terms.depth) {
            const uint32_t end = smaller(begin + terms.depth, terms.k);
            float chain = begin == 0 ? sum : 0.0f;
            for (uint32_t k0 = begin; k0 < end; k0 += terms.run) {
                const float *const x = a.data + k0 / kLanes * a.panel, *const y = b + k0 * kLanes + j;
                const uint32_t chunk = smaller(terms.run, end - k0);
                MOTE_UNROLL_4 for (uint32_t i = 0; i < chunk; ++i) chain = fma1(x[i], y[i * kLanes], chain);
            }
            sum = begin == 0 ? chain : sum + chain;
        }
        c[j] = sum;
    }
}

void gemm(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    const ChainTerms terms = chain_terms(s.k, a.panel);
    const float *bias = init.bias;
    int32_t columns = static_cast<int32_t>(s.n);
    for (; columns > 0; columns -= kLanes, b.data += b.panel, c.data += c.panel) {
        const float *x = a.data;
        const float *const start = bias != nullptr ? bias : kFromZeros;
        float *row = c.data;
        for (float *const end = row + s.m * kLanes; row != end; row += kLanes, x += kLanes) {
            if (static_cast<uint32_t>(columns) <= kFewColumns)
                chain_columns(row, init.overwrite ? start : row, {x, a.panel}, b.data, terms,
                              static_cast<uint32_t>(columns));
            else
                chains16(row, init.overwrite ? start : row, x, b.data, terms);
        }
        if (bias != nullptr) bias += kLanes;
    }
}

MOTE_INLINE void gemm_tn_rows(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    if (!kHasZeros) init_rows(c, s, init);
    for (uint32_t p = 0; p < panel_count(s.n); ++p) {
        float *row = c.data + p * c.panel;
        for (uint32_t i0 = 0; i0 < s.m; i0 += kLanes) {
            const float *column = a.data + i0 / kLanes * a.panel;
            for (float *const end = row + smaller(kLanes, s.m - i0) * kLanes; row != end; row += kLanes)
                chains16_apart(row, kHasZeros ? initial_row(row, p, init) : row, column++, kLanes, b.data + p * b.panel,
                               s.k);
        }
    }
}

uint32_t gemm_tn(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    gemm_tn_rows(c, a, b, s, init);
    return flush_rows(c, s);
}

void gemm_tn_add(Mat c, ConstMat a, ConstMat b, const Shape &s) { gemm_tn_rows(c, a, b, s, kAccumulate); }

// A row by up to 16 outputs, in stretches. Whole panels of a and b: a multiply-add of padding is one of +0 and +0,
// which changes no sum but -0, and none is.
MOTE_NOINLINE static void dots_panel(float *c, ConstMat a, ConstMat b, uint32_t k, uint32_t depth, uint32_t outputs) {
    alignas(8) float sums[kLanes];
    float *to = c;
    for (uint32_t k0 = 0; k0 < k; to = sums) {
        const uint32_t end = smaller(k0 + depth, k);
        if (to != c) memset(sums, 0, sizeof sums);
        for (; k0 < end; k0 += kLanes, a.data += a.panel, b.data += b.panel) dots16(to, a.data, b.data, outputs);
        if (to != c) sum16(c, c, sums);
    }
}

void gemm_nt(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    init_rows(c, s, init);
    const uint32_t depth = stretch_depth(s.k);
    for (uint32_t i = 0; i < s.m; ++i)
        for (uint32_t n = 0; n < s.n; n += kLanes)
            dots_panel(c.data + n / kLanes * c.panel + i * kLanes, a.row(i), b.row(n), s.k, depth,
                       smaller(kLanes, s.n - n));
}

// From +0; whether the sums are flushed is all the same to their reader.
MOTE_INLINE void gemm_tn_sums(Mat c, ConstMat a, ConstMat b, const Shape &s) { gemm_tn(c, a, b, s, kFromZero); }

} // namespace mote::cpu::MOTE_ISA

#endif
