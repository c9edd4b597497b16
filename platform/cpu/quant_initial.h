// What a step of quantized rows begins with.
#ifndef MOTE_QUANT_INITIAL_H
#define MOTE_QUANT_INITIAL_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

// What the first product of a step of quantized rows is added to: the bias, or y's own values, or zeros.
MOTE_INLINE ConstMat initial_sums(Mat y, const QuantStep &s) {
    if (s.bias == nullptr) return {kZeros, 0};
    return s.bias == y.data ? y : ConstMat{s.bias, kLanes};
}

} // namespace mote::cpu::MOTE_ISA

#endif
