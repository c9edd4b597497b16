#include "machine_limits.h"

#include <algorithm>
#include <arm_neon.h>
#include <cstdint>
#include <new>

// Makes the compiler believe that the variable x is used and changed, in its register.
#define KEEP(x) __asm__ volatile("" : "+w"(x))

namespace mote_limits::neon {
using Vector = float32x4_t;
static inline Vector fused(Vector a, Vector b, Vector c) { return vfmaq_f32(c, a, b); }
static inline Vector broadcast(float x) { return vdupq_n_f32(x); }
static inline Vector load(const float *p) { return vld1q_f32(p); }
#if defined(__aarch64__)
static inline Vector over_root(Vector a, Vector b) { return vdivq_f32(a, vsqrtq_f32(b)); }
#else // which has but estimates of either for vectors
static inline Vector over_root(Vector a, Vector b) {
    for (int i = 0; i < 4; ++i) a[i] /= __builtin_sqrtf(b[i]);
    return a;
}
#endif
#include "limits_body.h"
const IsaLimits limits{"neon", fma_peak, root_peak, read_bandwidth};
} // namespace mote_limits::neon
