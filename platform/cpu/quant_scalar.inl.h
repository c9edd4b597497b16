// A layer of one quantized row, one number at a time.
#ifndef MOTE_QUANT_SCALAR_INL_H
#define MOTE_QUANT_SCALAR_INL_H

#include "fma1.h"
#include "init_rows.inl.h"

namespace mote::cpu::MOTE_ISA {

// The sum over k of an output whose weights begin at w.
MOTE_INLINE int32_t quant_sum(const int8_t *x, const int8_t *w, uint32_t k) {
    int32_t sum = 0;
    for (const int8_t *const end = x + k; x < end; x += 4, w += 4 * kLanes)
        sum += x[0] * w[0] + x[1] * w[1] + x[2] * w[2] + x[3] * w[3];
    return sum;
}

// y[column] += the product, for 16 columns.
MOTE_INLINE void add_quant_product(float *y, const QuantProduct &p, const int8_t *w) {
    for (uint32_t column = 0; column < kLanes; ++column) {
        float scale;
        memcpy(&scale, w + column * sizeof scale, sizeof scale);
        const int8_t *const weights = w + kLanes * sizeof scale + 4 * column;
        const int32_t sum =
            p.x != nullptr ? quant_sum(p.x, weights, p.k) : weights[size_t{p.row} / 4 * (4 * kLanes) + p.row % 4];
        y[column] = fma1(static_cast<float>(sum), scale * p.scale, y[column]);
    }
}

uint32_t quant_step(Mat y, const QuantStep &s) {
    init_rows(y, {1, s.n, 1}, s.bias == y.data ? kAccumulate : Init{true, s.bias});
    for (const QuantProduct &product : s.products) {
        if (product.k == 0) continue;
        for (uint32_t p = 0; p < panel_count(s.n); ++p)
            add_quant_product(y.data + p * y.panel, product, product.w + p * quant_panel_bytes(product.k));
    }
    if (s.activation == kTanh) return tanh_rows(y, 1, s.n);
    if (s.activation == kRelu) return relu_rows(y, 1, s.n);
    return flush_denormals(y, s.n) & kNotFinite;
}

} // namespace mote::cpu::MOTE_ISA

#endif
