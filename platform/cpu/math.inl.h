// exp, tanh, the logistic function and log, by fused multiply-adds alone: the same bits everywhere, whatever
// libm a target has.
#ifndef MOTE_MATH_INL_H
#define MOTE_MATH_INL_H

#include "vec.h"

// Where fused multiply-adds are calls themselves (isa_sse2.h), a copy of exp in each place takes stack for nothing.
#if !defined(MOTE_EXP_INLINE)
#define MOTE_EXP_INLINE MOTE_INLINE_FOR_SPEED
#endif

namespace mote::cpu::MOTE_ISA {

constexpr float kRoundToInt = 0x1.8p23f; // adding it leaves the nearest integer in the low bits
constexpr float kLog2e = 0x1.715476p0f;
constexpr float kLn2Hi = 0x1.62e400p-1f; // 16 significant bits: n * kLn2Hi is exact for |n| < 256
constexpr float kLn2Lo = 0x1.7f7d1cp-20f;

// expm1(x) = 2^n * expm1(r) + (2^n - 1) with x = n ln 2 + r, |r| <= ln 2 / 2 (Cody and Waite 1980). The coefficients
// were chosen among the neighbours of the best polynomial's for the least error of tanh, which roundings decide.
struct Reduced {
    Vec pow2n;
    Vec expm1_r;
};

MOTE_INLINE_FOR_SPEED Reduced reduce_exp(Vec x) {
    const Vec shifted = fma(x, set1(kLog2e), set1(kRoundToInt));
    const Vec n = shifted - set1(kRoundToInt);
    const Vec r = fma(n, set1(-kLn2Lo), fma(n, set1(-kLn2Hi), x));
    Vec q = fma(set1(0x1.6c5816p-10f), r, set1(0x1.1221cap-7f));
    q = fma(q, r, set1(0x1.55547ep-5f));
    q = fma(q, r, set1(0x1.5554b8p-3f));
    q = fma(q, r, set1(0x1.000002p-1f));
    return {pow2(shifted), fma(r * r, q, r)};
}

// x <= 88. Below kExpFloor: +0, the one value that contracts and blobs rely on. At most 1.02 ULP.
MOTE_EXP_INLINE Vec exp_vec(Vec x) {
    const Mask below = less(x, set1(kExpFloor));
    const Reduced e = reduce_exp(greater(set1(kExpFloor), x));
    return zero_where(below, (set1(1.0f) + e.expm1_r) * e.pow2n);
}

// tanh of 0 … 9.02, from where on it rounds to 1: e / (e + 2) with e = expm1(2 x). At most 2.42 ULP.
constexpr float kTanhSaturated = 9.02f;
MOTE_INLINE Vec tanh_between(Vec x) {
    const Reduced e = reduce_exp(x + x);
    const Vec expm1 = fma(e.pow2n, e.expm1_r, e.pow2n - set1(1.0f));
    return expm1 / (expm1 + set1(2.0f));
}

// NaN gives ±1, so whoever calls looks for it first.
MOTE_INLINE Vec tanh_vec(Vec x) {
    const Vec t = tanh_between(lesser(magnitude(x), set1(kTanhSaturated)));
    return zero_where(less(t, set1(kQuantum)), with_sign(t, x));
}

// 1 / (1 + exp(-x)); from kSigmoidSaturated on it is 1, and of the negative +0. At most 2.41 ULP. NaN gives a number,
// so whoever calls looks for it first.
constexpr float kSigmoidSaturated = 32.0f;
MOTE_INLINE_FOR_SPEED Vec sigmoid_vec(Vec x) {
    const Reduced e = reduce_exp(negate(lesser(magnitude(x), set1(kSigmoidSaturated))));
    const Vec exp = (set1(1.0f) + e.expm1_r) * e.pow2n;
    const Vec s = select(less(x, set1(0.0f)), exp, set1(1.0f)) / (set1(1.0f) + exp);
    return zero_where(less(s, set1(kQuantum)), s);
}

// ln x = n ln 2 + ln(1 + f), sqrt(1/2) <= 1 + f < sqrt(2); ln(1 + f) = f - (f²/2 - s (f²/2 + R)) with s = f / (2 + f)
// and R = 2 atanh(s) / s - 2, a polynomial in s² (the decomposition of Sun's fdlibm). At most 0.84 ULP.
MOTE_INLINE Vec log_vec(Vec x) {
    Vec m;
    const Vec n = exponent(x, &m);
    const Vec f = m - set1(1.0f);
    const Vec s = f / (set1(2.0f) + f);
    const Vec z = s * s;
    Vec p = fma(set1(0x1.ddced8p-3f), z, set1(0x1.245c44p-2f));
    p = fma(p, z, set1(0x1.9999ecp-2f));
    p = fma(p, z, set1(0x1.555556p-1f));
    const Vec half_square = set1(0.5f) * f * f;
    const Vec tail = fma(s, fma(p, z, half_square), n * set1(kLn2Lo));
    return fma(n, set1(kLn2Hi), f - (half_square - tail));
}

} // namespace mote::cpu::MOTE_ISA

#endif
