// As AVX2 does it (quant_dots_avx2.h), but a mask has the signs.
#ifndef MOTE_QUANT_DOTS_AVX512_H
#define MOTE_QUANT_DOTS_AVX512_H

#include "isa_avx512.h"

#include "quant_exact.h"

#define MOTE_QUANT_DOTS

namespace mote::cpu::MOTE_ISA {

constexpr uint32_t kQuantPanels = 8, kQuantChains = 0;

struct Inputs {
    Words size;
    __mmask64 negative;
};
using Weights = Words;

MOTE_INLINE Inputs inputs_at(const int8_t *x) {
    const Words four = set_words(word_at(x));
    return {_mm512_abs_epi8(four), _mm512_movepi8_mask(four)};
}
MOTE_INLINE Weights weights_of(Words w) { return w; }
template <bool> MOTE_INLINE Weights weights_at(const int8_t *w) { return weights_of(load_words(w)); }
MOTE_INLINE Words dot(Sums sums, const Inputs &x, Weights w) {
    const Words pairs = _mm512_maddubs_epi16(x.size, _mm512_mask_sub_epi8(w, x.negative, _mm512_setzero_si512(), w));
    return plus(sums, _mm512_madd_epi16(pairs, _mm512_set1_epi16(1)));
}

} // namespace mote::cpu::MOTE_ISA

#endif
