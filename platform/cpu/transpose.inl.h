// A transposed matrix.
#ifndef MOTE_TRANSPOSE_INL_H
#define MOTE_TRANSPOSE_INL_H

#include "bodies.inl.h"

namespace mote::cpu::MOTE_ISA {

void transpose(Mat t, ConstMat b, uint32_t m, uint32_t k) {
    for (uint32_t m0 = 0; m0 < m; m0 += kLanes)
        transpose_panel(t.data + m0 / kLanes * t.panel, b.row(m0), smaller(kLanes, m - m0), k);
}

} // namespace mote::cpu::MOTE_ISA

#endif
