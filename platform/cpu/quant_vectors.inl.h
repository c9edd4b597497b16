// Quantized rows by vectors.
#ifndef MOTE_QUANT_VECTORS_INL_H
#define MOTE_QUANT_VECTORS_INL_H

#include "activated_vectors.h"
#include "quant4_tiles.inl.h"
#include "quant_initial.h"
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

// How weights of 8 and of 4 bits lie and are multiplied.
struct Bits8 {
    static constexpr uint32_t kPanels = kQuantPanels; // at once
    MOTE_INLINE size_t panel_bytes(uint32_t k) { return quant_panel_bytes(k); }
    template <uint32_t Cols> MOTE_INLINE void multiply(Words *to, const QuantProduct &p, const int8_t *w) {
        if (p.x != nullptr)
            QuantTile<Cols>::multiply(to, p.x, w, p.k);
        else
            choose<Cols>(to, p.row, w, p.k);
    }
};
struct Bits4 {
    // Beside the sums of a group there are those of all: more would be on the stack.
    static constexpr uint32_t kPanels = smaller(kQuantPanels, kVecLanes == 16 ? 4 : kVecLanes == 8 ? 2 : 1);
    MOTE_INLINE size_t panel_bytes(uint32_t k) { return quant4_panel_bytes(k); }
    template <uint32_t Cols> MOTE_INLINE void multiply(Words *to, const QuantProduct &p, const int8_t *w) {
        if (p.x != nullptr)
            Quant4Tile<Cols>::multiply(to, p.x, w, p.k);
        else
            choose4<Cols>(to, p.row, w, p.k);
    }
};

// y = from + the product by the panels at w, for Cols of them. It is stored before the next product begins, so that
// the registers are free for sums.
template <typename Bits, uint32_t Cols>
MOTE_INLINE void add_product(Mat y, ConstMat from, const QuantProduct &p, const int8_t *w) {
    constexpr uint32_t vecs = Cols * kPanelVecs;
    const size_t panel = Bits::panel_bytes(p.k);
    Words sums[vecs];
    Bits::template multiply<Cols>(sums, p, w);
    MOTE_UNROLL for (uint32_t v = 0; v < vecs; ++v) {
        const float *const scales =
            reinterpret_cast<const float *>(w + v / kPanelVecs * panel) + v % kPanelVecs * kVecLanes;
        const Vec scale = load(scales) * set1(p.scale), added_to = load(from.data + vec_offset(v, from.panel));
        store(y.data + vec_offset(v, y.panel), fma({Batch(to_floats(sums[v]))}, scale, added_to));
    }
}

// Cols panels from panel p on, without the activation.
template <typename Bits, uint32_t Cols>
MOTE_NOINLINE static void quant_panels(Mat y, ConstMat from, const QuantStep &s, uint32_t p) {
    const Mat to = panel_of(y, p);
    from.data += p * from.panel;
    for (const QuantProduct &product : s.products) {
        if (product.k == 0) continue;
        add_product<Bits, Cols>(to, from, product, product.w + p * Bits::panel_bytes(product.k));
        from = to;
    }
}

template <typename Bits> MOTE_INLINE uint32_t quant_step_of(Mat y, const QuantStep &s) {
    const uint32_t panels = panel_count(s.n);
    const ConstMat from = initial_sums(y, s);
    const EvenSplit split(panels, Bits::kPanels);
    for (uint32_t done = 0; done < split.tiles; ++done) {
        const uint32_t i = split.next(done, s.backwards);
        with_constant<Bits::kPanels>(split.size(i), [&](auto cols) MOTE_INLINE_LAMBDA {
            quant_panels<Bits, decltype(cols)::value>(y, from, s, split.first(i));
            return 0u;
        });
    }
    return activate_stored(y, panels, s.activation);
}

uint32_t quant_step(Mat y, const QuantStep &s) { return quant_step_of<Bits8>(y, s); }
uint32_t quant4_step(Mat y, const QuantStep &s) { return quant_step_of<Bits4>(y, s); }

} // namespace mote::cpu::MOTE_ISA

#endif
