// What this machine can do at most, measured beside the benchmark that is held against it: clocks and neighbours change
// from one moment to the next.
#ifndef MOTE_LIMITS_H
#define MOTE_LIMITS_H

#include <cstddef>

namespace mote_bench {

// Multiply-adds in registers, FLOP/s of one core (a multiply-add is two), with vectors as wide as the library's.
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
#define MOTE_LIMITS(isa)                                                                                               \
    namespace isa {                                                                                                    \
    double fma_peak();                                                                                                 \
    double root_peak();                                                                                                \
    Bandwidth read_bandwidth(std::size_t bytes);                                                                       \
    }
MOTE_LIMITS(avx2)
MOTE_LIMITS(avx512)
MOTE_LIMITS(neon)
#undef MOTE_LIMITS

} // namespace mote_bench

#endif
