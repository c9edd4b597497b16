// A fused multiply-add and a square root out of integers, for targets that lack the instruction: rounded correctly (to
// nearest, ties to even) for every operand, denormal ones too, as IEEE 754 has it. The one NaN that comes out is quiet.
// Out of line: a kernel has many of them, and a microcontroller little flash.
#ifndef MOTE_SOFT_FLOAT_H
#define MOTE_SOFT_FLOAT_H

#include "isa.h"

namespace mote::cpu::MOTE_ISA {

constexpr uint32_t kSoftSign = 0x80000000u, kSoftInfinity = 0x7f800000u, kSoftNaN = 0x7fc00000u;

// significand * 2^(exponent - 150)
struct SoftParts {
    uint32_t significand; // 2^23 … 2^24 - 1
    int32_t exponent;
};

// Of a finite number other than 0.
MOTE_INLINE SoftParts soft_parts(uint32_t bits) {
    const uint32_t fraction = bits & 0x007fffffu;
    const int32_t exponent = static_cast<int32_t>(bits >> 23 & 0xff);
    if (exponent != 0) return {fraction | 0x00800000u, exponent};
    const int32_t shift = __builtin_clz(fraction) - 8;
    return {fraction << shift, 1 - shift};
}

// What is shifted out leaves a one at the end, so that nothing is mistaken for a tie, or for exact, later.
MOTE_INLINE uint64_t soft_shift_right(uint64_t x, int32_t by) {
    uint32_t high = static_cast<uint32_t>(x >> 32), low = static_cast<uint32_t>(x);
    if (by > 31) {
        low = high | (low != 0 ? 1u : 0u);
        high = 0;
        by -= 32;
        if (by > 31) return low != 0;
    }
    const int32_t back = 31 - by; // and one more, apart: a shift by 32 at once is undefined
    const uint32_t lost = low << back << 1;
    return static_cast<uint64_t>(high >> by) << 32 | (low >> by | high << back << 1 | (lost != 0 ? 1u : 0u));
}

// Where a, b or c is infinite or NaN, or a b is 0.
MOTE_INLINE uint32_t soft_fma_special(uint32_t a, uint32_t b, uint32_t c) {
    const uint32_t sign = (a ^ b) & kSoftSign, x = a & ~kSoftSign, y = b & ~kSoftSign, z = c & ~kSoftSign;
    if (x > kSoftInfinity || y > kSoftInfinity || z > kSoftInfinity) return kSoftNaN;
    if (x == kSoftInfinity || y == kSoftInfinity) {
        const bool undefined = x == 0 || y == 0 || (z == kSoftInfinity && (c & kSoftSign) != sign);
        return undefined ? kSoftNaN : sign | kSoftInfinity;
    }
    return z != 0 ? c : sign & c;
}

// sum * 2^(exponent - 188), of a sum other than 0.
MOTE_INLINE uint32_t soft_round(uint64_t sum, int32_t exponent) {
    uint32_t word = static_cast<uint32_t>(sum >> 32), low = static_cast<uint32_t>(sum);
    if (word == 0) {
        word = low;
        low = 0;
        exponent -= 32;
    }
    const int32_t zeros = __builtin_clz(word);
    exponent += 2 - zeros;
    word = word << zeros | low >> 1 >> (31 - zeros) | (low << zeros != 0 ? 1u : 0u);
    if (exponent > 254) return kSoftInfinity;
    if (exponent < 1) {
        word = static_cast<uint32_t>(soft_shift_right(word, 1 - exponent));
        exponent = 1;
    }
    // The first bit of a normal significand, and a carry out of it, count in the exponent.
    const uint32_t bits = (static_cast<uint32_t>(exponent - 1) << 23) + (word >> 8);
    return bits + ((word & 0xff) + (bits & 1) > 0x80 ? 1u : 0u);
}

static inline MOTE_NOINLINE float soft_fma(float a, float b, float c) {
    const uint32_t x = mote_bits(a), y = mote_bits(b), z = mote_bits(c);
    const uint32_t x_exponent = x >> 23 & 0xff, y_exponent = y >> 23 & 0xff, z_exponent = z >> 23 & 0xff;
    SoftParts p = {(x & 0x007fffffu) | 0x00800000u, static_cast<int32_t>(x_exponent)};
    SoftParts q = {(y & 0x007fffffu) | 0x00800000u, static_cast<int32_t>(y_exponent)};
    if (x_exponent - 1 > 253 || y_exponent - 1 > 253 || z_exponent == 255) {
        if (x_exponent == 255 || y_exponent == 255 || z_exponent == 255 || x << 1 == 0 || y << 1 == 0)
            return mote_float(soft_fma_special(x, y, z));
        p = soft_parts(x);
        q = soft_parts(y);
    }

    // Both as 64 bits of which the first is a sign's and the second a carry's: with a product that is normalized, what
    // the smaller one loses by the shift lies below all that the rounding may ask for.
    uint64_t product = static_cast<uint64_t>(p.significand << 7) * (q.significand << 7);
    uint64_t addend = static_cast<uint64_t>((z & 0x007fffffu) | (z_exponent != 0 ? 0x00800000u : 0u)) << 38;
    int32_t exponent = z_exponent != 0 ? static_cast<int32_t>(z_exponent) : 1;
    const int32_t above = p.exponent + q.exponent - 126 - exponent;
    if (above > 0) {
        addend = soft_shift_right(addend, above);
        exponent += above;
    } else {
        product = soft_shift_right(product, -above);
    }
    uint32_t sign = (x ^ y) & kSoftSign;
    if (((sign ^ z) & kSoftSign) == 0) return mote_float(sign | soft_round(product + addend, exponent));
    if (product == addend) return 0.0f;
    if (product < addend) sign ^= kSoftSign;
    return mote_float(sign | soft_round(product < addend ? addend - product : product - addend, exponent));
}

// Digit by digit: 24 bits and one to round by. A root is never halfway between two floats.
static inline MOTE_NOINLINE float soft_sqrt(float x) {
    const uint32_t bits = mote_bits(x);
    if (bits << 1 == 0 || bits == kSoftInfinity) return x;
    if (bits > kSoftInfinity) return mote_float(kSoftNaN);
    const SoftParts parts = soft_parts(bits);
    const bool odd = (parts.exponent & 1) != 0;
    // The rest is (x - root^2) / digit, with x, root and digit as integers.
    uint32_t root = 0, rest = parts.significand << (odd ? 1 : 2);
    for (uint32_t digit = 1u << 24; digit != 0; digit >>= 1) {
        const uint32_t next = 2 * root + digit;
        if (next <= rest) {
            rest -= next;
            root += digit;
        }
        rest <<= 1;
    }
    const uint32_t exponent = static_cast<uint32_t>(parts.exponent + (odd ? 127 : 126)) / 2;
    return mote_float(((exponent - 1) << 23) + ((root + 1) >> 1));
}

} // namespace mote::cpu::MOTE_ISA

#endif
