#include "machine_limits.h"

#include <algorithm>
#include <cstdint>
#include <immintrin.h>
#include <new>

// Makes the compiler believe that the variable x is used and changed, in its register.
#define KEEP(x) __asm__ volatile("" : "+x"(x))

namespace mote_limits::avx2 {
using Vector = __m256;
static inline Vector fused(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
static inline Vector broadcast(float x) { return _mm256_set1_ps(x); }
static inline Vector load(const float *p) { return _mm256_load_ps(p); }
static inline Vector over_root(Vector a, Vector b) { return _mm256_div_ps(a, _mm256_sqrt_ps(b)); }
#include "limits_body.h"
const IsaLimits limits{"avx2", fma_peak, root_peak, read_bandwidth};
} // namespace mote_limits::avx2
