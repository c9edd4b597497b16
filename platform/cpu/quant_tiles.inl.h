// Sums of products of small integers by vectors of outputs: the instruction set's quant_dots_*.h says how inputs are
// multiplied by a vector of words, an output's four weights each, as
//   Inputs inputs_at(x)                of kQuads times four inputs
//   Weights weights_at<Whole>(w)       the weights for them, at w and where there are more each kQuadBytes behind; not
//                                      Whole: the first four alone, before zeros
//   Sums dot(sums, inputs, weights)    sums + the products of each output
//   InputSums no_inputs(), added(input_sums, inputs)
//                                      what dot() makes too large by the inputs alone, if anything
//   Words total(sums, input_sums)      the sums of the outputs
// kQuantPanels is how many panels of one row go at once, kQuantRows and kQuantCols how many rows and panels of several,
// and kQuantChains how many vectors hide the latency of a dot().
#ifndef MOTE_QUANT_TILES_INL_H
#define MOTE_QUANT_TILES_INL_H

#include "panels.inl.h"
#include "quant_dots.h"

namespace mote::cpu::MOTE_ISA {

// Where the words of a vector of a panel are.
MOTE_INLINE size_t word_offset(uint32_t vec, size_t panel) {
    return vec / kPanelVecs * panel + vec % kPanelVecs * sizeof(Words);
}

// Rows rows by Cols panels.
template <uint32_t Rows, uint32_t Cols> struct QuantTile {
    static constexpr uint32_t kVecs = Cols * kPanelVecs;
    Sums sums[Rows][kVecs];
    InputSums inputs[Rows];

    MOTE_INLINE void clear(QuantTile &t) {
        MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) {
            t.inputs[i] = no_inputs();
            MOTE_UNROLL for (uint32_t v = 0; v < kVecs; ++v) t.sums[i][v] = no_sums();
        }
    }
    // A few inputs of each row.
    template <bool Whole>
    MOTE_INLINE void step(QuantTile &t, const int8_t *x, size_t row, const int8_t *w, size_t panel) {
        Inputs four[Rows];
        MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) {
            four[i] = inputs_at(x + i * row);
            t.inputs[i] = added(t.inputs[i], four[i]);
        }
        MOTE_UNROLL for (uint32_t v = 0; v < kVecs; ++v) {
            const Weights b = weights_at<Whole>(w + word_offset(v, panel));
            MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) t.sums[i][v] = dot(t.sums[i][v], four[i], b);
        }
    }

    // The sums over k of rows that are `row` bytes apart, by the panels from w on.
    MOTE_INLINE void multiply(Words *to, const int8_t *x, size_t row, const int8_t *w, uint32_t k) {
        constexpr bool two = Rows * kVecs < kQuantChains;
        const size_t panel = quant_panel_bytes(k);
        uint32_t quads = (k + 3) / 4;
        w += kLanes * sizeof(float);
        QuantTile t, u;
        clear(t);
        clear(u);
        constexpr uint32_t inputs = 4 * kQuads, bytes = kQuadBytes * kQuads;
        if constexpr (two) {
            for (; quads >= 2 * kQuads; quads -= 2 * kQuads, x += 2 * inputs, w += 2 * bytes) {
                step<true>(t, x, row, w, panel);
                step<true>(u, x + inputs, row, w + bytes, panel);
            }
        }
        for (; quads >= kQuads; quads -= kQuads, x += inputs, w += bytes) step<true>(t, x, row, w, panel);
        if constexpr (kQuads > 1)
            if (quads > 0) step<false>(t, x, row, w, panel);
        MOTE_UNROLL for (uint32_t i = 0; i < Rows; ++i) MOTE_UNROLL for (uint32_t v = 0; v < kVecs; ++v) {
            Words &sum = to[i * kVecs + v];
            sum = total(t.sums[i][v], t.inputs[i]);
            if constexpr (two) sum = plus(sum, total(u.sums[i][v], u.inputs[i]));
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
