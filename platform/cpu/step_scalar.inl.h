// A layer of one row, one float at a time: each of its parts in turn.
#ifndef MOTE_STEP_SCALAR_INL_H
#define MOTE_STEP_SCALAR_INL_H

#include "activations_scalar.inl.h"

namespace mote::cpu::MOTE_ISA {

// Functions of their own, so that the frames of the functions that they call are not beside each other.
MOTE_NOINLINE static void sums_of_row(Mat y, const RowStep &s) {
    Init init = s.bias == y.data ? kAccumulate : from_bias(s.bias);
    for (const RowProduct &product : s.products) {
        if (product.k == 0) continue;
        gemm(y, product.x, product.w, {1, s.n, product.k}, init);
        init = kAccumulate;
    }
}

uint32_t row_step(Mat y, const RowStep &s) {
    sums_of_row(y, s);
    if (s.activation == kTanh) return tanh_rows(y, 1, s.n);
    if (kHasRelu && s.activation == kRelu) return relu_rows(y, 1, s.n);
    return flush_denormals(y, s.n) & kNotFinite;
}

} // namespace mote::cpu::MOTE_ISA

#endif
