// What quantized rows need of x86's registers. A build for one machine allows more than the file's instruction set, so
// functions are chosen by the type of their registers.
#ifndef MOTE_REGISTERS_QUANT_X86_H
#define MOTE_REGISTERS_QUANT_X86_H

#include "vec_xsimd.h"

namespace mote::cpu::MOTE_ISA {

// As many integers of 32 bits as a vector has floats: sums, or four weights each.
using Words = IntBatch::register_type;

MOTE_INLINE Words load_words(const int8_t *p) { return IntBatch::load_unaligned(reinterpret_cast<const int32_t *>(p)); }
MOTE_INLINE Words set_words(uint32_t x) { return IntBatch(static_cast<int32_t>(x)); }
// Four small integers, as one word.
MOTE_INLINE uint32_t word_at(const int8_t *p) {
    uint32_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

// to_floats: rounded correctly. picked: one of the four bytes of each word, the lowest is 0, as an integer.
// store_bytes: the lowest byte of each of 16 words. low_halves_of and high_halves_of: of each byte 4 bits, less 8.
// group_scales: of 8 bytes the 16 halves, low ones first, or those of vector v. times: of words that fit into 16 bits.

#if defined(__AVX512F__)
MOTE_INLINE __m512i plus(__m512i a, __m512i b) { return _mm512_add_epi32(a, b); }
MOTE_INLINE __m512 to_floats(__m512i a) { return _mm512_cvtepi32_ps(a); }
MOTE_INLINE __m512i picked(__m512i a, uint32_t place) {
    return _mm512_srai_epi32(_mm512_sll_epi32(a, _mm_cvtsi32_si128(24 - 8 * static_cast<int32_t>(place))), 24);
}
MOTE_INLINE __m512i low_halves_of(__m512i a) {
    return _mm512_sub_epi8(_mm512_and_si512(a, _mm512_set1_epi8(15)), _mm512_set1_epi8(8));
}
MOTE_INLINE __m512i high_halves_of(__m512i a) { return low_halves_of(_mm512_srli_epi16(a, 4)); }
MOTE_INLINE __m512i times(__m512i a, __m512i b) { return _mm512_madd_epi16(a, b); }
MOTE_INLINE void group_scales(const int8_t *p, uint32_t, __m512i *to) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(p));
    const __m128i both = _mm_unpacklo_epi64(bytes, _mm_srli_epi16(bytes, 4));
    *to = _mm512_cvtepu8_epi32(_mm_and_si128(both, _mm_set1_epi8(15)));
}
MOTE_INLINE void store_bytes(int8_t *q, const __m512i *a) {
    _mm_storeu_si128(reinterpret_cast<__m128i *>(q), _mm512_cvtepi32_epi8(a[0]));
}
#endif

#if defined(__AVX2__)
MOTE_INLINE __m256i plus(__m256i a, __m256i b) { return _mm256_add_epi32(a, b); }
MOTE_INLINE __m256 to_floats(__m256i a) { return _mm256_cvtepi32_ps(a); }
MOTE_INLINE __m256i picked(__m256i a, uint32_t place) {
    return _mm256_srai_epi32(_mm256_sll_epi32(a, _mm_cvtsi32_si128(24 - 8 * static_cast<int32_t>(place))), 24);
}
MOTE_INLINE __m256i low_halves_of(__m256i a) {
    return _mm256_sub_epi8(_mm256_and_si256(a, _mm256_set1_epi8(15)), _mm256_set1_epi8(8));
}
MOTE_INLINE __m256i high_halves_of(__m256i a) { return low_halves_of(_mm256_srli_epi16(a, 4)); }
MOTE_INLINE __m256i times(__m256i a, __m256i b) { return _mm256_madd_epi16(a, b); }
MOTE_INLINE void group_scales(const int8_t *p, uint32_t v, __m256i *to) {
    const __m256i words = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i *>(p)));
    *to = v == 0 ? _mm256_and_si256(words, _mm256_set1_epi32(15)) : _mm256_srli_epi32(words, 4);
}
MOTE_INLINE void store_bytes(int8_t *q, const __m256i *a) {
    const __m256i words = _mm256_packs_epi32(picked(a[0], 0), picked(a[1], 0)); // four of each in turn
    const __m256i bytes = _mm256_packs_epi16(words, words);
    const __m128i low = _mm256_castsi256_si128(bytes), high = _mm256_extracti128_si256(bytes, 1);
    _mm_storeu_si128(reinterpret_cast<__m128i *>(q), _mm_unpacklo_epi32(low, high));
}
#endif

MOTE_INLINE __m128i plus(__m128i a, __m128i b) { return _mm_add_epi32(a, b); }
MOTE_INLINE __m128 to_floats(__m128i a) { return _mm_cvtepi32_ps(a); }
MOTE_INLINE __m128i picked(__m128i a, uint32_t place) {
    return _mm_srai_epi32(_mm_sll_epi32(a, _mm_cvtsi32_si128(24 - 8 * static_cast<int32_t>(place))), 24);
}
MOTE_INLINE __m128i low_halves_of(__m128i a) {
    return _mm_sub_epi8(_mm_and_si128(a, _mm_set1_epi8(15)), _mm_set1_epi8(8));
}
MOTE_INLINE __m128i high_halves_of(__m128i a) { return low_halves_of(_mm_srli_epi16(a, 4)); }
MOTE_INLINE __m128i times(__m128i a, __m128i b) { return _mm_madd_epi16(a, b); }
MOTE_INLINE void group_scales(const int8_t *p, uint32_t v, __m128i *to) {
    const __m128i zeros = _mm_setzero_si128(), bytes = _mm_cvtsi32_si128(static_cast<int32_t>(word_at(p + v % 2 * 4)));
    const __m128i words = _mm_unpacklo_epi16(_mm_unpacklo_epi8(bytes, zeros), zeros);
    *to = v < 2 ? _mm_and_si128(words, _mm_set1_epi32(15)) : _mm_srli_epi32(words, 4);
}
MOTE_INLINE void store_bytes(int8_t *q, const __m128i *a) {
    const __m128i low = _mm_packs_epi32(picked(a[0], 0), picked(a[1], 0)),
                  high = _mm_packs_epi32(picked(a[2], 0), picked(a[3], 0));
    _mm_storeu_si128(reinterpret_cast<__m128i *>(q), _mm_packs_epi16(low, high));
}

// The lowest byte of each of the 16 floats' bits.
MOTE_INLINE void store_low_bytes(int8_t *q, const Vec *x) {
    Words words[16 / kVecLanes];
    MOTE_UNROLL for (uint32_t v = 0; v < 16 / kVecLanes; ++v) words[v] = to_bits(x[v].v);
    store_bytes(q, words);
}

} // namespace mote::cpu::MOTE_ISA

#endif
