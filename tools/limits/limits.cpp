#include "machine_limits.h"

#include <cstring>
#include <ctime>

#include "mote.h"

namespace mote_limits {

// Windows counts a thread's time in steps of 16 ms, longer than a run takes.
#if defined(_WIN32)
constexpr clockid_t clock_of_runs = CLOCK_MONOTONIC;
#else
constexpr clockid_t clock_of_runs = CLOCK_THREAD_CPUTIME_ID;
#endif

double cpu_seconds() {
    timespec now{};
    clock_gettime(clock_of_runs, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// MOTE_LIMITS_ISAS: the limits of the instruction sets that the library is compiled for. One that extends another has
// the name of that at its beginning, and its limits.
static const IsaLimits &limits_in_use() {
    static const IsaLimits *const all[] = {MOTE_LIMITS_ISAS};
    for (const IsaLimits *one : all)
        if (std::strncmp(one->isa, mote_isa(), std::strlen(one->isa)) == 0) return *one;
    return *all[0];
}

double fma_peak() { return limits_in_use().fma_peak(); }
double root_peak() { return limits_in_use().root_peak(); }
Bandwidth read_bandwidth(std::size_t bytes) { return limits_in_use().read_bandwidth(bytes); }

} // namespace mote_limits
