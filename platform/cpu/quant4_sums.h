// Sums of products by weights of 4 bits, in plain C++.
#ifndef MOTE_QUANT4_SUMS_H
#define MOTE_QUANT4_SUMS_H

#include "isa.h"

namespace mote::cpu::MOTE_ISA {

// What the low or the high half of a byte of weights is.
MOTE_INLINE int32_t low_weight(int8_t both) { return (both & 15) - 8; }
MOTE_INLINE int32_t high_weight(int8_t both) { return (both >> 4 & 15) - 8; }

// The integers of a panel's groups: of output i in the group of an input.
MOTE_INLINE int32_t group_scale(const int8_t *groups, uint32_t input, uint32_t i) {
    const int8_t both = groups[input / kQuant4Group * (kLanes / 2) + i % (kLanes / 2)];
    return i < kLanes / 2 ? both & 15 : both >> 4 & 15;
}

// The sum over k of output i of a panel, whose weights are at w.
MOTE_NOINLINE static int32_t quant4_sum(const int8_t *x, const int8_t *groups, const int8_t *w, uint32_t k,
                                        uint32_t i) {
    int32_t total = 0, sum = 0;
    for (uint32_t j = 0; j < k; j += 8, x += 8, w += kQuadBytes) {
        for (uint32_t b = 0; b < 4; ++b) sum += x[b] * low_weight(w[b]) + x[4 + b] * high_weight(w[b]);
        if ((j + 8) % kQuant4Group != 0 && j + 8 < k) continue;
        total += sum * group_scale(groups, j, i);
        sum = 0;
    }
    return total;
}

} // namespace mote::cpu::MOTE_ISA

#endif
