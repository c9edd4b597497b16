#include "machine_limits.h"

#include <cstring>
#include <ctime>

#include "mote.h"

namespace mote_bench {

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// SSE2 and plain C++ are compared with the limits of the least vectors that this knows.
#if defined(__x86_64__)
static bool avx512_computes() { return std::strcmp(mote_isa(), "avx512") == 0; }
double fma_peak() { return avx512_computes() ? avx512::fma_peak() : avx2::fma_peak(); }
double root_peak() { return avx512_computes() ? avx512::root_peak() : avx2::root_peak(); }
Bandwidth read_bandwidth(std::size_t bytes) {
    return avx512_computes() ? avx512::read_bandwidth(bytes) : avx2::read_bandwidth(bytes);
}
#else
double fma_peak() { return neon::fma_peak(); }
double root_peak() { return neon::root_peak(); }
Bandwidth read_bandwidth(std::size_t bytes) { return neon::read_bandwidth(bytes); }
#endif

} // namespace mote_bench
