// Activation functions by vectors.
#ifndef MOTE_ACTIVATIONS_VECTORS_INL_H
#define MOTE_ACTIVATIONS_VECTORS_INL_H

#include "activated_vectors.h"

namespace mote::cpu::MOTE_ISA {

uint32_t tanh_rows(Mat c, uint32_t m, uint32_t n) {
    Mask bad = none();
    map_rows(c, c, m, n, [&bad](Vec x, Vec) MOTE_INLINE_LAMBDA {
        bad = bad | beyond_finite(x);
        return tanh_vec(x);
    });
    return any(bad) ? kNotFinite : 0;
}

uint32_t relu_rows(Mat c, uint32_t m, uint32_t n) {
    Mask bad = none();
    map_rows(c, c, m, n, [&bad](Vec x, Vec) MOTE_INLINE_LAMBDA {
        bad = bad | beyond_finite(x);
        return relu_vec(x);
    });
    return any(bad) ? kNotFinite : 0;
}

} // namespace mote::cpu::MOTE_ISA

#endif
