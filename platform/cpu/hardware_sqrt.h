// The square root of a float by the processor's instruction, which rounds correctly.
#ifndef MOTE_HARDWARE_SQRT_H
#define MOTE_HARDWARE_SQRT_H

#include "isa.h"

namespace mote::cpu::MOTE_ISA {

// Without -fno-math-errno GCC calls the C library's sqrtf for what is negative, to set errno; no pragma tells it not
// to.
#if defined(__NO_MATH_ERRNO__)
MOTE_INLINE float hardware_sqrt(float x) { return __builtin_sqrtf(x); }
#elif defined(__aarch64__)
MOTE_INLINE float hardware_sqrt(float x) {
    __asm__("fsqrt %s0, %s0" : "+w"(x));
    return x;
}
#elif defined(__arm__)
MOTE_INLINE float hardware_sqrt(float x) {
    __asm__("vsqrt.f32 %0, %0" : "+t"(x));
    return x;
}
#elif defined(__riscv)
MOTE_INLINE float hardware_sqrt(float x) {
    __asm__("fsqrt.s %0, %0" : "+f"(x));
    return x;
}
#endif

} // namespace mote::cpu::MOTE_ISA

#endif
