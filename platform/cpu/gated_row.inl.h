// A layer of gated recurrent units for one row, in one pass: of a panel of units, or two, the sums, the gates and the
// next activations, of which none but the last is stored. A processor computes the gates of one panel while the
// products of the next are under way.
#ifndef MOTE_GATED_ROW_INL_H
#define MOTE_GATED_ROW_INL_H

#include "gates.inl.h"
#include "gemm_tiles.inl.h"

namespace mote::cpu::MOTE_ISA {

// Panels at a time: as many as have registers for the sums of two stretches. Of AVX-512's, one would be six chains,
// which do not hide the latency of a multiply-add.
constexpr uint32_t kGatedPanels = kVecLanes == 16 ? 2 : 1;

// The sums of a panel's units in three blocks of columns.
using GatedTile = Tile<1, 3 * kPanelVecs>;

// Three blocks from panel p on, of `panels` panels each.
MOTE_INLINE ConstMat blocks_of(ConstMat w, uint32_t p, uint32_t panels) {
    return {w.data + p * w.panel, panels * w.panel};
}

// Two stretches of k side by side, the first of them into t.
template <uint32_t N>
MOTE_INLINE void add_two_stretches(GatedTile (&t)[N], ConstMat x, ConstMat w, size_t next, uint32_t k) {
    static_assert(kLongestGated <= kTwoStretches, "there are no more than two");
    const uint32_t depth = depth_of(k), both = (k - depth) / kLanes * kLanes;
    GatedTile u[N];
    MOTE_UNROLL for (uint32_t q = 0; q < N; ++q) GatedTile::clear(u[q]);
    for (uint32_t i = 0; i < both; i += kLanes) {
        const float *at = x.data + i / kLanes * x.panel, *au = x.data + (depth + i) / kLanes * x.panel;
        const float *bt = w.data + size_t{i} * kLanes, *bu = w.data + size_t{depth + i} * kLanes;
        MOTE_UNROLL_4 for (uint32_t j = 0; j < kLanes; ++j, bt += kLanes, bu += kLanes)
            MOTE_UNROLL for (uint32_t q = 0; q < N; ++q) {
            GatedTile::step(t[q], at + j, kLanes, bt + q * next, w.panel);
            GatedTile::step(u[q], au + j, kLanes, bu + q * next, w.panel);
        }
    }
    MOTE_UNROLL for (uint32_t q = 0; q < N; ++q) {
        const ConstMat b{w.data + q * next, w.panel};
        GatedTile::add_chain(t[q], x, b, both, depth);
        GatedTile::add_chain(u[q], x, b, depth + both, k);
        GatedTile::add(t[q], u[q]);
    }
}

// A product of no more than two stretches is added to the tiles of N panels, and the sums flushed, as row_step() does.
template <uint32_t N>
MOTE_INLINE void add_and_flush(GatedTile (&t)[N], const RowProduct &product, uint32_t p, uint32_t panels) {
    const ConstMat w = blocks_of(product.w, p, panels);
    const size_t next = product.w.panel;
    if (product.k >= 32)
        add_two_stretches(t, product.x, w, next, product.k);
    else
        MOTE_UNROLL for (uint32_t q = 0; q < N; ++q)
            GatedTile::add_chain(t[q], product.x, {w.data + q * next, w.panel}, 0, product.k);
    MOTE_UNROLL for (uint32_t q = 0; q < N; ++q) MOTE_UNROLL for (uint32_t v = 0; v < 3 * kPanelVecs; ++v) t[q]
        .acc[0][v] = flushed(t[q].acc[0][v], 0x1p-126f);
}

// The next activations of panel p, of whose sums `input` has the candidate's, and `state` the gates' and what the state
// gives to the candidate.
MOTE_INLINE Mask gate_panel(Mat h, ConstMat before, uint32_t p, const GatedTile &input, const GatedTile &state) {
    Mask bad = none();
    MOTE_UNROLL for (uint32_t v = 0; v < kPanelVecs; ++v) {
        const Vec reset = state.acc[0][v], update = state.acc[0][kPanelVecs + v];
        const Vec sum = fma(sigmoid_vec(reset), state.acc[0][2 * kPanelVecs + v], input.acc[0][v]);
        bad = bad | beyond_finite(reset);
        bad = bad | beyond_finite(update);
        bad = bad | beyond_finite(sum);
        const Vec z = sigmoid_vec(update), c = tanh_vec(sum);
        const Vec last = load(before.data + p * before.panel + v * kVecLanes);
        store(h.data + p * h.panel + v * kVecLanes, flushed(fma(z, last - c, c), kQuantum));
    }
    return bad;
}

// N panels from p on.
template <uint32_t N> MOTE_INLINE uint32_t gated_panels(Mat h, const RowStep &s, uint32_t p, uint32_t panels) {
    const float *const bias = s.bias + p * kLanes;
    const size_t block = size_t{panels} * kLanes;
    GatedTile input[N], state[N];
    MOTE_UNROLL for (uint32_t q = 0; q < N; ++q) GatedTile::begin(input[q], {bias + q * kLanes, block});
    add_and_flush(input, s.products[0], p, panels);
    MOTE_UNROLL for (uint32_t q = 0; q < N; ++q) MOTE_UNROLL for (uint32_t v = 0; v < kPanelVecs; ++v) {
        state[q].acc[0][v] = input[q].acc[0][kPanelVecs + v];
        state[q].acc[0][kPanelVecs + v] = input[q].acc[0][2 * kPanelVecs + v];
        state[q].acc[0][2 * kPanelVecs + v] = load(bias + 3 * block + q * kLanes + v * kVecLanes);
    }
    add_and_flush(state, s.products[1], p, panels);
    Mask bad = none();
    MOTE_UNROLL for (uint32_t q = 0; q < N; ++q) bad = bad | gate_panel(h, s.products[1].x, p + q, input[q], state[q]);
    return any(bad) ? kNotFinite : 0;
}

uint32_t gated_row(Mat h, const RowStep &s) {
    const uint32_t panels = panel_count(s.n);
    const EvenSplit split(panels, kGatedPanels);
    uint32_t found = 0;
    for (uint32_t done = 0; done < split.tiles; ++done) {
        const uint32_t i = split.next(done, s.backwards), p = split.first(i);
        found |= with_constant<kGatedPanels>(split.size(i), [&](auto n) MOTE_INLINE_LAMBDA {
            return gated_panels<decltype(n)::value>(h, s, p, panels);
        });
    }
    return found;
}

} // namespace mote::cpu::MOTE_ISA

#endif
