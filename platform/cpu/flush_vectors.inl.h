// Flushes by vectors.
#ifndef MOTE_FLUSH_VECTORS_INL_H
#define MOTE_FLUSH_VECTORS_INL_H

#include "activated_vectors.h"

namespace mote::cpu::MOTE_ISA {

uint32_t flush_denormals(Mat c, uint32_t n) {
    Mask bad = none();
    map_rows(c, c, 1, n, [&bad](Vec x, Vec) MOTE_INLINE_LAMBDA {
        bad = bad | beyond_finite(x);
        return normal_vec(x);
    });
    return any(bad) ? kNotFinite : 0;
}
uint32_t flush(float *x, size_t count) {
    Mask bad = none(), large = none();
    map_flat(x, count, [&](size_t i) MOTE_INLINE_LAMBDA {
        const Vec v = load(x + i);
        bad = bad | beyond_finite(v);
        large = large | beyond(magnitude(v), set1(kLargest));
        return flushed(v, kQuantum);
    });
    return (any(bad) ? kNotFinite : 0u) | (any(large) ? kTooLarge : 0u);
}

} // namespace mote::cpu::MOTE_ISA

#endif
