// Quantized rows by vectors.
#ifndef MOTE_QUANT_VECTORS_INL_H
#define MOTE_QUANT_VECTORS_INL_H

#include "activated_vectors.h"
#include "quant_initial.h"
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

// Where the floats of a vector are.
MOTE_INLINE size_t vec_offset(uint32_t vec, size_t panel) {
    return vec / kPanelVecs * panel + vec % kPanelVecs * kVecLanes;
}

// y = from + the product by the panels at w, for Cols of them. It is stored before the next product begins, so that
// the registers are free for sums.
template <uint32_t Cols> MOTE_INLINE void add_product(Mat y, ConstMat from, const QuantProduct &p, const int8_t *w) {
    constexpr uint32_t vecs = Cols * kPanelVecs;
    const size_t panel = quant_panel_bytes(p.k);
    Words sums[vecs];
    if (p.x != nullptr)
        QuantTile<Cols>::multiply(sums, p.x, w, p.k);
    else
        choose<Cols>(sums, p.row, w, p.k);
    MOTE_UNROLL for (uint32_t v = 0; v < vecs; ++v) {
        const float *const scales =
            reinterpret_cast<const float *>(w + v / kPanelVecs * panel) + v % kPanelVecs * kVecLanes;
        const Vec scale = load(scales) * set1(p.scale), added_to = load(from.data + vec_offset(v, from.panel));
        store(y.data + vec_offset(v, y.panel), fma({Batch(to_floats(sums[v]))}, scale, added_to));
    }
}

// Cols panels from panel p on, without the activation.
template <uint32_t Cols> MOTE_NOINLINE static void quant_panels(Mat y, ConstMat from, const QuantStep &s, uint32_t p) {
    const Mat to = panel_of(y, p);
    from.data += p * from.panel;
    for (const QuantProduct &product : s.products) {
        if (product.k == 0) continue;
        add_product<Cols>(to, from, product, product.w + p * quant_panel_bytes(product.k));
        from = to;
    }
}

uint32_t quant_step(Mat y, const QuantStep &s) {
    const uint32_t panels = panel_count(s.n);
    const ConstMat from = initial_sums(y, s);
    const EvenSplit split(panels, kQuantPanels);
    for (uint32_t i = 0, p = 0; i < split.tiles; p += split.size(i), ++i)
        with_constant<kQuantPanels>(split.size(i), [&](auto cols) MOTE_INLINE_LAMBDA {
            quant_panels<decltype(cols)::value>(y, from, s, p);
            return 0u;
        });
    return activate_stored(y, panels, s.activation);
}

} // namespace mote::cpu::MOTE_ISA

#endif
