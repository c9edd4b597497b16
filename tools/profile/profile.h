#pragma once

#include "profiled_work.h"
#include "results.h"
#include "stages.h"

namespace mote::cli {

/* What was measured in one run. */
struct Profile {
    std::vector<Stage> stages;
    std::vector<double> nanoseconds; /* of each stage */
    double step_nanoseconds = 0;     /* of a whole step without the hook */
    double clock_nanoseconds = 0;    /* taken off each stage */
    double peak = 0;                 /* multiply-adds of one core, FLOP/s */
    double bandwidth = 0;            /* bytes a second from a buffer as large as the weights; 0: not measured */
};

/* Rounds of about a millisecond with and without the hook, in turns, for so many seconds. */
Profile profile_of(ProfiledWork &work, std::vector<Stage> stages, double seconds);
/* Of one core, with the instruction set in use; the bandwidth only where `weight_bytes` is not 0. */
void measure_limits(Profile &profile, uint64_t weight_bytes);

/* The table as JSON, and the same for people, on stdout. */
Json json_of(const Profile &profile);
void print_profile(const Json &report);

} // namespace mote::cli
