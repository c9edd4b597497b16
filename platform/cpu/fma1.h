// One fused multiply-add of floats, correctly rounded. Included inside the namespace of an instruction set.

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || (defined(__riscv_flen) && __riscv_flen >= 32)
MOTE_INLINE float fma1(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
#elif defined(__SSE2__) || (defined(__ARM_FP) && (__ARM_FP & 8))
#include "fma_double.h"
MOTE_INLINE float fma1(float a, float b, float c) { return double_fma(a, b, c); }
#else
#include "soft_float.h"
MOTE_INLINE float fma1(float a, float b, float c) { return soft_fma(a, b, c); }
#endif
