// VNNI multiplies bytes without a sign by bytes with one, and adds four products to 32 bits, which wrap. A weight is
// taken with 128 more than it has, by one bit; what that makes too much, 128 times the sum of the inputs, is the same
// for all outputs. Against it, for a character of an RNN of 64 and of 128 units: inputs with 128 more, and a product of
// each weight by 128 to take that off, 1.15 and 1.21 of the time; the signs of the inputs given to the weights, as
// quant_dots_avx512.h does it, 1.13 and 1.13.
#ifndef MOTE_QUANT_DOTS_VNNI_H
#define MOTE_QUANT_DOTS_VNNI_H

#ifndef MOTE_ISA // an editor parses this file alone
#include "isa_avx2vnni.h"
#endif
#include "registers_quant.h"

#define MOTE_QUANT_DOTS

namespace mote::cpu::MOTE_ISA {

// 256 bits: of 6 panels the floats that follow would take more stack than a kernel has.
constexpr uint32_t kQuads = 1, kQuantPanels = kVecLanes == 16 ? 6 : 3, kQuantChains = 8;

// Inline assembler: of the intrinsic function GCC 12 copies the sums to other registers and back, and to memory where a
// tile fills them.
#if defined(__AVX512VNNI__)
MOTE_INLINE __m512i add_products(__m512i sums, __m512i u, __m512i s) {
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(u), "v"(s));
    return sums;
}
MOTE_INLINE __m512i flip(__m512i a, __m512i b) { return _mm512_xor_si512(a, b); }
MOTE_INLINE __m512i minus(__m512i a, __m512i b) { return _mm512_sub_epi32(a, b); }
#endif
#if defined(__AVXVNNI__)
MOTE_INLINE __m256i add_products(__m256i sums, __m256i u, __m256i s) {
    __asm__("%{vex%} vpdpbusd %2, %1, %0" : "+x"(sums) : "x"(u), "x"(s));
    return sums;
}
#endif
MOTE_INLINE __m256i flip(__m256i a, __m256i b) { return _mm256_xor_si256(a, b); }
MOTE_INLINE __m256i minus(__m256i a, __m256i b) { return _mm256_sub_epi32(a, b); }

using Inputs = Words;
using Weights = Words;
using Sums = Words;
using InputSums = Words;

MOTE_INLINE Inputs inputs_at(const int8_t *x) { return set_words(word_at(x)); }
MOTE_INLINE Weights weights_of(Words w) { return flip(w, set_words(0x80808080u)); }
template <bool> MOTE_INLINE Weights weights_at(const int8_t *w) { return weights_of(load_words(w)); }
MOTE_INLINE Sums dot(Sums sums, Inputs x, Weights w) { return add_products(sums, w, x); }
MOTE_INLINE Sums no_sums() { return set_words(0); }
MOTE_INLINE InputSums no_inputs() { return set_words(0); }
MOTE_INLINE InputSums added(InputSums sums, Inputs x) { return add_products(sums, set_words(0x80808080u), x); }
MOTE_INLINE Words total(Sums sums, InputSums inputs) { return minus(sums, inputs); }

} // namespace mote::cpu::MOTE_ISA

#endif
