// A vector of an instruction set, through xsimd 8.1 or newer: the one place that knows its names.
// Included inside the namespace of an instruction set, after fma1.h, where `Batch` is xsimd's type for it. What xsimd
// gets wrong for equal bits is done here: fma is not fused on AVX-512, `/` and sqrt are estimates on NEON.

struct Vec {
    Batch v;
};
using Mask = Batch::batch_bool_type;
using Register = Batch::register_type;
constexpr uint32_t kVecLanes = static_cast<uint32_t>(Batch::size);

MOTE_INLINE Vec load(const float *p) { return {Batch::load_unaligned(p)}; }
MOTE_INLINE void store(float *p, Vec a) { a.v.store_unaligned(p); }
MOTE_INLINE Vec set1(float x) { return {Batch(x)}; }
// In a register: GCC would rather load again what two multiply-adds share, and the loads are the fewer.
MOTE_INLINE Vec held(Vec a) {
    Register r = a.v;
#if defined(__AVX512F__)
    __asm__("" : "+v"(r));
#elif defined(__SSE2__)
    __asm__("" : "+x"(r));
#endif
    return {Batch(r)};
}
MOTE_INLINE Vec operator+(Vec a, Vec b) { return {a.v + b.v}; }
MOTE_INLINE Vec operator-(Vec a, Vec b) { return {a.v - b.v}; }
MOTE_INLINE Vec operator*(Vec a, Vec b) { return {a.v * b.v}; }
#if defined(__FMA__) // by the registers of Batch: a build for one machine allows more than the file's instruction set
#if defined(__AVX512F__) // where xsimd 8.1 multiplies and adds
MOTE_INLINE __m512 fused(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(a, b, c); }
#endif
MOTE_INLINE __m256 fused(__m256 a, __m256 b, __m256 c) { return _mm256_fmadd_ps(a, b, c); }
MOTE_INLINE __m128 fused(__m128 a, __m128 b, __m128 c) { return _mm_fmadd_ps(a, b, c); }
MOTE_INLINE Vec fma(Vec a, Vec b, Vec c) { return {Batch(fused(a.v, b.v, c.v))}; }
#elif defined(__SSE2__)
MOTE_INLINE Vec fma(Vec a, Vec b, Vec c) { return {Batch(fma4(a.v, b.v, c.v))}; }
#else
MOTE_INLINE Vec fma(Vec a, Vec b, Vec c) { return {xsimd::fma(a.v, b.v, c.v)}; }
#endif
#if defined(__aarch64__)
MOTE_INLINE Vec operator/(Vec a, Vec b) { return {Batch(vdivq_f32(a.v, b.v))}; }
MOTE_INLINE Vec root(Vec a) { return {Batch(vsqrtq_f32(a.v))}; }
#elif defined(__ARM_NEON) // 32-bit NEON has nothing but estimates; the scalar unit rounds correctly
MOTE_INLINE Vec operator/(Vec a, Vec b) {
    const float32x4_t x = a.v, y = b.v;
    return {Batch(float32x4_t{x[0] / y[0], x[1] / y[1], x[2] / y[2], x[3] / y[3]})};
}
MOTE_INLINE Vec root(Vec a) {
    const float32x4_t x = a.v;
    return {
        Batch(float32x4_t{__builtin_sqrtf(x[0]), __builtin_sqrtf(x[1]), __builtin_sqrtf(x[2]), __builtin_sqrtf(x[3])})};
}
#else
MOTE_INLINE Vec operator/(Vec a, Vec b) { return {a.v / b.v}; }
#if defined(__AVX512F__)
// The square root, correctly rounded as the instruction's is, in half its time (5.7 against 8.4 ns for a vector of
// Adagrad): from an estimate y of 1/sqrt(x), g = x y and h = y/2 by one step of Newton's method each (Markstein 1990),
// then g's error in one multiply-add. Where a step could leave the normal numbers, the instruction does it.
MOTE_INLINE __m512 rounded_root(__m512 x) {
    const __m512i smallest = _mm512_set1_epi32((127 - 80) << 23), range = _mm512_set1_epi32(200 << 23);
    const __m512i above = _mm512_sub_epi32(_mm512_castps_si512(x), smallest);
    if (__builtin_expect(_mm512_cmpgt_epu32_mask(above, range), 0)) return _mm512_sqrt_ps(x);
    const __m512 half = _mm512_set1_ps(0.5f), y = _mm512_rsqrt14_ps(x);
    __m512 g = _mm512_mul_ps(x, y), h = _mm512_mul_ps(half, y);
    const __m512 error = _mm512_fnmadd_ps(h, g, half);
    g = _mm512_fmadd_ps(g, error, g);
    h = _mm512_fmadd_ps(h, error, h);
    return _mm512_fmadd_ps(_mm512_fnmadd_ps(g, g, x), h, g);
}
#endif
#if defined(__AVX__)
MOTE_INLINE __m256 rounded_root(__m256 x) { return _mm256_sqrt_ps(x); }
#endif
MOTE_INLINE __m128 rounded_root(__m128 x) { return _mm_sqrt_ps(x); }
MOTE_INLINE Vec root(Vec a) { return {Batch(rounded_root(static_cast<Register>(a.v)))}; }
#endif
#if defined(__ARM_NEON) && !defined(__aarch64__) // GCC 12 makes four scalar comparisons of what xsimd asks for
MOTE_INLINE Mask less(Vec a, Vec b) {
    const float32x4_t x = a.v, y = b.v;
    uint32x4_t mask;
    __asm__("vcgt.f32 %q0, %q1, %q2" : "=w"(mask) : "w"(y), "w"(x));
    return mask;
}
MOTE_INLINE Mask less_equal(Vec a, Vec b) {
    const float32x4_t x = a.v, y = b.v;
    uint32x4_t mask;
    __asm__("vcge.f32 %q0, %q1, %q2" : "=w"(mask) : "w"(y), "w"(x));
    return mask;
}
#else
MOTE_INLINE Mask less(Vec a, Vec b) { return a.v < b.v; }
MOTE_INLINE Mask less_equal(Vec a, Vec b) { return a.v <= b.v; }
#endif
MOTE_INLINE Vec select(Mask m, Vec a, Vec b) { return {xsimd::select(m, a.v, b.v)}; }
MOTE_INLINE Vec larger(Vec a, Vec b) { return select(less(a, b), b, a); }
MOTE_INLINE Mask none() { return Batch(0.0f) < Batch(0.0f); }
MOTE_INLINE Mask either(Mask a, Mask b) { return a | b; }
MOTE_INLINE Mask opposite(Mask a) { return !a; }
MOTE_INLINE bool any(Mask a) { return xsimd::any(a); }

