// A fused multiply-add of floats out of doubles, where they are in hardware: rounded correctly. An ARM1176 takes 17
// instructions for it in a loop over 16 sums, and 103 for one out of integers.
//
// The product is exact as a double; its sum with a float is rounded to 53 bits, and then to 24. Rounding twice goes
// wrong only where the first leaves a tie for the second: the 29 bits that fall away are 100…0. Or where the float is
// too small to have 24 bits. Those few are computed again with the sum rounded to odd (Boldo and Melquiond 2008), after
// which rounding once more to float is the same as rounding the exact value: 53 bits >= 2 * 24 + 2.
#ifndef MOTE_FMA_DOUBLE_H
#define MOTE_FMA_DOUBLE_H

#include "isa.h"

namespace mote::cpu::MOTE_ISA {

static inline MOTE_NOINLINE float double_fma_odd(float a, float b, float c) {
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

MOTE_INLINE float double_fma(float a, float b, float c) {
    const double sum = static_cast<double>(a) * static_cast<double>(b) + static_cast<double>(c);
    uint64_t bits;
    memcpy(&bits, &sum, sizeof bits);
    const uint32_t falls_away = static_cast<uint32_t>(bits) & 0x1fffffffu;
    const uint32_t size = static_cast<uint32_t>(bits >> 32) & 0x7fffffffu; // 0: the sum is
    constexpr uint32_t small = (1023 - 125) << 20;                         // 2^-125
    if (__builtin_expect(falls_away == 0x10000000u || size - 1 < small - 1, 0)) return double_fma_odd(a, b, c);
    return static_cast<float>(sum);
}

} // namespace mote::cpu::MOTE_ISA

#endif
