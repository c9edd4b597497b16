// Quantized rows one number at a time; 16 sums at once where there are instructions for them.
#ifndef MOTE_QUANT_SCALAR_INL_H
#define MOTE_QUANT_SCALAR_INL_H

#include "quant_initial.h"
#include "quant_sums.h"

namespace mote::cpu::MOTE_ISA {

// Padding of x is +0, and so that of q is 0.
void quantize_row(int8_t *q, ConstMat x, uint32_t n, float inverse) {
    for (uint32_t p = 0; p < panel_count(n); ++p, x.data += x.panel, q += kLanes) quantize16(q, x.data, inverse);
}

// The sums of a product by the panel at w, of which `outputs` are asked for; of a one-hot input `inputs` is nothing.
MOTE_INLINE void multiply16(int32_t *sums, QuantInputs &inputs, const QuantProduct &p, const int8_t *w,
                            int32_t outputs) {
    const int8_t *const weights = w + kLanes * sizeof(float);
    if (p.x != nullptr) return sums16(sums, inputs, weights, outputs);
    MOTE_UNROLL_4 for (uint32_t i = 0; i < kLanes; ++i) sums[i] = weights[p.row / 4 * kQuadBytes + p.row % 4 + 4 * i];
}

// y = from + the product, for n columns. A function of its own, so that its frame is not beside those of the
// activations.
MOTE_NOINLINE static void add_quant_product(Mat y, ConstMat from, const QuantProduct &p, uint32_t n) {
    QuantInputs inputs;
    begin(inputs, p.x, (p.k + 3) / 4);
    const int8_t *w = p.w;
    int32_t outputs = static_cast<int32_t>(n);
    for (; outputs > 0; outputs -= kLanes, w += quant_panel_bytes(p.k), y.data += y.panel, from.data += from.panel) {
        int32_t sums[kLanes];
        multiply16(sums, inputs, p, w, outputs);
        add_sums16(y.data, from.data, sums, w, p.scale);
    }
}

MOTE_INLINE uint32_t activate_sums(Mat y, const QuantStep &s) {
    if (s.activation == kTanh) return tanh_rows(y, 1, s.n);
    if (s.activation == kRelu) return relu_rows(y, 1, s.n);
    return flush_sums(y, s.n);
}

uint32_t quant_step(Mat y, const QuantStep &s) {
    ConstMat from = initial_sums(y, s);
    for (const QuantProduct &product : s.products) {
        if (product.k == 0) continue;
        add_quant_product(y, from, product, s.n);
        from = y;
    }
    return activate_sums(y, s);
}

} // namespace mote::cpu::MOTE_ISA

#endif
