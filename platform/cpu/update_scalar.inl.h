// What update_vectors.inl.h has, where the gradients of few rows are always stored first.
#ifndef MOTE_UPDATE_SCALAR_INL_H
#define MOTE_UPDATE_SCALAR_INL_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

constexpr uint32_t kOuterRows = 1;
constexpr bool kStoresFirst = false;

template <uint32_t N> MOTE_INLINE void flush_together(Vec (&x)[N], float quantum = kQuantum) {
    MOTE_UNROLL for (uint32_t i = 0; i < N; ++i) x[i] = flushed(x[i], quantum);
}

template <typename Rule>
MOTE_INLINE bool update_in_registers(ConstMat, ConstMat, ConstMat, const Shape &, float, const Rule &) {
    return false;
}

} // namespace mote::cpu::MOTE_ISA

#endif
