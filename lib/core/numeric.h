// Which floats may be stored: the quantum rule, seen from lib/.
#ifndef MOTE_NUMERIC_H
#define MOTE_NUMERIC_H

#include "kernels.h"

namespace mote {

inline float magnitude(float x) { return mote_float(mote_bits(x) & 0x7fffffffu); }
inline bool finite(float x) { return (mote_bits(x) & 0x7f800000u) != 0x7f800000u; }
// Too small numbers to +0. Denormals compare below the quantum whether or not the CPU reads them as zero.
inline float flushed(float x, float quantum = cpu::kQuantum) { return magnitude(x) < quantum ? 0.0f : x; }
// +0, or finite and at least `quantum` in magnitude. By bits, so that denormals and -0 are seen on every target.
inline bool storable(float x, float quantum = cpu::kQuantum) {
    const uint32_t bits = mote_bits(x), size = bits & 0x7fffffffu;
    return bits == 0 || (size >= mote_bits(quantum) && size < 0x7f800000u);
}
// Within low … high; false for NaN.
__attribute__((always_inline)) inline bool within(float x, float low, float high) {
    return finite(x) && low <= x && x <= high;
}

// x^n by squaring, in a fixed order; too small a product is +0 at once.
inline float power(float x, uint32_t n) {
    float result = 1.0f, square = x;
    for (; n != 0; n >>= 1) {
        if ((n & 1) != 0) result = flushed(result * square, cpu::kMomentQuantum);
        square = flushed(square * square, cpu::kMomentQuantum);
    }
    return result;
}

} // namespace mote

#endif
