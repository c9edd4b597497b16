// Sums of products by weights of 4 bits, in vectors of outputs: these become bytes, which are multiplied as those of
// quant_tiles.inl.h are.
#ifndef MOTE_QUANT4_TILES_INL_H
#define MOTE_QUANT4_TILES_INL_H

#include "quant_tiles.inl.h"

namespace mote::cpu::MOTE_ISA {

// sums + the products of eight inputs, where the type of `Both` is Words: a template, so that only what is there of
// weights_of() is asked for.
template <typename Both>
MOTE_INLINE Sums dot_eight(const Sums &sums, const Inputs &first, const Inputs &second, Both both) {
    if constexpr (kQuads == 1)
        return dot(dot(sums, first, weights_of(low_halves_of(both))), second, weights_of(high_halves_of(both)));
    else
        return dot(sums, first, weights_of(low_halves_of(both), high_halves_of(both)));
}

// Of one row by Cols panels: the sums of a group.
template <uint32_t Cols> struct Quant4Tile {
    static constexpr uint32_t kVecs = Cols * kPanelVecs;
    Sums sums[kVecs];
    InputSums inputs;

    MOTE_INLINE void clear(Quant4Tile &t) {
        t.inputs = no_inputs();
        MOTE_UNROLL for (uint32_t v = 0; v < kVecs; ++v) t.sums[v] = no_sums();
    }
    // Eight inputs.
    MOTE_INLINE void step(Quant4Tile &t, const int8_t *x, const int8_t *w, size_t panel) {
        const Inputs first = inputs_at(x), second = inputs_at(x + 8 - 4 * kQuads);
        t.inputs = added(t.inputs, first);
        if constexpr (kQuads == 1) t.inputs = added(t.inputs, second);
        MOTE_UNROLL for (uint32_t v = 0; v < kVecs; ++v) {
            const Words both = load_words(w + word_offset(v, panel));
            t.sums[v] = dot_eight(t.sums[v], first, second, both);
        }
    }
    // The sums over k, by the panels from w on.
    MOTE_INLINE void multiply(Words *to, const int8_t *x, const int8_t *w, uint32_t k) {
        const size_t panel = quant4_panel_bytes(k);
        const int8_t *groups = w + kLanes * sizeof(float);
        w = groups + quant4_group_bytes(k);
        MOTE_UNROLL for (uint32_t v = 0; v < kVecs; ++v) to[v] = set_words(0);
        for (uint32_t left = (k + 7) / 8; left > 0; groups += kLanes / 2) {
            const uint32_t steps = smaller(left, kQuant4Group / 8);
            Quant4Tile t;
            clear(t);
            for (uint32_t i = 0; i < steps; ++i, x += 8, w += kQuadBytes) step(t, x, w, panel);
            MOTE_UNROLL for (uint32_t v = 0; v < kVecs; ++v) {
                Words scales;
                group_scales(groups + v / kPanelVecs * panel, v % kPanelVecs, &scales);
                to[v] = plus(to[v], times(total(t.sums[v], t.inputs), scales));
            }
            left -= steps;
        }
    }
};

// The sums of a row of which one input is 1.
template <uint32_t Cols> MOTE_INLINE void choose4(Words *to, uint32_t input, const int8_t *w, uint32_t k) {
    const size_t panel = quant4_panel_bytes(k);
    const int8_t *const groups = w + kLanes * sizeof(float) + size_t{input} / kQuant4Group * (kLanes / 2);
    const int8_t *const at = w + kLanes * sizeof(float) + quant4_group_bytes(k) + size_t{input} / 8 * kQuadBytes;
    MOTE_UNROLL for (uint32_t v = 0; v < Cols * kPanelVecs; ++v) {
        const Words both = load_words(at + word_offset(v, panel));
        Words scales;
        group_scales(groups + v / kPanelVecs * panel, v % kPanelVecs, &scales);
        to[v] = times(picked(input % 8 < 4 ? low_halves_of(both) : high_halves_of(both), input % 4), scales);
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
