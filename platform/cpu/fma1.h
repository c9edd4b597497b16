// One fused multiply-add of floats, correctly rounded. Included inside the namespace of an instruction set.

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
#include "soft_float.h"
MOTE_INLINE float fma1(float a, float b, float c) { return soft_fma(a, b, c); }
#endif
