// One row of a matrix.
#ifndef MOTE_ROW_INL_H
#define MOTE_ROW_INL_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

// A row of n columns, in panels.
struct Row {
    const float *data;
    size_t panel;
    uint32_t n;

    uint32_t used(uint32_t p) const { return smaller(kLanes, n - p * kLanes); }
};

} // namespace mote::cpu::MOTE_ISA

#endif
