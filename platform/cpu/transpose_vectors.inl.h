// A panel of a transposed matrix, by vectors.
#ifndef MOTE_TRANSPOSE_VECTORS_INL_H
#define MOTE_TRANSPOSE_VECTORS_INL_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

// kVecLanes columns of one panel of t, which are rows of b.
MOTE_INLINE void transpose_lanes(float *t, ConstMat b, uint32_t rows, uint32_t k) {
    Vec column[4];
    for (uint32_t j = 0; j < k; j += 4) {
        transpose_columns<4>(b.data + j / kLanes * b.panel + j % kLanes, rows, column);
        if (k - j >= 4)
            MOTE_UNROLL_4 for (uint32_t i = 0; i < 4; ++i) store(t + (j + i) * kLanes, column[i]);
        else
            for (uint32_t i = 0; i < k - j; ++i) store(t + (j + i) * kLanes, column[i]);
    }
}

// Columns of one panel of t, which are rows of b.
MOTE_INLINE void transpose_panel(float *t, ConstMat b, uint32_t rows, uint32_t k) {
    MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v, t += kVecLanes, b = b.row(kVecLanes)) {
        if (rows >= (v + 1) * kVecLanes)
            transpose_lanes(t, b, kVecLanes, k);
        else
            transpose_lanes(t, b, rows > v * kVecLanes ? rows - v * kVecLanes : 0, k);
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
