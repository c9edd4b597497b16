// Quantized rows by vectors.
#ifndef MOTE_QUANT_VECTORS_INL_H
#define MOTE_QUANT_VECTORS_INL_H

#include "activated_vectors.h"
#include "quant4_tiles.inl.h"
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

// How weights of 8 and of 4 bits lie and are multiplied.
struct Bits8 {
    static constexpr uint32_t kPanels = kQuantPanels; // at once
    MOTE_INLINE size_t panel_bytes(uint32_t k) { return quant_panel_bytes(k); }
    template <uint32_t Cols> MOTE_INLINE void multiply(Words *to, const QuantProduct &p, const int8_t *w) {
        if (p.x != nullptr)
            QuantTile<1, Cols>::multiply(to, p.x, 0, w, p.k);
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

// Cols panels from panel p on, without the activation.
template <typename Bits, uint32_t Cols> MOTE_NOINLINE static void quant_panels(Mat y, const QuantStep &s, uint32_t p) {
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
        const size_t panel = Bits::panel_bytes(product.k);
        const int8_t *const w = product.w + p * panel;
        Words dots[vecs];
        Bits::template multiply<Cols>(dots, product, w);
        add_scaled<Cols>(sums, dots, w, panel, product.scale);
    }
    MOTE_UNROLL for (uint32_t v = 0; v < vecs; ++v) store(first + vec_offset(v, y.panel), sums[v]);
}

template <typename Bits> MOTE_INLINE uint32_t quant_step_of(Mat y, const QuantStep &s) {
    const uint32_t panels = panel_count(s.n);
    const EvenSplit split(panels, Bits::kPanels);
    for (uint32_t i = 0, p = 0; i < split.tiles; p += split.size(i), ++i)
        with_constant<Bits::kPanels>(split.size(i), [&](auto cols) MOTE_INLINE_LAMBDA {
            quant_panels<Bits, decltype(cols)::value>(y, s, p);
            return 0u;
        });
    return activate_stored(y, panels, s.activation);
}

uint32_t quant_step(Mat y, const QuantStep &s) { return quant_step_of<Bits8>(y, s); }
uint32_t quant4_step(Mat y, const QuantStep &s) { return quant_step_of<Bits4>(y, s); }

// Rows rows of Cols panels; x is null where tokens choose the rows of the weights.
template <uint32_t Rows, uint32_t Cols>
MOTE_NOINLINE static void quant_block(Mat y, const QuantProduct &product, const uint16_t *token, const int8_t *w,
                                      Init init) {
    constexpr uint32_t vecs = Cols * kPanelVecs;
    Words sums[Rows * vecs];
    if (product.x != nullptr)
        QuantTile<Rows, Cols>::multiply(sums, product.x, quant_row_bytes(product.k), w, product.k);
    else
        choose<Cols>(sums, *token, w, product.k);
    MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) {
        float *const row = y.data + i * kLanes;
        Vec to[vecs];
        MOTE_UNROLL for (uint32_t v = 0; v < vecs; ++v) {
            to[v] = init.overwrite ? set1(0.0f) : load(row + vec_offset(v, y.panel));
            if (init.bias != nullptr) to[v] = load(init.bias + v * kVecLanes);
        }
        add_scaled<Cols>(to, sums + i * vecs, w, quant_panel_bytes(product.k), product.scale);
        MOTE_UNROLL for (uint32_t v = 0; v < vecs; ++v) store(row + vec_offset(v, y.panel), to[v]);
    }
}

// All rows of Cols panels.
template <uint32_t Cols>
MOTE_INLINE void quant_column(Mat y, QuantProduct product, Tokens t, const int8_t *w, uint32_t m, Init init) {
    const bool chosen = product.x == nullptr;
    for (uint32_t i = 0; i < m;) {
        const bool block = !chosen && m - i >= kQuantRows;
        if (block)
            quant_block<kQuantRows, Cols>(y.row(i), product, nullptr, w, init);
        else
            quant_block<1, Cols>(y.row(i), product, chosen ? t.first + i * t.stride : nullptr, w, init);
        const uint32_t rows = block ? kQuantRows : 1;
        if (!chosen) product.x += size_t{rows} * quant_row_bytes(product.k);
        i += rows;
    }
}

void quant_rows(Mat y, const QuantProduct &product, Tokens t, uint32_t m, uint32_t n, const Init &init) {
    const uint32_t panels = panel_count(n);
    const int8_t *w = product.w;
    for (uint32_t p = 0; p < panels;) {
        const bool wide = panels - p >= kQuantCols;
        if (wide)
            quant_column<kQuantCols>(panel_of(y, p), product, t, w, m, init.at(p));
        else
            quant_column<1>(panel_of(y, p), product, t, w, m, init.at(p));
        p += wide ? kQuantCols : 1;
        w += (wide ? kQuantCols : 1) * quant_panel_bytes(product.k);
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
