// Single numbers: log, cosine and square root; and what is left in registers.
#ifndef MOTE_NUMBERS_INL_H
#define MOTE_NUMBERS_INL_H

#include "math.inl.h"

namespace mote::cpu::MOTE_ISA {

float log1(float x) { return first_lane(log_vec(set1(x))); }

// cos(pi x) = -sin(pi y), y = x - 1/2, an odd polynomial on -1/2 … 1/2.
float cos_pi(float x) {
    const float y = x - 0.5f;
    const float z = y * y;
    float p = fma1(-0x1.cc9b60p-8f, z, 0x1.501408p-4f);
    p = fma1(p, z, -0x1.32d12ep-1f);
    p = fma1(p, z, 0x1.466bc0p+1f);
    p = fma1(p, z, -0x1.4abbcep+2f);
    p = fma1(p, z, 0x1.921fb6p+1f);
    return -(y * p);
}

float sqrt1(float x) { return first_lane(sqrt(set1(x))); }

void clear_upper_halves() {
#if defined(__x86_64__)
    if (kVecLanes > 4) __asm__ volatile("vzeroupper");
#endif
}

} // namespace mote::cpu::MOTE_ISA

#endif
