// What a Cortex-M's FPU does in its own way (flat_vfp.inl.h), by vectors of any width.
#ifndef MOTE_FLAT_INL_H
#define MOTE_FLAT_INL_H

#include "math.inl.h"
#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

// to = a + b for 16 floats.
MOTE_INLINE void sum16(float *to, const float *a, const float *b) {
    for (uint32_t i = 0; i < kLanes; i += kVecLanes) store(to + i, load(a + i) + load(b + i));
}

void copy(float *to, const float *from, size_t count) {
    map_flat(to, count, [&](size_t i) MOTE_INLINE_LAMBDA { return load(from + i); });
}

void sgd(float *w, const float *g, size_t count, float learning_rate) {
    map_flat(w, count, [&](size_t i) MOTE_INLINE_LAMBDA { return sgd_vec(load(w + i), load(g + i), learning_rate); });
}

} // namespace mote::cpu::MOTE_ISA

#endif
