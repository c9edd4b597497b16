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
template <Activation A> MOTE_INLINE uint32_t activate_stored(Mat y, uint32_t panels) {
    Mask bad = none();
    for (; panels > 0; --panels, y.data += y.panel) MOTE_UNROLL_4 for (uint32_t v = 0; v < kPanelVecs; ++v) {
            const Vec x = load(y.data + v * kVecLanes);
            bad = bad | beyond_finite(x);
            store(y.data + v * kVecLanes, activated(x, A));
        }
    return any(bad) ? kNotFinite : 0;
}
MOTE_NOINLINE static uint32_t activate_stored(Mat y, uint32_t panels, Activation activation) {
    if (activation == kTanh) return activate_stored<kTanh>(y, panels);
    return activation == kRelu ? activate_stored<kRelu>(y, panels) : activate_stored<kLinear>(y, panels);
}

} // namespace mote::cpu::MOTE_ISA

#endif