// xsimd 10 turned bitwise_cast's parameter from a batch into its element.
using IntBatch = xsimd::batch<int32_t, Batch::arch_type>;
#if defined(__ARM_NEON) // xsimd 8.1 goes through a table of functions here, which are called
MOTE_INLINE IntBatch to_bits(Batch a) { return IntBatch(vreinterpretq_s32_f32(a)); }
MOTE_INLINE Batch from_bits(IntBatch a) { return Batch(vreinterpretq_f32_s32(a)); }
#elif XSIMD_VERSION_MAJOR >= 10
MOTE_INLINE IntBatch to_bits(Batch a) { return xsimd::bitwise_cast<int32_t>(a); }
MOTE_INLINE Batch from_bits(IntBatch a) { return xsimd::bitwise_cast<float>(a); }
#else
MOTE_INLINE IntBatch to_bits(Batch a) { return xsimd::bitwise_cast<IntBatch>(a); }
MOTE_INLINE Batch from_bits(IntBatch a) { return xsimd::bitwise_cast<Batch>(a); }
#endif
MOTE_INLINE Vec magnitude(Vec a) { return {from_bits(to_bits(a.v) & IntBatch(0x7fffffff))}; }
MOTE_INLINE Vec negate(Vec a) { return {from_bits(to_bits(a.v) ^ IntBatch(INT32_MIN))}; }
MOTE_INLINE Vec with_sign(Vec a, Vec sign) {
    return {from_bits(to_bits(a.v) | (to_bits(sign.v) & IntBatch(INT32_MIN)))};
}
// x = 2^n m, sqrt(1/2) <= m < sqrt(2), for a positive normal x. 1.5 * 2^23 + n has n in its low bits.
MOTE_INLINE Vec exponent(Vec x, Vec *m) {
    const IntBatch root_half(0x3f3504f3), offset = to_bits(x.v) - root_half;
    *m = {from_bits((offset & IntBatch(0x007fffff)) + root_half)};
    return {from_bits((offset >> 23) + IntBatch(0x4b400000)) - Batch(0x1.8p23f)};
}
MOTE_INLINE Vec pow2(Vec shifted) { return {from_bits((to_bits(shifted.v) << 23) + IntBatch(0x3f800000))}; }

#include "vec_lanes.h"

#include "vec_transpose.h"
