// Quantized rows one number at a time; 16 sums at once where there are instructions for them.
#ifndef MOTE_QUANT_SCALAR_INL_H
#define MOTE_QUANT_SCALAR_INL_H

#include "init_rows.inl.h"
#include "quant_sums.h"
#include "quantize.inl.h"

namespace mote::cpu::MOTE_ISA {

// Padding of x is +0, and so that of q is 0.
void quantize_row(int8_t *q, ConstMat x, uint32_t n, float inverse) {
    for (uint32_t p = 0; p < panel_count(n); ++p, x.data += x.panel)
        for (uint32_t i = 0; i < kLanes; ++i)
            *q++ = static_cast<int8_t>(mote_bits(with_nearest({x.data[i] * inverse}).v));
}

// y[i] += the product, for the 16 columns of the panel at w.
MOTE_INLINE void add_quant_product(float *y, const QuantProduct &p, const int8_t *w) {
    int32_t sums[kLanes];
    const int8_t *const weights = w + kLanes * sizeof(float);
    if (p.x != nullptr)
        quant_sums16(sums, p.x, weights, (p.k + 3) / 4);
    else
        for (uint32_t i = 0; i < kLanes; ++i) sums[i] = weights[p.row / 4 * kQuadBytes + p.row % 4 + 4 * i];
    add_sums16(y, sums, w, p.scale);
}

// A function of its own, so that its frame is not beside those of the activations.
MOTE_NOINLINE static void sums_of_quant_row(Mat y, const QuantStep &s) {
    init_rows(y, {1, s.n, 1}, s.bias == y.data ? kAccumulate : Init{true, s.bias});
    for (const QuantProduct &product : s.products) {
        if (product.k == 0) continue;
        const int8_t *w = product.w;
        for (uint32_t p = 0; p < panel_count(s.n); ++p, w += quant_panel_bytes(product.k))
            add_quant_product(y.data + p * y.panel, product, w);
    }
}

uint32_t quant_step(Mat y, const QuantStep &s) {
    sums_of_quant_row(y, s);
    if (s.activation == kTanh) return tanh_rows(y, 1, s.n);
    if (s.activation == kRelu) return relu_rows(y, 1, s.n);
    return flush_denormals(y, s.n) & kNotFinite;
}

} // namespace mote::cpu::MOTE_ISA

#endif
