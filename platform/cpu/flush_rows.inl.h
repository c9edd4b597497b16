// The flush of the rows of a matrix.
#ifndef MOTE_FLUSH_ROWS_INL_H
#define MOTE_FLUSH_ROWS_INL_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

MOTE_NOINLINE static uint32_t flush_rows(Mat c, Shape s) {
    uint32_t found = 0;
    for (uint32_t p = 0; p < panel_count(s.n); ++p) found |= flush(c.data + p * c.panel, size_t{s.m} * kLanes);
    return found;
}

} // namespace mote::cpu::MOTE_ISA

#endif
