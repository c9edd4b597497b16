// What vec_xsimd.h needs of x86's registers beside xsimd. A build for one machine allows more than the file's
// instruction set, so functions are chosen by the type of their registers.
#ifndef MOTE_REGISTERS_X86_H
#define MOTE_REGISTERS_X86_H

#include "isa.h"
#if !defined(__FMA__)
#include "fma_sse2.h"
#endif

namespace mote::cpu::MOTE_ISA {

template <uint32_t N> struct By {}; // a number of lanes

// fused: a b + c, rounded once. rounded_sqrt: rounded correctly. shift_down: lanes moved down by half a register or
// less; those above may hold anything. load_lanes: where a lane of m is set, else +0, and nothing is read.
// not_less_equal: also true of NaN. without: a, but +0 where a lane of m is set. lesser, greater: a where it is that,
// else b, so where one is NaN. lesser_magnitude: the lesser of two magnitudes, none of them NaN.
//
// For transpose_columns(): load_columns reads four columns of the rows i, i + 4, i + 8, …, as many as go into a
// register, where p points to row i, or eight columns of half as many rows; `left` is how many rows there are from it
// on, and the others are left as x has them. low_pairs and high_pairs interleave the lower and upper halves of each
// four lanes, low_halves and high_halves join them; low_quads and high_quads join the first and the second four of each
// eight lanes.

#if defined(__AVX512F__)
// xsimd 8.1 multiplies and adds.
MOTE_INLINE __m512 fused(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(a, b, c); }
template <uint32_t N> MOTE_INLINE void sqrt_instructions(__m512 (&x)[N]) {
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) x[i] = _mm512_sqrt_ps(x[i]);
}
// In half the time of the instruction (5.7 against 8.4 ns for a vector of Adagrad): from an estimate y of 1/sqrt(x),
// g = x y and h = y/2 by one step of Newton's method each (Markstein 1990), then g's error in one multiply-add. Where a
// step could leave the normal numbers, the instruction does it. Several at a time, since each waits for what it has
// just computed: 0.80 of the time.
template <uint32_t N> MOTE_INLINE void rounded_sqrts(__m512 (&x)[N]) {
    const __m512i smallest = _mm512_set1_epi32((127 - 80) << 23), range = _mm512_set1_epi32(200 << 23);
    uint32_t outside = 0;
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) outside |=
        _mm512_cmpgt_epu32_mask(_mm512_sub_epi32(_mm512_castps_si512(x[i]), smallest), range);
    if (__builtin_expect(outside != 0, 0)) return sqrt_instructions(x);
    const __m512 half = _mm512_set1_ps(0.5f);
    __m512 g[N], h[N], error[N];
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) h[i] = _mm512_rsqrt14_ps(x[i]);
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) {
        g[i] = _mm512_mul_ps(x[i], h[i]);
        h[i] = _mm512_mul_ps(half, h[i]);
    }
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) error[i] = _mm512_fnmadd_ps(h[i], g[i], half);
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) {
        g[i] = _mm512_fmadd_ps(g[i], error[i], g[i]);
        h[i] = _mm512_fmadd_ps(h[i], error[i], h[i]);
    }
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) x[i] = _mm512_fnmadd_ps(g[i], g[i], x[i]);
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) x[i] = _mm512_fmadd_ps(x[i], h[i], g[i]);
}
MOTE_INLINE __m512 rounded_sqrt(__m512 x) {
    __m512 one[1] = {x};
    rounded_sqrts(one);
    return one[0];
}
MOTE_INLINE __m512 shift_down(__m512 a, By<8>) { return _mm512_shuffle_f32x4(a, a, 0x0e); }
MOTE_INLINE __m512 shift_down(__m512 a, By<4>) { return _mm512_shuffle_f32x4(a, a, 0x01); }
MOTE_INLINE __m512 shift_down(__m512 a, By<2>) { return _mm512_permute_ps(a, 0x0e); }
MOTE_INLINE __m512 shift_down(__m512 a, By<1>) { return _mm512_permute_ps(a, 0x01); }
MOTE_INLINE float first_lane(__m512 a) { return _mm512_cvtss_f32(a); }
MOTE_INLINE __mmask16 not_less_equal(__m512 a, __m512 b) {
    return static_cast<__mmask16>(~_mm512_cmp_ps_mask(a, b, _CMP_LE_OQ));
}
MOTE_INLINE __m512 lesser(__m512 a, __m512 b) { return _mm512_min_ps(a, b); }
MOTE_INLINE __m512 greater(__m512 a, __m512 b) { return _mm512_max_ps(a, b); }
MOTE_INLINE __m512 lesser_magnitude(__m512 a, __m512 b) { return _mm512_range_ps(a, b, 0b1010); }
MOTE_INLINE __m512 without(__m512 a, __mmask16 m) { return _mm512_mask_mov_ps(a, m, _mm512_setzero_ps()); }
MOTE_INLINE __m512 load_lanes(__mmask16 m, const float *p) { return _mm512_maskz_loadu_ps(m, p); }
template <uint32_t Columns> MOTE_INLINE __m512 load_columns(const float *p, uint32_t left, __m512 x) {
    if constexpr (Columns == 8) {
        x = left > 0 ? _mm512_zextps256_ps512(_mm256_loadu_ps(p)) : x;
        return left > 4 ? _mm512_castpd_ps(_mm512_insertf64x4(_mm512_castps_pd(x),
                                                              _mm256_castps_pd(_mm256_loadu_ps(p + 4 * kLanes)), 1))
                        : x;
    } else {
        x = left > 0 ? _mm512_zextps128_ps512(_mm_loadu_ps(p)) : x;
        x = left > 4 ? _mm512_insertf32x4(x, _mm_loadu_ps(p + 4 * kLanes), 1) : x;
        x = left > 8 ? _mm512_insertf32x4(x, _mm_loadu_ps(p + 8 * kLanes), 2) : x;
        return left > 12 ? _mm512_insertf32x4(x, _mm_loadu_ps(p + 12 * kLanes), 3) : x;
    }
}
MOTE_INLINE __m512 low_pairs(__m512 a, __m512 b) { return _mm512_unpacklo_ps(a, b); }
MOTE_INLINE __m512 high_pairs(__m512 a, __m512 b) { return _mm512_unpackhi_ps(a, b); }
MOTE_INLINE __m512 low_halves(__m512 a, __m512 b) { return _mm512_shuffle_ps(a, b, 0x44); }
MOTE_INLINE __m512 high_halves(__m512 a, __m512 b) { return _mm512_shuffle_ps(a, b, 0xee); }
MOTE_INLINE __m512 low_quads(__m512 a, __m512 b) { return _mm512_shuffle_f32x4(a, b, 0x88); }
MOTE_INLINE __m512 high_quads(__m512 a, __m512 b) { return _mm512_shuffle_f32x4(a, b, 0xdd); }
#endif

