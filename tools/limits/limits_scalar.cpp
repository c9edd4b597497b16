#include "machine_limits.h"

#include <algorithm>
#include <cstdint>
#include <new>

// Makes the compiler believe that the variable x is used and changed, in a register where it has some for floats.
#if defined(__riscv_flen)
#define KEEP(x) __asm__ volatile("" : "+f"(x))
#elif defined(__aarch64__)
#define KEEP(x) __asm__ volatile("" : "+w"(x))
#elif defined(__arm__) && defined(__ARM_FP)
#define KEEP(x) __asm__ volatile("" : "+t"(x))
#else
#define KEEP(x) __asm__ volatile("" : "+g"(x))
#endif

namespace mote_limits::scalar {
using Vector = float;
#if defined(__FP_FAST_FMAF)
static inline Vector fused(Vector a, Vector b, Vector c) { return __builtin_fmaf(a, b, c); }
#else
static inline Vector fused(Vector a, Vector b, Vector c) { return a * b + c; }
#endif
static inline Vector broadcast(float x) { return x; }
static inline Vector load(const float *p) { return *p; }
static inline Vector over_root(Vector a, Vector b) { return a / __builtin_sqrtf(b); }
#include "limits_body.h"
const IsaLimits limits{"scalar", fma_peak, root_peak, read_bandwidth};
} // namespace mote_limits::scalar
