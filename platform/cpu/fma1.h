// One fused multiply-add of floats, correctly rounded.
#ifndef MOTE_FMA1_H
#define MOTE_FMA1_H

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || (defined(__riscv_flen) && __riscv_flen >= 32)

#include "isa.h"

namespace mote::cpu::MOTE_ISA {
MOTE_INLINE float fma1(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
} // namespace mote::cpu::MOTE_ISA

#elif defined(__SSE2__) || (defined(__ARM_FP) && (__ARM_FP & 8))

#include "fma_double.h"

namespace mote::cpu::MOTE_ISA {
MOTE_INLINE float fma1(float a, float b, float c) { return double_fma(a, b, c); }
} // namespace mote::cpu::MOTE_ISA

#else

#include "soft_float.h"

namespace mote::cpu::MOTE_ISA {
MOTE_INLINE float fma1(float a, float b, float c) { return soft_fma(a, b, c); }
} // namespace mote::cpu::MOTE_ISA

#endif

#endif
