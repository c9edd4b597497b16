// AVX2 multiplies bytes without a sign by bytes with one, and adds two products in 16 bits, saturating: 2 * 127 * 127
// is no more than these hold. So the inputs give their magnitude, and their signs to the weights.
#ifndef MOTE_QUANT_DOTS_AVX2_H
#define MOTE_QUANT_DOTS_AVX2_H

#include "isa_avx2.h"

#include "quant_exact.h"

#define MOTE_QUANT_DOTS

namespace mote::cpu::MOTE_ISA {

constexpr uint32_t kQuantPanels = 4, kQuantChains = 0;

struct Inputs {
    Words x, size;
};
using Weights = Words;

MOTE_INLINE Inputs inputs_at(const int8_t *x) {
    const Words four = set_words(word_at(x));
    return {four, _mm256_abs_epi8(four)};
}
MOTE_INLINE Weights weights_of(Words w) { return w; }
template <bool> MOTE_INLINE Weights weights_at(const int8_t *w) { return weights_of(load_words(w)); }
MOTE_INLINE Words dot(Sums sums, const Inputs &x, Weights w) {
    const Words pairs = _mm256_maddubs_epi16(x.size, _mm256_sign_epi8(w, x.x));
    return plus(sums, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

} // namespace mote::cpu::MOTE_ISA

#endif
