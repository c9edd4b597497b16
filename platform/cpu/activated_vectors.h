// What is done to the sums of a layer, a vector at a time.
#ifndef MOTE_ACTIVATED_VECTORS_H
#define MOTE_ACTIVATED_VECTORS_H

#include "math.inl.h"
#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

MOTE_INLINE Vec relu_vec(Vec x) { return zero_where(less(x, set1(kQuantum)), x); }
MOTE_INLINE Vec normal_vec(Vec x) { return flushed(x, 0x1p-126f); }

// Activations of a vector of sums.
MOTE_INLINE Vec activated(Vec x, Activation activation) {
    if (activation == kTanh) return tanh_vec(x);
    if (activation == kRelu) return relu_vec(x);
    return normal_vec(x);
}

// Of a row that is stored; kNotFinite where a sum was NaN or infinite.
MOTE_NOINLINE static uint32_t activate_stored(Mat y, uint32_t panels, Activation activation) {
    Mask bad = none();
    for (uint32_t i = 0; i < panels * kLanes; i += kVecLanes) {
        float *const at = y.data + i / kLanes * y.panel + i % kLanes;
        const Vec x = load(at);
        bad = bad | beyond_finite(x);
        store(at, activated(x, activation));
    }
    return any(bad) ? kNotFinite : 0;
}

} // namespace mote::cpu::MOTE_ISA

#endif
