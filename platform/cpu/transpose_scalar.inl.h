// A panel of a transposed matrix, one float at a time.
#ifndef MOTE_TRANSPOSE_SCALAR_INL_H
#define MOTE_TRANSPOSE_SCALAR_INL_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

// Columns m0 … of one panel of t, which are rows of b.
MOTE_INLINE void transpose_panel(float *t, ConstMat b, uint32_t rows, uint32_t k) {
    for (uint32_t j = 0; j < k; ++j) {
        const float *from = b.data + j / kLanes * b.panel + j % kLanes;
        float *to = t + j * kLanes;
        for (uint32_t i = 0; i < rows; ++i) to[i] = from[i * kLanes];
        for (uint32_t i = rows; i < kLanes; ++i) to[i] = 0.0f;
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
