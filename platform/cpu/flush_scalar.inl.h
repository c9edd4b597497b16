// Flushes and sums of squares one float at a time: one comparison of its bits tells the usual case.
#ifndef MOTE_FLUSH_SCALAR_INL_H
#define MOTE_FLUSH_SCALAR_INL_H

#include "panels.inl.h"

namespace mote::cpu::MOTE_ISA {

// Numbers below `low` to +0; kTooLarge where some are above `high`, kNotFinite where some are NaN or infinite.
MOTE_NOINLINE static uint32_t flush_range(float *x, size_t count, float low, float high) {
    constexpr uint32_t sign = 1;
    const uint32_t least_size = mote_bits(low) << sign, most = mote_bits(high) << sign;
    uint32_t found = 0;
    for (float *const end = x + count; x != end; x += kLanes) MOTE_UNROLL_4 for (uint32_t i = 0; i < kLanes; ++i) {
            const uint32_t size = mote_bits(x[i]) << sign;
            if (__builtin_expect(size - least_size <= most - least_size, 1)) continue;
            if (size < least_size)
                x[i] = 0.0f;
            else
                found |= size > mote_bits(kMaxFloat) << sign ? kNotFinite | kTooLarge : kTooLarge;
        }
    return found;
}

// Of a panel of one row.
MOTE_INLINE uint32_t flush_denormals16(float *x) { return flush_range(x, kLanes, 0x1p-126f, kMaxFloat); }

} // namespace mote::cpu::MOTE_ISA

#endif
