// Quantized rows one number at a time; 16 sums at once where there are instructions for them.
#ifndef MOTE_QUANT_SCALAR_INL_H
#define MOTE_QUANT_SCALAR_INL_H

#include "quant4_sums.h"
#include "quant_initial.h"
#include "quant_sums.h"

namespace mote::cpu::MOTE_ISA {

// Padding of x is +0, and so that of q is 0.
void quantize_row(int8_t *q, ConstMat x, uint32_t n, float inverse) {
    for (uint32_t p = 0; p < panel_count(n); ++p, x.data += x.panel, q += kLanes) quantize16(q, x.data, inverse);
}

// How weights of 8 and of 4 bits lie, and the sums of a product by the panel at w, of which `outputs` are asked for.
struct Bits8 {
    QuantInputs inputs; // of a one-hot input nothing
    MOTE_INLINE size_t panel_bytes(uint32_t k) { return quant_panel_bytes(k); }
    MOTE_INLINE void begin_product(Bits8 &b, const QuantProduct &p) { begin(b.inputs, p.x, (p.k + 3) / 4); }
    MOTE_INLINE void multiply(int32_t *sums, Bits8 &b, const QuantProduct &p, const int8_t *w, int32_t outputs) {
        const int8_t *const weights = w + kLanes * sizeof(float);
        if (p.x != nullptr) return sums16(sums, b.inputs, weights, outputs);
        MOTE_UNROLL_4 for (uint32_t i = 0; i < kLanes; ++i) sums[i] =
            weights[p.row / 4 * kQuadBytes + p.row % 4 + 4 * i];
    }
};
struct Bits4 {
    Quant4Inputs inputs;
    MOTE_INLINE size_t panel_bytes(uint32_t k) { return quant4_panel_bytes(k); }
    MOTE_INLINE void begin_product(Bits4 &b, const QuantProduct &p) { begin(b.inputs, p.x, p.k); }
    MOTE_INLINE void multiply(int32_t *sums, Bits4 &b, const QuantProduct &p, const int8_t *w, int32_t outputs) {
        const int8_t *const groups = w + kLanes * sizeof(float), *const weights = groups + quant4_group_bytes(p.k);
        if (p.x != nullptr) return sums16(sums, b.inputs, groups, weights, outputs);
        choose16(sums, groups, weights, p.row);
    }
};

// y = from + the product, for n columns.
template <typename Bits> MOTE_INLINE void add_quant_product(Mat y, ConstMat from, const QuantProduct &p, uint32_t n) {
    Bits bits;
    Bits::begin_product(bits, p);
    const int8_t *w = p.w;
    int32_t outputs = static_cast<int32_t>(n);
    for (; outputs > 0; outputs -= kLanes, w += Bits::panel_bytes(p.k), y.data += y.panel, from.data += from.panel) {
        int32_t sums[kLanes];
        Bits::multiply(sums, bits, p, w, outputs);
        add_sums16(y.data, from.data, sums, w, p.scale);
    }
}

// A function of its own, so that its frame is not beside those of the activations.
template <typename Bits> MOTE_NOINLINE static void add_quant_products(Mat y, const QuantStep &s) {
    ConstMat from = initial_sums(y, s);
    for (const QuantProduct &product : s.products) {
        if (product.k == 0) continue;
        add_quant_product<Bits>(y, from, product, s.n);
        from = y;
    }
}

template <typename Bits> MOTE_INLINE uint32_t quant_step_of(Mat y, const QuantStep &s) {
    add_quant_products<Bits>(y, s);
    if (s.activation == kTanh) return tanh_rows(y, 1, s.n);
    if (kHasRelu && s.activation == kRelu) return relu_rows(y, 1, s.n);
    return flush_sums(y, s.n);
}

uint32_t quant_step(Mat y, const QuantStep &s) { return quant_step_of<Bits8>(y, s); }
uint32_t quant4_step(Mat y, const QuantStep &s) { return quant_step_of<Bits4>(y, s); }

} // namespace mote::cpu::MOTE_ISA

#endif
