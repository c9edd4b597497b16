// A row of small integers, as it is needed for products by it where they are read as they lie.
#ifndef MOTE_QUANT_INPUTS_H
#define MOTE_QUANT_INPUTS_H

#include "isa.h"

namespace mote::cpu::MOTE_ISA {

struct QuantInputs {
    const int8_t *x;
    uint32_t count;
};
MOTE_INLINE void begin(QuantInputs &inputs, const int8_t *x, uint32_t quads) { inputs = {x, 4 * quads}; }

} // namespace mote::cpu::MOTE_ISA

#endif
