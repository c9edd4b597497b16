// A layer of one row, one float at a time: each of its parts in turn.
#ifndef MOTE_STEP_SCALAR_INL_H
#define MOTE_STEP_SCALAR_INL_H

#include "activations_scalar.inl.h"
#include "sums_scalar.inl.h"

namespace mote::cpu::MOTE_ISA {

// y = bias + row.
MOTE_NOINLINE static void start_row(Mat y, const RowStep &s) {
    for (uint32_t p = 0; p < panel_count(s.n); ++p) {
        const float *const row = s.row.data + p * s.row.panel;
        if (s.bias != nullptr)
            sum16(y.data + p * y.panel, s.bias + p * kLanes, row);
        else
            memcpy(y.data + p * y.panel, row, kLanes * sizeof(float));
    }
}

uint32_t row_step(Mat y, const RowStep &s) {
    Init init{true, s.bias};
    if (s.row.data != nullptr) {
        start_row(y, s);
        init = kAccumulate;
    }
    for (const RowProduct &product : s.products) {
        if (product.k == 0) continue;
        gemm(y, product.x, product.w, {1, s.n, product.k}, init);
        init = kAccumulate;
    }
    if (s.activation == kTanh) return tanh_rows(y, 1, s.n);
    if (s.activation == kRelu) return relu_rows(y, 1, s.n);
    return flush_denormals(y, s.n);
}

} // namespace mote::cpu::MOTE_ISA

#endif
