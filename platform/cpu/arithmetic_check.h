// Finds out whether this very build computes as equal bits need it. A compiler may be told to fuse a multiply and an
// add, to reorder sums, to multiply by a reciprocal, to forget the sign of zero or that there is NaN; a program may
// have set another rounding. port.h refuses or turns off what it can see; this finds the rest.
#ifndef MOTE_ARITHMETIC_CHECK_H
#define MOTE_ARITHMETIC_CHECK_H

#include "port.h"

namespace mote::cpu {

// A number of which the compiler knows nothing.
MOTE_INLINE float unknown(uint32_t bits) {
    __asm__("" : "+r"(bits));
    return mote_float(bits);
}

// The square of 1 + 2^-12 lies halfway between 1 + 2^-11 and the next float, and is rounded to the former: less that,
// it is 0, but 2^-24 where the product was not rounded before.
constexpr uint32_t kCheckX = 0x3f800800u, kCheckSquare = 0x3f801000u, kCheckFused = 0x33800000u;

// 0 where the arithmetic of T, a float or a vector, is exact. make(x): a T of a float; first(t): a float of it.
template <typename Make, typename First> MOTE_INLINE uint32_t arithmetic_errors(Make make, First first) {
    using T = decltype(make(0.0f));
    const auto bits = [&](T t) MOTE_INLINE_LAMBDA { return mote_bits(first(t)); };
    const T x = make(unknown(kCheckX)), square = make(unknown(kCheckSquare));
    uint32_t wrong = bits(x * x - square); // fused, or rounded up
    const T large = make(unknown(0x4c000000u));
    wrong |= bits((large + x) - large); // reordered: 2^25 takes in x without a trace
    // Three by one divisor, for which a compiler would rather take the reciprocal once: the first two are smaller then,
    // and where quotients are rounded down.
    const T divisor = make(unknown(0x436d0000u)); // 237
    wrong |= (bits(x / divisor) + bits(square / divisor) + bits(large / divisor)) ^
             (0x3b8a4b9du + 0x3b8a5441u + 0x480a42f8u);
    wrong |= bits(make(unknown(0x80000000u)) + make(0.0f)); // -0, where signs of zeros are nothing to keep
    const float nan = unknown(0x7fc00000u);
    return nan == nan ? 1 : wrong; // finite numbers only
}

} // namespace mote::cpu

#endif
