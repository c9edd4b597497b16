// flush() one float at a time, and what flat.inl.h has of any width.
#ifndef MOTE_FLAT_SCALAR_INL_H
#define MOTE_FLAT_SCALAR_INL_H

#include "flat.inl.h"
#include "flush_scalar.inl.h"

namespace mote::cpu::MOTE_ISA {

uint32_t flush(float *x, size_t count) { return flush_range(x, count, kQuantum, kLargest); }

} // namespace mote::cpu::MOTE_ISA

#endif
