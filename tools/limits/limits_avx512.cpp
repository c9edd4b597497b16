#include "machine_limits.h"

#include <algorithm>
#include <cstdint>
#include <immintrin.h>
#include <new>

// Makes the compiler believe that the variable x is used and changed, in its register.
#define KEEP(x) __asm__ volatile("" : "+v"(x))

namespace mote_limits::avx512 {
using Vector = __m512;
static inline Vector fused(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
static inline Vector broadcast(float x) { return _mm512_set1_ps(x); }
static inline Vector load(const float *p) { return _mm512_load_ps(p); }
// The masked root, as GCC 12 warns of its own header for the plain one.
static inline Vector over_root(Vector a, Vector b) { return _mm512_div_ps(a, _mm512_maskz_sqrt_ps(0xffff, b)); }
#include "limits_body.h"
const IsaLimits limits{"avx512", fma_peak, root_peak, read_bandwidth};
} // namespace mote_limits::avx512
