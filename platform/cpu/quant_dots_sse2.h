// SSE2 multiplies 16 bits: the bytes at even and at odd places apart.
#ifndef MOTE_QUANT_DOTS_SSE2_H
#define MOTE_QUANT_DOTS_SSE2_H

#include "quant_exact.h"

#define MOTE_QUANT_DOTS

namespace mote::cpu::MOTE_ISA {

constexpr uint32_t kQuantPanels = 1, kQuantChains = 0;

struct Inputs {
    Words even, odd;
};
using Weights = Inputs;

MOTE_INLINE Inputs apart(__m128i x) { return {_mm_srai_epi16(_mm_slli_epi16(x, 8), 8), _mm_srai_epi16(x, 8)}; }
MOTE_INLINE Inputs inputs_at(const int8_t *x) { return apart(set_words(word_at(x))); }
MOTE_INLINE Weights weights_of(Words w) { return apart(w); }
template <bool> MOTE_INLINE Weights weights_at(const int8_t *w) { return weights_of(load_words(w)); }
MOTE_INLINE Words dot(Sums sums, const Inputs &x, const Weights &w) {
    return plus(plus(sums, _mm_madd_epi16(w.even, x.even)), _mm_madd_epi16(w.odd, x.odd));
}

} // namespace mote::cpu::MOTE_ISA

#endif
