#include "exact_sum.h"

#include <cmath>
#include <cstring>

namespace mote::cli {

namespace {

constexpr int unit_exponent = -65;
constexpr uint32_t mantissa_bits = 24; /* of a float, the leading one included */
/* A float with the biased exponent E and the mantissa m, a whole number, is m times 2^(E - 150). */
constexpr int mantissa_exponent = -150;
constexpr float least_stored = 0x1p-40f;

/* 256 bits without a sign, the lowest first. */
struct Whole {
    uint32_t limbs[8];

    bool bit(uint32_t index) const { return (limbs[index / 32] >> index % 32 & 1u) != 0; }
    /* Whether one of the bits below `count` is set. */
    bool any_below(uint32_t count) const {
        for (uint32_t i = 0; i < count; ++i)
            if (bit(i)) return true;
        return false;
    }
    /* 0 where there is none. */
    uint32_t highest_bit() const {
        for (uint32_t i = 255; i > 0; --i)
            if (bit(i)) return i;
        return 0;
    }
};

void negate(uint32_t (&limbs)[8]) {
    uint64_t carry = 1;
    for (uint32_t &limb : limbs) {
        carry += uint32_t{~limb};
        limb = static_cast<uint32_t>(carry);
        carry >>= 32;
    }
}

/* Leaves the quotient; returns the remainder. */
uint32_t divide(Whole &number, uint32_t divisor) {
    uint64_t rest = 0;
    for (size_t i = 8; i-- > 0;) {
        rest = rest << 32 | number.limbs[i];
        number.limbs[i] = static_cast<uint32_t>(rest / divisor);
        rest %= divisor;
    }
    return static_cast<uint32_t>(rest);
}

/* `more`: there is something behind the last bit. */
float rounded(const Whole &number, bool more) {
    const uint32_t highest = number.highest_bit();
    if (highest < mantissa_bits) return 0; /* rounded up it would still be below 2^-40 */
    const uint32_t dropped = highest - (mantissa_bits - 1);
    uint32_t mantissa = 0;
    for (uint32_t i = 0; i < mantissa_bits; ++i) mantissa |= (number.bit(dropped + i) ? 1u : 0u) << i;
    const bool half = number.bit(dropped - 1), above_half = more || number.any_below(dropped - 1);
    if (half && (above_half || mantissa % 2 != 0)) ++mantissa;
    return std::ldexp(static_cast<float>(mantissa), static_cast<int>(dropped) + unit_exponent);
}

} // namespace

void ExactSum::add(float number, uint32_t factor) {
    uint32_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    const uint32_t exponent = bits >> 23 & 255u;
    if (exponent == 0) return;
    const uint64_t product = uint64_t{(bits & 0x7FFFFFu) | 0x800000u} * factor;
    const auto shift = static_cast<uint32_t>(static_cast<int>(exponent) + mantissa_exponent - unit_exponent);
    const uint32_t within = shift % 32;
    const uint64_t low = product << within, high = within == 0 ? 0 : product >> (64 - within);
    const uint32_t pieces[3] = {static_cast<uint32_t>(low), static_cast<uint32_t>(low >> 32),
                                static_cast<uint32_t>(high)};
    const bool negative = bits >> 31 != 0;
    uint64_t carry = negative ? 1 : 0; /* a subtraction adds the complement and 1 */
    for (size_t i = shift / 32, piece = 0; i < limb_count; ++i, ++piece) {
        const uint32_t added = piece < 3 ? pieces[piece] : 0;
        carry += uint64_t{limbs_[i]} + (negative ? uint32_t{~added} : added);
        limbs_[i] = static_cast<uint32_t>(carry);
        carry >>= 32;
    }
}

float ExactSum::divided_by(uint32_t divisor) const {
    Whole number;
    std::memcpy(number.limbs, limbs_, sizeof limbs_);
    const bool negative = limbs_[limb_count - 1] >> 31 != 0;
    if (negative) negate(number.limbs);
    const uint32_t rest = divide(number, divisor);
    const float magnitude = rounded(number, rest != 0);
    if (magnitude < least_stored) return 0;
    return negative ? -magnitude : magnitude;
}

} // namespace mote::cli
