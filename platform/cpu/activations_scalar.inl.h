// Activation functions one float at a time: one comparison of its bits tells the usual case.
#ifndef MOTE_ACTIVATIONS_SCALAR_INL_H
#define MOTE_ACTIVATIONS_SCALAR_INL_H

#include "flush_scalar.inl.h"
#include "math.inl.h"

namespace mote::cpu::MOTE_ISA {

// tanh of a flat array, as tanh_vec has it; kNotFinite where one is NaN or infinite.
MOTE_INLINE uint32_t tanh_flat(float *x, size_t count) {
    const uint32_t quantum = mote_bits(kQuantum), saturated = mote_bits(kTanhSaturated);
    uint32_t found = 0;
    for (float *const end = x + count; x != end; ++x) {
        const uint32_t bits = mote_bits(*x), size = bits & 0x7fffffffu, sign = bits ^ size;
        if (__builtin_expect(size - quantum < saturated - quantum, 1)) {
            *x = mote_float(mote_bits(tanh_between({mote_float(size)}).v) | sign);
            continue;
        }
        if (size > mote_bits(kMaxFloat)) found = kNotFinite;
        *x = size < quantum ? 0.0f : mote_float(mote_bits(1.0f) | sign);
    }
    return found;
}

uint32_t tanh_rows(Mat c, uint32_t m, uint32_t n) {
    uint32_t found = 0;
    for (uint32_t p = 0; p < panel_count(n); ++p) found |= tanh_flat(c.data + p * c.panel, size_t{m} * kLanes);
    return found;
}

MOTE_INLINE uint32_t relu_flat(float *x, size_t count) {
    uint32_t found = 0;
    for (float *const end = x + count; x != end; ++x) {
        const uint32_t bits = mote_bits(*x);
        if ((bits & 0x7fffffffu) > mote_bits(kMaxFloat)) found = kNotFinite;
        if (static_cast<int32_t>(bits) < static_cast<int32_t>(mote_bits(kQuantum))) *x = 0.0f;
    }
    return found;
}

uint32_t relu_rows(Mat c, uint32_t m, uint32_t n) {
    uint32_t found = 0;
    for (uint32_t p = 0; p < panel_count(n); ++p) found |= relu_flat(c.data + p * c.panel, size_t{m} * kLanes);
    return found;
}

} // namespace mote::cpu::MOTE_ISA

#endif
