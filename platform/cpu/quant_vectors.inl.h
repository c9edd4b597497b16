// Quantized rows by vectors.
#ifndef MOTE_QUANT_VECTORS_INL_H
#define MOTE_QUANT_VECTORS_INL_H

#include "activated_vectors.h"
#include "quant_tiles.inl.h"
#include "quantize.inl.h"

namespace mote::cpu::MOTE_ISA {

// Padding of x is +0, and so that of q is 0.
void quantize_row(int8_t *q, ConstMat x, uint32_t n, float inverse) {
    for (uint32_t p = 0; p < panel_count(n); ++p, q += kLanes, x.data += x.panel) {
        Vec nearest[kPanelVecs];
        MOTE_UNROLL for (uint32_t v = 0; v < kPanelVecs; ++v) nearest[v] =
            with_nearest(load(x.data + v * kVecLanes) * set1(inverse));
        store_low_bytes(q, nearest);
    }
}

// Cols panels from panel p on, without the activation.
template <uint32_t Cols> MOTE_NOINLINE static void quant_panels(Mat y, const QuantStep &s, uint32_t p) {
    constexpr uint32_t vecs = Cols * kPanelVecs;
    float *const first = y.data + p * y.panel;
    const float *const bias = s.bias == y.data ? first : s.bias + size_t{p} * kLanes;
    const size_t bias_panel = s.bias == y.data ? y.panel : kLanes;
    Vec sums[vecs];
    MOTE_UNROLL for (uint32_t v = 0; v < vecs; ++v) sums[v] =
        s.bias != nullptr ? load(bias + v / kPanelVecs * bias_panel + v % kPanelVecs * kVecLanes) : set1(0.0f);
    for (const QuantProduct &product : s.products) {
        if (product.k == 0) continue;
        const size_t panel = quant_panel_bytes(product.k);
        const int8_t *const w = product.w + p * panel;
        Words dots[vecs];
        if (product.x != nullptr)
            QuantTile<1, Cols>::multiply(dots, product.x, 0, w, product.k);
        else
            choose<Cols>(dots, product.row, w, product.k);
        MOTE_UNROLL for (uint32_t v = 0; v < vecs; ++v) {
            const float *const scales =
                reinterpret_cast<const float *>(w + v / kPanelVecs * panel) + v % kPanelVecs * kVecLanes;
            sums[v] = fma({Batch(to_floats(dots[v]))}, load(scales) * set1(product.scale), sums[v]);
        }
    }
    MOTE_UNROLL for (uint32_t v = 0; v < vecs; ++v)
        store(first + v / kPanelVecs * y.panel + v % kPanelVecs * kVecLanes, sums[v]);
}

uint32_t quant_step(Mat y, const QuantStep &s) {
    const uint32_t panels = panel_count(s.n);
    const EvenSplit split(panels, kQuantPanels);
    for (uint32_t i = 0, p = 0; i < split.tiles; p += split.size(i), ++i)
        with_constant<kQuantPanels>(split.size(i), [&](auto cols) MOTE_INLINE_LAMBDA {
            quant_panels<decltype(cols)::value>(y, s, p);
            return 0u;
        });
    return activate_stored(y, panels, s.activation);
}

} // namespace mote::cpu::MOTE_ISA

#endif
