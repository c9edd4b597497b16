// What this machine can do at most, measured beside what is held against it: clocks and neighbours change from one
// moment to the next.
#ifndef MOTE_LIMITS_H
#define MOTE_LIMITS_H

#include <cstddef>

namespace mote_limits {

// Multiply-adds in registers, FLOP/s of one core (a multiply-add is two), with vectors as wide as those of the
// library's instruction set in use. Where it has no fused multiply-add, it is a multiplication and an addition.
double fma_peak();

// Square roots, each with a division, a second.
double root_peak();

// Seconds of this thread's CPU time: what a neighbour takes does not count.
double cpu_seconds();

// Bytes read a second from a buffer of that size, read over and over: the speed of the cache that holds it, in the
// order that is the fastest of several.
struct Bandwidth {
    double rate;
    const char *order;
};
Bandwidth read_bandwidth(std::size_t bytes);

// The same with the vectors of one instruction set.
struct IsaLimits {
    const char *isa;
    double (*fma_peak)();
    double (*root_peak)();
    Bandwidth (*read_bandwidth)(std::size_t bytes);
};
// Defined by limits_<isa>.cpp, of those that the library is compiled for.
namespace avx512 {
extern const IsaLimits limits;
}
namespace avx2 {
extern const IsaLimits limits;
}
namespace sse2 {
extern const IsaLimits limits;
}
namespace neon {
extern const IsaLimits limits;
}
namespace scalar {
extern const IsaLimits limits;
}

} // namespace mote_limits

#endif
