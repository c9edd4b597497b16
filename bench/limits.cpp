#include "limits.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>

#if defined(__x86_64__)
#include <immintrin.h>
using Vector = __m256;
static inline Vector fused(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
static inline Vector broadcast(float x) { return _mm256_set1_ps(x); }
static inline Vector load(const float *p) { return _mm256_load_ps(p); }
// Makes the compiler believe that the variable x is used and changed, in its register.
#define KEEP(x) __asm__ volatile("" : "+x"(x))
#elif defined(__aarch64__)
#include <arm_neon.h>
using Vector = float32x4_t;
static inline Vector fused(Vector a, Vector b, Vector c) { return vfmaq_f32(c, a, b); }
static inline Vector broadcast(float x) { return vdupq_n_f32(x); }
static inline Vector load(const float *p) { return vld1q_f32(p); }
#define KEEP(x) __asm__ volatile("" : "+w"(x))
#endif

namespace mote_bench {
namespace {

constexpr std::size_t kWidth = sizeof(Vector) / sizeof(float);

// The best of several short runs of `work`, in units a second.
template <typename F> double best_rate(double units, F work) {
    double best = 0;
    for (int run = 0; run < 12; ++run) {
        const double start = cpu_seconds();
        work();
        best = std::max(best, units / (cpu_seconds() - start));
    }
    return best;
}

} // namespace

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double fma_peak() {
    constexpr int chains = 12; // more than latency times ports, and few enough for 16 registers
    constexpr std::int64_t rounds = 100000;
    const auto work = [] {
        Vector x[chains];
        for (auto &v : x) v = broadcast(1.0f);
        const Vector a = broadcast(0.5f), b = broadcast(0.5f);
        for (std::int64_t i = 0; i < rounds; ++i)
#pragma GCC unroll 12
            for (int j = 0; j < chains; ++j) {
                Vector y = fused(a, x[j], b);
                KEEP(y);
                x[j] = y;
            }
    };
    return best_rate(2.0 * kWidth * chains * rounds, work);
}

double read_bandwidth(std::size_t bytes) {
    constexpr std::size_t vectors = 8;
    const std::size_t step = vectors * kWidth;
    const std::size_t count = std::max(bytes / sizeof(float) / step, std::size_t{1}) * step;
    float *data = static_cast<float *>(std::aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64));
    if (data == nullptr) return 0;
    std::fill(data, data + count, 1.0f);
    const std::size_t passes = std::max(std::size_t{1}, (std::size_t{4} << 20) / count);
    const auto work = [&] {
        for (std::size_t pass = 0; pass < passes; ++pass)
            for (std::size_t i = 0; i < count; i += step)
#pragma GCC unroll 8
                for (std::size_t j = 0; j < vectors; ++j) {
                    Vector x = load(data + i + j * kWidth);
                    KEEP(x);
                }
    };
    const double rate = best_rate(static_cast<double>(passes * count * sizeof(float)), work);
    std::free(data);
    return rate;
}

} // namespace mote_bench
