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

// What a product makes of the sums of a row: y + sums times both scales, for Cols panels.
template <uint32_t Cols>
MOTE_INLINE void add_scaled(Vec *y, const Words *sums, const int8_t *w, size_t panel, float scale) {
    MOTE_UNROLL for (uint32_t v = 0; v < Cols * kPanelVecs; ++v) {
        const float *const scales =
            reinterpret_cast<const float *>(w + v / kPanelVecs * panel) + v % kPanelVecs * kVecLanes;
        y[v] = fma({Batch(to_floats(sums[v]))}, load(scales) * set1(scale), y[v]);
    }
}

// Where the floats of a vector are.
MOTE_INLINE size_t vec_offset(uint32_t vec, size_t panel) {
    return vec / kPanelVecs * panel + vec % kPanelVecs * kVecLanes;
}

// Cols panels from panel p on, without the activation.
template <uint32_t Cols> MOTE_NOINLINE static void quant_panels(Mat y, const QuantStep &s, uint32_t p) {
    constexpr uint32_t vecs = Cols * kPanelVecs;
    float *const first = y.data + p * y.panel;
    const bool held = s.bias == y.data;
    const float *const bias = held ? first : s.bias != nullptr ? s.bias + size_t{p} * kLanes : nullptr;
    const size_t bias_panel = held ? y.panel : kLanes;
    Vec sums[vecs];
    MOTE_UNROLL for (uint32_t v = 0; v < vecs; ++v) sums[v] =
        bias != nullptr ? load(bias + vec_offset(v, bias_panel)) : set1(0.0f);
    for (const QuantProduct &product : s.products) {
        if (product.k == 0) continue;
        const size_t panel = quant_panel_bytes(product.k);
        const int8_t *const w = product.w + p * panel;
        Words dots[vecs];
        if (product.x != nullptr)
            QuantTile<Cols>::multiply(dots, product.x, w, product.k);
        else
            choose<Cols>(dots, product.row, w, product.k);
        add_scaled<Cols>(sums, dots, w, panel, product.scale);
    }
    MOTE_UNROLL for (uint32_t v = 0; v < vecs; ++v) store(first + vec_offset(v, y.panel), sums[v]);
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
