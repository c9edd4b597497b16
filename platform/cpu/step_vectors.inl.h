// A layer of one row by vectors: from the bias to the activation in registers.
#ifndef MOTE_STEP_VECTORS_INL_H
#define MOTE_STEP_VECTORS_INL_H

#include "activated_vectors.h"
#include "gemm_vectors.inl.h"

namespace mote::cpu::MOTE_ISA {

// Whether sums leave an activation the registers that it takes: two vectors for each of theirs.
constexpr bool kActivateInRegisters = 3 * kGemvPanels <= kTileRows * kTilePanels;
// The flush of a layer without one takes few: 0.95 of a GRU's time with AVX2. Smaller vectors are too many.
MOTE_INLINE bool activates_in_registers(Activation activation) {
    return kActivateInRegisters || (kVecLanes > 4 && activation == kLinear);
}

// Whether steps whose products are no longer than two stretches have a function of their own, which leaves registers
// for nothing else. Smaller vectors have no stack to spare for a second one.
constexpr bool kShortApart = kVecLanes > 4;

// What the sums begin with, in panels.
MOTE_INLINE ConstMat row_step_begin(Mat y, const RowStep &s) {
    if (s.bias == y.data) return y;
    return s.bias != nullptr ? ConstMat{s.bias, kLanes} : ConstMat{kZeros, 0};
}

// Vecs vectors from panel p on, which is y's first.
template <uint32_t Vecs>
MOTE_NOINLINE static uint32_t row_step_panels(Mat y, ConstMat begin, const RowStep &s, uint32_t p) {
    using T = Tile<1, Vecs>;
    T t;
    T::begin(t, begin);
    for (const RowProduct &product : s.products) { // without any k, its matrices are not to be looked at
        if (kShortApart && product.k == 1)         // a character
            T::step(t, product.x.data, kLanes, panel_of(product.w, p).data, product.w.panel);
        else if (product.k != 0)
            T::template add_product<!kShortApart>(t, y, product.x, panel_of(product.w, p), product.k);
    }
    Mask bad = none();
    if (activates_in_registers(s.activation)) {
        MOTE_UNROLL for (uint32_t v = 0; v < Vecs; ++v) {
            bad = bad | beyond_finite(t.acc[0][v]);
            t.acc[0][v] = activated(t.acc[0][v], kActivateInRegisters ? s.activation : kLinear);
        }
    }
    T::store_to(t, y);
    return any(bad) ? kNotFinite : 0;
}

// The same of products of any length, one after the other, and without the activation.
template <uint32_t Vecs> MOTE_INLINE void row_products(Mat y, const RowStep &s, uint32_t p) {
    Init init = s.bias == y.data ? kAccumulate : from_bias(s.bias).at(p);
    for (const RowProduct &product : s.products) {
        if (product.k == 0) continue;
        few_panels<1, Vecs>(panel_of(y, p), product.x, panel_of(product.w, p), product.k, init);
        init = kAccumulate;
    }
}

// A tile of a layer: units of panels from panel p on.
struct RowTile {
    uint32_t p, units;
    RowTile(const RowStep &s, const EvenSplit &split, uint32_t done) {
        const uint32_t i = split.next(done, s.backwards);
        p = split.first(i);
        units = used_units(s.n, p, split.size(i));
    }
};

// After the sums, of which `found` is what is known where they are activated.
MOTE_INLINE uint32_t row_step_end(Mat y, const RowStep &s, uint32_t found) {
    return activates_in_registers(s.activation) ? found : activate_stored(y, panel_count(s.n), s.activation);
}

MOTE_INLINE uint32_t row_step_tiles(Mat y, const RowStep &s) {
    const EvenSplit split(panel_count(s.n), kGemvPanels);
    uint32_t found = 0;
    for (uint32_t done = 0; done < split.tiles; ++done) {
        const RowTile tile(s, split, done);
        found |= with_constant<kGemvUnits>(tile.units, [&](auto units) MOTE_INLINE_LAMBDA {
            return row_step_panels<decltype(units)::value * kUnitVecs>(
                panel_of(y, tile.p), panel_of(row_step_begin(y, s), tile.p), s, tile.p);
        });
    }
    return row_step_end(y, s, found);
}

// Each way by itself, so that none has the frame of another.
MOTE_NOINLINE static uint32_t row_step_short(Mat y, const RowStep &s) { return row_step_tiles(y, s); }
MOTE_NOINLINE static uint32_t row_step_of_one_tile(Mat y, const RowStep &s) {
    const uint32_t found =
        with_constant<kGemvUnits>(used_units(s.n, 0, panel_count(s.n)), [&](auto units) MOTE_INLINE_LAMBDA {
            return row_step_panels<decltype(units)::value * kUnitVecs>(y, row_step_begin(y, s), s, 0);
        });
    return row_step_end(y, s, found);
}
MOTE_NOINLINE static uint32_t row_step_long(Mat y, const RowStep &s) {
    const EvenSplit split(panel_count(s.n), kGemvPanels);
    for (uint32_t done = 0; done < split.tiles; ++done) {
        const RowTile tile(s, split, done);
        with_constant<kGemvUnits>(tile.units, [&](auto units) MOTE_INLINE_LAMBDA {
            row_products<decltype(units)::value * kUnitVecs>(y, s, tile.p);
            return 0u;
        });
    }
    return activate_stored(y, panel_count(s.n), s.activation);
}

uint32_t row_step(Mat y, const RowStep &s) {
    if constexpr (!kShortApart) return row_step_tiles(y, s);
    if (s.products[0].k > kTwoStretches || s.products[1].k > kTwoStretches) return row_step_long(y, s);
    return s.n <= kGemvPanels * kLanes ? row_step_of_one_tile(y, s) : row_step_short(y, s);
}

} // namespace mote::cpu::MOTE_ISA

#endif
