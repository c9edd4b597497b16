// What the sums of products by weights of 4 bits begin with, where they are of one output at a time.
#ifndef MOTE_QUANT4_INPUTS_H
#define MOTE_QUANT4_INPUTS_H

#include "quant4_halves.h"

namespace mote::cpu::MOTE_ISA {

// A row of small integers, and how many of them are multiplied: with zeros a multiple of eight.
struct Quant4Inputs {
    const int8_t *x;
    uint32_t count;
};
MOTE_INLINE void begin(Quant4Inputs &inputs, const int8_t *x, uint32_t k) { inputs = {x, (k + 7) / 8 * 8}; }

// Where the group that begins at x ends.
MOTE_INLINE const int8_t *group_end(const int8_t *x, const int8_t *end) {
    return x + smaller(static_cast<uint32_t>(end - x), kQuant4Group);
}

} // namespace mote::cpu::MOTE_ISA

#endif
