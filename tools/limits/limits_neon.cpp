#include "machine_limits.h"

#include <algorithm>
#include <arm_neon.h>
#include <cstdint>
#include <cstdlib>

// Makes the compiler believe that the variable x is used and changed, in its register.
#define KEEP(x) __asm__ volatile("" : "+w"(x))

namespace mote_bench::neon {
using Vector = float32x4_t;
static inline Vector fused(Vector a, Vector b, Vector c) { return vfmaq_f32(c, a, b); }
static inline Vector broadcast(float x) { return vdupq_n_f32(x); }
static inline Vector load(const float *p) { return vld1q_f32(p); }
static inline Vector over_root(Vector a, Vector b) { return vdivq_f32(a, vsqrtq_f32(b)); }
#include "limits_body.h"
} // namespace mote_bench::neon
