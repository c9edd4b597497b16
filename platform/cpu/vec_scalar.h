// A vector of one float, whose mask is a bool.
#ifndef MOTE_VEC_SCALAR_H
#define MOTE_VEC_SCALAR_H

#include "fma1.h"
#include "hardware_sqrt.h"
#include "soft_float.h"

namespace mote::cpu::MOTE_ISA {

struct Vec {
    float v;
};
using Mask = bool;
constexpr uint32_t kVecLanes = 1;

#if defined(__ARM_FP) || (defined(__riscv_flen) && __riscv_flen >= 32)
MOTE_INLINE Vec sqrt(Vec a) { return {hardware_sqrt(a.v)}; }
#else
MOTE_INLINE Vec sqrt(Vec a) { return {soft_sqrt(a.v)}; }
#endif

MOTE_INLINE Vec load(const float *p) { return {*p}; }
MOTE_INLINE void store(float *p, Vec a) { *p = a.v; }
MOTE_INLINE Vec set1(float x) { return {x}; }
MOTE_INLINE Vec keep_in_register(Vec a) { return a; }
MOTE_INLINE Vec operator+(Vec a, Vec b) { return {a.v + b.v}; }
MOTE_INLINE Vec operator-(Vec a, Vec b) { return {a.v - b.v}; }
MOTE_INLINE Vec operator*(Vec a, Vec b) { return {a.v * b.v}; }
MOTE_INLINE Vec operator/(Vec a, Vec b) { return {a.v / b.v}; }
MOTE_INLINE Vec fma(Vec a, Vec b, Vec c) { return {fma1(a.v, b.v, c.v)}; }
MOTE_INLINE Vec negate(Vec a) { return {-a.v}; }

// |x|. Its bits order as the number does, so that a comparison with a constant takes neither the FPU nor, where there
// is none, a call. NaN is above everything, and so not less.
struct Magnitude {
    uint32_t bits;
    __attribute__((always_inline)) operator Vec() const { return {mote_float(bits)}; }
};
MOTE_INLINE Magnitude magnitude(Vec a) { return {mote_bits(a.v) & 0x7fffffffu}; }
// b >= 0
MOTE_INLINE Mask less(Magnitude a, Vec b) { return a.bits < mote_bits(b.v); }
MOTE_INLINE Mask less_equal(Magnitude a, Vec b) { return a.bits <= mote_bits(b.v); }

MOTE_INLINE Mask less(Vec a, Vec b) { return a.v < b.v; }
MOTE_INLINE Mask less_equal(Vec a, Vec b) { return a.v <= b.v; }
MOTE_INLINE Mask beyond(Magnitude a, Vec b) { return !less_equal(a, b); }
// Of floats: a choice between structs goes through memory.
MOTE_INLINE Mask equal(Vec a, Vec b) { return a.v == b.v; }
MOTE_INLINE Vec select(Mask m, Vec a, Vec b) { return {m ? a.v : b.v}; }
template <typename A> MOTE_INLINE Vec lesser(A a, Vec b) { return select(less(a, b), a, b); }
MOTE_INLINE Vec greater(Vec a, Vec b) { return select(less(b, a), a, b); }
MOTE_INLINE Vec zero_where(Mask m, Vec a) { return {m ? 0.0f : a.v}; }
MOTE_INLINE Mask none() { return false; }
MOTE_INLINE bool any(Mask a) { return a; }
template <bool, uint32_t N> MOTE_INLINE void take_roots(Vec (&x)[N]) {
    for (uint32_t i = 0; i < N; ++i) x[i] = sqrt(x[i]);
}
// A number into -limit … limit, where it is not NaN.
MOTE_INLINE Vec within(Vec a, float limit) { return {a.v > limit ? limit : a.v < -limit ? -limit : a.v}; }
// The sign of `sign` on the magnitude `a`.
MOTE_INLINE Vec with_sign(Vec a, Vec sign) { return {mote_float(mote_bits(a.v) | (mote_bits(sign.v) & 0x80000000u))}; }
// x = 2^n m, sqrt(1/2) <= m < sqrt(2), for a positive normal x.
MOTE_INLINE Vec exponent(Vec x, Vec *m) {
    constexpr uint32_t sqrt_half = 0x3f3504f3u;
    const uint32_t offset = mote_bits(x.v) - sqrt_half;
    *m = {mote_float((offset & 0x007fffffu) + sqrt_half)};
    return {static_cast<float>(static_cast<int32_t>(offset) >> 23)};
}
MOTE_INLINE float first_lane(Vec a) { return a.v; }
// 2^n for an integer n in -126 … 127, given as n + 1.5 * 2^23: its low bits are n.
MOTE_INLINE Vec pow2(Vec shifted) { return {mote_float((mote_bits(shifted.v) << 23) + 0x3f800000u)}; }

} // namespace mote::cpu::MOTE_ISA

#endif
