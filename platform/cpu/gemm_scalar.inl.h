// Matrix products one float at a time: the sums of a row by a panel accumulate on initial values that are stored first.
#ifndef MOTE_GEMM_SCALAR_INL_H
#define MOTE_GEMM_SCALAR_INL_H

#include "gemm_tiles.inl.h"
#include "init_rows.inl.h"

namespace mote::cpu::MOTE_ISA {

void gemm(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    init_rows(c, s, init);
    gemm_blocks(c, a, b, s, kAccumulate);
}

uint32_t gemm_tn(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    init_rows(c, s, init);
    return gemm_tn_blocks(c, a, b, s, kAccumulate);
}

void gemm_nt(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init) {
    init_rows(c, s, init);
    for (uint32_t i = 0; i < s.m; ++i)
        for (uint32_t n = 0; n < s.n; ++n) {
            float *const sum = c.data + n / kLanes * c.panel + i * kLanes + n % kLanes;
            const float *x = a.data + i * kLanes, *y = b.data + n * kLanes;
            for (uint32_t k0 = 0; k0 < s.k; k0 += kLanes, x += a.panel, y += b.panel)
                for (uint32_t j = 0; j < smaller(kLanes, s.k - k0); ++j) *sum = fma1(x[j], y[j], *sum);
        }
}

} // namespace mote::cpu::MOTE_ISA

#endif
