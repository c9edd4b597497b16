// A layer of one row by vectors: from the bias to the activation in registers.
#ifndef MOTE_STEP_VECTORS_INL_H
#define MOTE_STEP_VECTORS_INL_H

#include "activated_vectors.h"
#include "gemm_tiles.inl.h"

namespace mote::cpu::MOTE_ISA {

// Whether sums leave an activation the registers that it takes: two vectors for each of theirs.
constexpr bool kActivateInRegisters = 3 * kGemvPanels <= kTileRows * kTilePanels;
// The flush of a layer without one takes few: 0.95 of a GRU's time with AVX2. Smaller vectors are too many.
MOTE_INLINE bool activates_in_registers(Activation activation) {
    return kActivateInRegisters || (kVecLanes > 4 && activation == kLinear);
}

// Vecs vectors from panel p on.
template <uint32_t Vecs> MOTE_NOINLINE static uint32_t row_step_panels(Mat y, const RowStep &s, uint32_t p) {
    using T = Tile<1, Vecs>;
    const Mat to = panel_of(y, p);
    T t;
    T::initialize(t, to, s.bias == y.data ? kAccumulate : Init{true, s.bias}.at(p));
    for (const RowProduct &product : s.products) // without any k, its matrices are not to be looked at
        if (product.k != 0) T::add_product(t, to, product.x, panel_of(product.w, p), product.k);
    Mask bad = none();
    if (activates_in_registers(s.activation)) {
        MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
            bad = bad | beyond_finite(t.acc[0][v]);
            t.acc[0][v] = activated(t.acc[0][v], kActivateInRegisters ? s.activation : kLinear);
        }
    }
    T::store_to(t, to);
    return any(bad) ? kNotFinite : 0;
}

uint32_t row_step(Mat y, const RowStep &s) {
    const uint32_t panels = panel_count(s.n);
    const EvenSplit split(panels, kGemvPanels);
    uint32_t found = 0;
    for (uint32_t done = 0; done < split.tiles; ++done) {
        const uint32_t i = split.next(done, s.backwards), p = split.first(i);
        found |= with_constant<kGemvUnits>(used_units(s.n, p, split.size(i)), [&](auto units) MOTE_INLINE_LAMBDA {
            return row_step_panels<decltype(units)::value * kUnitVecs>(y, s, p);
        });
    }
    return activates_in_registers(s.activation) ? found : activate_stored(y, panels, s.activation);
}

} // namespace mote::cpu::MOTE_ISA

#endif
