// From floats to small integers.
#ifndef MOTE_QUANTIZE_INL_H
#define MOTE_QUANTIZE_INL_H

#include "math.inl.h"

namespace mote::cpu::MOTE_ISA {

constexpr float kMostQuant = 127.0f;

// The nearest integer to x, ties to even, within -127 … 127, as the low byte of the result's bits: adding 1.5 * 2^23
// rounds there.
MOTE_INLINE Vec with_nearest(Vec x) { return with_sign(lesser(magnitude(x), set1(kMostQuant)), x) + set1(kRoundToInt); }

} // namespace mote::cpu::MOTE_ISA

#endif