#if defined(__AVX__)
MOTE_INLINE __m256 rounded_sqrt(__m256 x) { return _mm256_sqrt_ps(x); }
MOTE_INLINE __m256 shift_down(__m256 a, By<4>) { return _mm256_permute2f128_ps(a, a, 0x01); }
MOTE_INLINE __m256 shift_down(__m256 a, By<2>) { return _mm256_permute_ps(a, 0x0e); }
MOTE_INLINE __m256 shift_down(__m256 a, By<1>) { return _mm256_permute_ps(a, 0x01); }
MOTE_INLINE float first_lane(__m256 a) { return _mm256_cvtss_f32(a); }
MOTE_INLINE __m256 not_less_equal(__m256 a, __m256 b) { return _mm256_cmp_ps(a, b, _CMP_NLE_UQ); }
MOTE_INLINE __m256 lesser(__m256 a, __m256 b) { return _mm256_min_ps(a, b); }
MOTE_INLINE __m256 greater(__m256 a, __m256 b) { return _mm256_max_ps(a, b); }
MOTE_INLINE __m256 lesser_magnitude(__m256 a, __m256 b) {
    const __m256 sign = _mm256_set1_ps(-0.0f);
    return _mm256_min_ps(_mm256_andnot_ps(sign, a), _mm256_andnot_ps(sign, b));
}
MOTE_INLINE __m256 without(__m256 a, __m256 m) { return _mm256_andnot_ps(m, a); }
MOTE_INLINE __m256 load_lanes(__m256 m, const float *p) { return _mm256_maskload_ps(p, _mm256_castps_si256(m)); }
MOTE_INLINE __m128 load_lanes(__m128 m, const float *p) { return _mm_maskload_ps(p, _mm_castps_si128(m)); }
template <uint32_t> MOTE_INLINE __m256 load_columns(const float *p, uint32_t left, __m256 x) {
    x = left > 0 ? _mm256_zextps128_ps256(_mm_loadu_ps(p)) : x;
    return left > 4 ? _mm256_insertf128_ps(x, _mm_loadu_ps(p + 4 * kLanes), 1) : x;
}
MOTE_INLINE __m256 low_pairs(__m256 a, __m256 b) { return _mm256_unpacklo_ps(a, b); }
MOTE_INLINE __m256 high_pairs(__m256 a, __m256 b) { return _mm256_unpackhi_ps(a, b); }
MOTE_INLINE __m256 low_halves(__m256 a, __m256 b) { return _mm256_shuffle_ps(a, b, 0x44); }
MOTE_INLINE __m256 high_halves(__m256 a, __m256 b) { return _mm256_shuffle_ps(a, b, 0xee); }
#endif

