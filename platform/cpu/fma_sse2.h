// Fused multiply-adds of four floats for x86 without them.
//
// As fma_double.h does it, four at a time; the few that rounding twice may get wrong are computed again one by one.
#ifndef MOTE_FMA_SSE2_H
#define MOTE_FMA_SSE2_H

#include "fma_double.h"

namespace mote::cpu::MOTE_ISA {

MOTE_NOINLINE static __m128 fma_careful(__m128 a, __m128 b, __m128 c) {
    float x[4], y[4], z[4];
    _mm_storeu_ps(x, a);
    _mm_storeu_ps(y, b);
    _mm_storeu_ps(z, c);
    for (int i = 0; i < 4; ++i) z[i] = double_fma_odd(x[i], y[i], z[i]);
    return _mm_loadu_ps(z);
}

// The lower two in double precision.
MOTE_INLINE __m128d product_sum(__m128 a, __m128 b, __m128 c) {
    return _mm_add_pd(_mm_mul_pd(_mm_cvtps_pd(a), _mm_cvtps_pd(b)), _mm_cvtps_pd(c));
}

MOTE_INLINE __m128 upper(__m128 x) { return _mm_movehl_ps(x, x); }

MOTE_INLINE __m128i ties(__m128d sum) {
    const __m128i falls_away = _mm_set_epi32(0, 0x1fffffff, 0, 0x1fffffff);
    const __m128i half = _mm_set_epi32(1, 0x10000000, 1, 0x10000000); // 1: what an upper word, cleared, never equals
    return _mm_cmpeq_epi32(_mm_and_si128(_mm_castpd_si128(sum), falls_away), half);
}

// Sums below 2^-125 in magnitude, but not zeros.
MOTE_INLINE __m128i small(__m128d low, __m128d high) {
    const __m128 words = _mm_shuffle_ps(_mm_castpd_ps(low), _mm_castpd_ps(high), _MM_SHUFFLE(3, 1, 3, 1));
    const __m128i size = _mm_and_si128(_mm_castps_si128(words), _mm_set1_epi32(0x7fffffff));
    const __m128i below = _mm_cmplt_epi32(size, _mm_set1_epi32((1023 - 125) << 20));
    return _mm_and_si128(below, _mm_cmpgt_epi32(size, _mm_setzero_si128()));
}

MOTE_INLINE __m128 fma4(__m128 a, __m128 b, __m128 c) {
    const __m128d low = product_sum(a, b, c), high = product_sum(upper(a), upper(b), upper(c));
    const __m128i careful = _mm_or_si128(_mm_or_si128(ties(low), ties(high)), small(low, high));
    if (__builtin_expect(_mm_movemask_epi8(careful) != 0, 0)) return fma_careful(a, b, c);
    return _mm_movelh_ps(_mm_cvtpd_ps(low), _mm_cvtpd_ps(high));
}

} // namespace mote::cpu::MOTE_ISA

#endif
