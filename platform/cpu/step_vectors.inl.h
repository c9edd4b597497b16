// A layer of one row by vectors: from the bias to the activation in registers.
#ifndef MOTE_STEP_VECTORS_INL_H
#define MOTE_STEP_VECTORS_INL_H

#include "activations_vectors.inl.h"
#include "flush_vectors.inl.h"
#include "gemm_tiles.inl.h"

namespace mote::cpu::MOTE_ISA {

// Activations of a vector of sums.
MOTE_INLINE Vec activated(Vec x, Activation activation) {
    if (activation == kTanh) return tanh_vec(x);
    if (activation == kRelu) return relu_vec(x);
    return normal_vec(x);
}

// Cols panels from panel p on.
template <uint32_t Cols> MOTE_NOINLINE static uint32_t row_step_panels(Mat y, const RowStep &s, uint32_t p) {
    using T = Tile<1, Cols>;
    T t;
    T::fill(t, [&](uint32_t, uint32_t v) MOTE_INLINE_LAMBDA {
        const uint32_t panel = p + v / kPanelVecs, lane = v % kPanelVecs * kVecLanes;
        return s.bias != nullptr ? load(s.bias + panel * kLanes + lane) : set1(0.0f);
    });
    for (const RowProduct &product : s.products) {
        const ConstMat w = panel_of(product.w, p);
        T::add_product(t, product.x, w, product.k);
    }
    Mask bad = none();
    MOTE_UNROLL for (uint32_t v = 0; v < Cols * kPanelVecs; ++v) {
        bad = bad | beyond_finite(t.acc[0][v]);
        t.acc[0][v] = activated(t.acc[0][v], s.activation);
    }
    T::store_to(t, panel_of(y, p));
    return any(bad) ? kNotFinite : 0;
}

uint32_t row_step(Mat y, const RowStep &s) {
    const EvenSplit split(panel_count(s.n), kGemvPanels);
    uint32_t found = 0;
    for (uint32_t i = 0, p = 0; i < split.tiles; p += split.size(i), ++i)
        found |= with_constant<kGemvPanels>(split.size(i), [&](auto cols) MOTE_INLINE_LAMBDA {
            return row_step_panels<decltype(cols)::value>(y, s, p);
        });
    return found;
}

} // namespace mote::cpu::MOTE_ISA

#endif
