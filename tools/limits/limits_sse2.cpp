#include "machine_limits.h"

#include <algorithm>
#include <cstdint>
#include <immintrin.h>
#include <new>

// Makes the compiler believe that the variable x is used and changed, in its register.
#define KEEP(x) __asm__ volatile("" : "+x"(x))

namespace mote_limits::sse2 {
using Vector = __m128;
// SSE2 has no fused multiply-add; what the library does in place of one takes longer than this.
static inline Vector fused(Vector a, Vector b, Vector c) { return _mm_add_ps(_mm_mul_ps(a, b), c); }
static inline Vector broadcast(float x) { return _mm_set1_ps(x); }
static inline Vector load(const float *p) { return _mm_load_ps(p); }
static inline Vector over_root(Vector a, Vector b) { return _mm_div_ps(a, _mm_sqrt_ps(b)); }
#include "limits_body.h"
const IsaLimits limits{"sse2", fma_peak, root_peak, read_bandwidth};
} // namespace mote_limits::sse2