#if defined(__FMA__)
MOTE_INLINE __m256 fused(__m256 a, __m256 b, __m256 c) { return _mm256_fmadd_ps(a, b, c); }
MOTE_INLINE __m128 fused(__m128 a, __m128 b, __m128 c) { return _mm_fmadd_ps(a, b, c); }
#else
MOTE_INLINE __m128 fused(__m128 a, __m128 b, __m128 c) { return fma4(a, b, c); }
#endif
MOTE_INLINE __m128 rounded_sqrt(__m128 x) { return _mm_sqrt_ps(x); }
MOTE_INLINE __m128 shift_down(__m128 a, By<2>) { return _mm_movehl_ps(a, a); }
MOTE_INLINE __m128 shift_down(__m128 a, By<1>) { return _mm_shuffle_ps(a, a, 0x01); }
MOTE_INLINE __m128 not_less_equal(__m128 a, __m128 b) { return _mm_cmpnle_ps(a, b); }
MOTE_INLINE __m128 lesser(__m128 a, __m128 b) { return _mm_min_ps(a, b); }
MOTE_INLINE __m128 greater(__m128 a, __m128 b) { return _mm_max_ps(a, b); }
MOTE_INLINE __m128 lesser_magnitude(__m128 a, __m128 b) {
    const __m128 sign = _mm_set1_ps(-0.0f);
    return _mm_min_ps(_mm_andnot_ps(sign, a), _mm_andnot_ps(sign, b));
}
MOTE_INLINE __m128 without(__m128 a, __m128 m) { return _mm_andnot_ps(m, a); }
MOTE_INLINE float first_lane(__m128 a) { return _mm_cvtss_f32(a); }
template <uint32_t> MOTE_INLINE __m128 load_columns(const float *p, uint32_t left, __m128 x) {
    return left > 0 ? _mm_loadu_ps(p) : x;
}
MOTE_INLINE __m128 low_pairs(__m128 a, __m128 b) { return _mm_unpacklo_ps(a, b); }
MOTE_INLINE __m128 high_pairs(__m128 a, __m128 b) { return _mm_unpackhi_ps(a, b); }
MOTE_INLINE __m128 low_halves(__m128 a, __m128 b) { return _mm_movelh_ps(a, b); }
MOTE_INLINE __m128 high_halves(__m128 a, __m128 b) { return _mm_movehl_ps(b, a); }

// Keeps r in a register: GCC would rather load again what two multiply-adds share, and the loads are the fewer.
MOTE_INLINE Batch::register_type in_register(Batch::register_type r) {
#if defined(__AVX512F__)
    __asm__("" : "+v"(r));
#else
    __asm__("" : "+x"(r));
#endif
    return r;
}

MOTE_INLINE Batch quotient(Batch a, Batch b) { return a / b; }
MOTE_INLINE Batch::batch_bool_type is_less(Batch a, Batch b) { return a < b; }
MOTE_INLINE Batch::batch_bool_type is_less_equal(Batch a, Batch b) { return a <= b; }

// xsimd 10 changed bitwise_cast's parameter from a batch to its element.
using IntBatch = xsimd::batch<int32_t, Batch::arch_type>;
#if XSIMD_VERSION_MAJOR >= 10
MOTE_INLINE IntBatch to_bits(Batch a) { return xsimd::bitwise_cast<int32_t>(a); }
MOTE_INLINE Batch from_bits(IntBatch a) { return xsimd::bitwise_cast<float>(a); }
#else
MOTE_INLINE IntBatch to_bits(Batch a) { return xsimd::bitwise_cast<IntBatch>(a); }
MOTE_INLINE Batch from_bits(IntBatch a) { return xsimd::bitwise_cast<Batch>(a); }
#endif

} // namespace mote::cpu::MOTE_ISA

#endif
