// Memory for benchmarks.
#ifndef MOTE_BENCH_ALIGNED_H
#define MOTE_BENCH_ALIGNED_H

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace mote_bench {

struct Free {
    void operator()(void *p) const { std::free(p); }
};
using Aligned = std::unique_ptr<unsigned char, Free>;

// Bytes aligned to 64, zeroed.
inline Aligned aligned(std::size_t bytes) {
    const std::size_t rounded = (bytes + 63) / 64 * 64;
    void *p = std::aligned_alloc(64, rounded);
    if (p == nullptr) std::abort();
    std::memset(p, 0, rounded);
    return Aligned(static_cast<unsigned char *>(p));
}

} // namespace mote_bench

#endif
