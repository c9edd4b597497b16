// flush() one float at a time, and what flat.inl.h has of any width.
#ifndef MOTE_FLAT_SCALAR_INL_H
#define MOTE_FLAT_SCALAR_INL_H

#include "flat.inl.h"
#include "flush_scalar.inl.h"

namespace mote::cpu::MOTE_ISA {

uint32_t flush_denormals(Mat c, uint32_t n) {
    uint32_t found = 0;
    for (uint32_t p = 0; p < panel_count(n); ++p) found |= flush_denormals16(c.data + p * c.panel);
    return found;
}

uint32_t flush(float *x, size_t count) { return flush_range(x, count, kQuantum, kLargest); }

} // namespace mote::cpu::MOTE_ISA

#endif
