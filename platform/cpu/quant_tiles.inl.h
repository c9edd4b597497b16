// Sums of products of small integers by vectors of outputs: the instruction set's quant_dots_*.h says how inputs are
// multiplied by a vector of words, an output's four weights each, as
//   Inputs inputs_at(x)                of kQuads times four inputs
//   Weights weights_at<Whole>(w)       the weights for them, at w and where there are more each kQuadBytes behind; not
//                                      Whole: the first four alone, before zeros
//   Sums dot(sums, inputs, weights)    sums + the products of each output
//   InputSums no_inputs(), added(input_sums, inputs)
//                                      what dot() makes too large by the inputs alone, if anything
//   Words total(sums, input_sums)      the sums of the outputs
// kQuantPanels is how many panels go at once, and kQuantChains how many vectors hide the latency of a dot().
#ifndef MOTE_QUANT_TILES_INL_H
#define MOTE_QUANT_TILES_INL_H

#include "panels.inl.h"
#include "quant_dots.h"

namespace mote::cpu::MOTE_ISA {

// Where the words of a vector of a panel are.
MOTE_INLINE size_t word_offset(uint32_t vec, size_t panel) {
    return vec / kPanelVecs * panel + vec % kPanelVecs * sizeof(Words);
}

// Of one row by Cols panels.
template <uint32_t Cols> struct QuantTile {
    static constexpr uint32_t kVecs = Cols * kPanelVecs;
    Sums sums[kVecs];
    InputSums inputs;

    MOTE_INLINE void clear(QuantTile &t) {
        t.inputs = no_inputs();
        MOTE_UNROLL for (uint32_t v = 0; v < kVecs; ++v) t.sums[v] = no_sums();
    }
    // A few inputs.
    template <bool Whole> MOTE_INLINE void step(QuantTile &t, const int8_t *x, const int8_t *w, size_t panel) {
        const Inputs four = inputs_at(x);
        t.inputs = added(t.inputs, four);
        MOTE_UNROLL for (uint32_t v = 0; v < kVecs; ++v) t.sums[v] =
            dot(t.sums[v], four, weights_at<Whole>(w + word_offset(v, panel)));
    }

    // The sums over k, by the panels from w on.
    MOTE_INLINE void multiply(Words *to, const int8_t *x, const int8_t *w, uint32_t k) {
        constexpr bool two = kVecs < kQuantChains;
        const size_t panel = quant_panel_bytes(k);
        uint32_t quads = (k + 3) / 4;
        w += kLanes * sizeof(float);
        QuantTile t, u;
        clear(t);
        clear(u);
        constexpr uint32_t inputs = 4 * kQuads, bytes = kQuadBytes * kQuads;
        if constexpr (two) {
            for (; quads >= 2 * kQuads; quads -= 2 * kQuads, x += 2 * inputs, w += 2 * bytes) {
                step<true>(t, x, w, panel);
                step<true>(u, x + inputs, w + bytes, panel);
            }
        }
        for (; quads >= kQuads; quads -= kQuads, x += inputs, w += bytes) step<true>(t, x, w, panel);
        if constexpr (kQuads > 1)
            if (quads > 0) step<false>(t, x, w, panel);
        MOTE_UNROLL for (uint32_t v = 0; v < kVecs; ++v) {
            to[v] = total(t.sums[v], t.inputs);
            if constexpr (two) to[v] = plus(to[v], total(u.sums[v], u.inputs));
        }
    }
};

// The sums of a row of which one input is 1.
template <uint32_t Cols> MOTE_INLINE void choose(Words *to, uint32_t input, const int8_t *w, uint32_t k) {
    const int8_t *const at = w + kLanes * sizeof(float) + size_t{input} / 4 * kQuadBytes;
    MOTE_UNROLL for (uint32_t v = 0; v < Cols * kPanelVecs; ++v) to[v] =
        picked(load_words(at + word_offset(v, quant_panel_bytes(k))), input % 4);
}

} // namespace mote::cpu::MOTE_ISA

#endif
