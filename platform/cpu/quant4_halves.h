// Halves of bytes: weights of 4 bits and the integers of their groups.
#ifndef MOTE_QUANT4_HALVES_H
#define MOTE_QUANT4_HALVES_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

// The weight, or the integer of a group, that is the half of a byte from bit `shift` on, 0 or 4.
MOTE_INLINE int32_t scale_of(int8_t both, uint32_t shift) { return both >> shift & 15; }
MOTE_INLINE int32_t weight_of(int8_t both, uint32_t shift) { return scale_of(both, shift) - 8; }

// The sums of a row of which input `row` is 1, for 16 outputs.
MOTE_NOINLINE static void choose16(int32_t *sums, const int8_t *groups, const int8_t *weights, uint32_t row) {
    constexpr uint32_t kHalf = kLanes / 2;
    const int8_t *const scales = groups + row / kQuant4Group * kHalf;
    const int8_t *const low = weights + row / 8 * kQuadBytes + row % 4, *const high = low + 4 * kHalf;
    const uint32_t shift = row % 8 < 4 ? 0 : 4;
    for (uint32_t i = 0; i < kHalf; ++i) {
        sums[i] = weight_of(low[4 * i], shift) * scale_of(scales[i], 0);
        sums[kHalf + i] = weight_of(high[4 * i], shift) * scale_of(scales[i], 4);
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
