// A vector of one float: microcontrollers, and everything else as the reference path. No dependency.
// Included inside the namespace of an instruction set.

struct Vec {
    float v;
};
using Mask = bool;
constexpr uint32_t kVecLanes = 1;

#include "soft_float.h"

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || (defined(__riscv_flen) && __riscv_flen >= 32)
MOTE_INLINE float fma1(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
#elif defined(__SSE2__)
// A fused multiply-add out of doubles. The product is exact; the sum is rounded to odd (Boldo and Melquiond 2008), so
// that rounding it once more to float is the same as rounding the exact value: 53 bits >= 2 * 24 + 2.
MOTE_INLINE float fma1(float a, float b, float c) {
    const double product = static_cast<double>(a) * static_cast<double>(b);
    const double addend = static_cast<double>(c);
    const double sum = product + addend;
    const double virtual_addend = sum - product;
    const double error = (product - (sum - virtual_addend)) + (addend - virtual_addend); // exact (Knuth's TwoSum)
    uint64_t bits;
    memcpy(&bits, &sum, sizeof bits);
    // An error that is NaN (an infinite sum) is neither above nor below zero and leaves the sum as it is.
    const bool inexact = error > 0 || error < 0;
    if (inexact && (bits & 1) == 0) bits += (error > 0) == (sum > 0) ? 1u : ~uint64_t{0};
    double odd;
    memcpy(&odd, &bits, sizeof odd);
    return static_cast<float>(odd);
}
#else
MOTE_INLINE float fma1(float a, float b, float c) { return soft_fma(a, b, c); }
#endif

#if defined(__SSE2__)
MOTE_INLINE float sqrt_1(float x) { return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x))); }
#elif defined(__ARM_FP) || (defined(__riscv_flen) && __riscv_flen >= 32)
MOTE_INLINE float sqrt_1(float x) { return __builtin_sqrtf(x); }
#else
MOTE_INLINE float sqrt_1(float x) { return soft_sqrt(x); }
#endif

MOTE_INLINE Vec load(const float *p) { return {*p}; }
MOTE_INLINE void store(float *p, Vec a) { *p = a.v; }
MOTE_INLINE Vec set1(float x) { return {x}; }
MOTE_INLINE Vec operator+(Vec a, Vec b) { return {a.v + b.v}; }
MOTE_INLINE Vec operator-(Vec a, Vec b) { return {a.v - b.v}; }
MOTE_INLINE Vec operator*(Vec a, Vec b) { return {a.v * b.v}; }
MOTE_INLINE Vec operator/(Vec a, Vec b) { return {a.v / b.v}; }
MOTE_INLINE Vec fma(Vec a, Vec b, Vec c) { return {fma1(a.v, b.v, c.v)}; }
MOTE_INLINE Vec root(Vec a) { return {sqrt_1(a.v)}; }
MOTE_INLINE Vec negate(Vec a) { return {-a.v}; }
MOTE_INLINE Vec magnitude(Vec a) { return {mote_float(mote_bits(a.v) & 0x7fffffffu)}; }
MOTE_INLINE Mask less(Vec a, Vec b) { return a.v < b.v; }
MOTE_INLINE Mask less_equal(Vec a, Vec b) { return a.v <= b.v; }
MOTE_INLINE Vec select(Mask m, Vec a, Vec b) { return m ? a : b; }
MOTE_INLINE Mask none() { return false; }
MOTE_INLINE Mask either(Mask a, Mask b) { return a || b; }
MOTE_INLINE Mask opposite(Mask a) { return !a; }
MOTE_INLINE bool any(Mask a) { return a; }
// The sign of `sign` on the magnitude `a`.
MOTE_INLINE Vec with_sign(Vec a, Vec sign) { return {mote_float(mote_bits(a.v) | (mote_bits(sign.v) & 0x80000000u))}; }
// 2^n for an integer n in -126 … 127, given as n + 1.5 * 2^23: its low bits are n.
MOTE_INLINE Vec pow2(Vec shifted) { return {mote_float((mote_bits(shifted.v) << 23) + 0x3f800000u)}; }
