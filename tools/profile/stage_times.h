#pragma once

#include "mote.h"

#include <chrono>
#include <cstdint>
#include <vector>

namespace mote::cli {

/* The times of the stages of many steps: the mean of each over a round of steps, less what reading the clock costs, and
 * of all rounds the fastest. */
class StageTimes {
  public:
    StageTimes();

    /* The hook; its `user` is this object. */
    static void hook(void *times, uint32_t stage, uint32_t layer, uint32_t done);

    void end_round();
    double nanoseconds(uint32_t stage, uint32_t layer) const;
    /* What a stage that does nothing takes by this clock, which is subtracted from all. */
    double clock_nanoseconds() const { return clock_; }

  private:
    using Clock = std::chrono::steady_clock;
    struct Times {
        int64_t sum;    /* of this round, in nanoseconds */
        uint64_t count; /* how often the stage was run in it */
        double least;   /* mean of a round */
    };

    Times &of(uint32_t stage, uint32_t layer) { return times_[stage * (MOTE_MAX_LAYERS + 1) + layer]; }
    void measure_clock();

    std::vector<Times> times_;
    Clock::time_point start_;
    double clock_ = 0;
};

} // namespace mote::cli
