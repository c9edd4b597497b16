#include "stage_times.h"

#include <algorithm>
#include <limits>

namespace mote::cli {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

} // namespace

StageTimes::StageTimes() : times_(size_t{MOTE_STAGE_COUNT} * (MOTE_MAX_LAYERS + 1), {0, 0, never}) { measure_clock(); }

void StageTimes::hook(void *times, uint32_t stage, uint32_t layer, uint32_t done) {
    StageTimes &self = *static_cast<StageTimes *>(times);
    if (done == 0) {
        self.start_ = Clock::now();
        return;
    }
    auto passed = Clock::now() - self.start_;
    Times &of = self.of(stage, layer);
    of.sum += std::chrono::duration_cast<std::chrono::nanoseconds>(passed).count();
    ++of.count;
}

void StageTimes::end_round() {
    for (Times &times : times_) {
        if (times.count == 0) continue;
        double mean = static_cast<double>(times.sum) / static_cast<double>(times.count);
        times.least = std::min(times.least, std::max(mean - clock_, 0.0));
        times.sum = 0;
        times.count = 0;
    }
}

double StageTimes::nanoseconds(uint32_t stage, uint32_t layer) const {
    double least = times_[stage * (MOTE_MAX_LAYERS + 1) + layer].least;
    return least == never ? 0 : least;
}

/* By the hook itself, through a pointer that the compiler does not see through, as the library calls it. */
void StageTimes::measure_clock() {
    constexpr int rounds = 50, stages = 200;
    mote_stage_fn volatile call = hook;
    for (int round = 0; round < rounds; ++round) {
        for (int i = 0; i < stages; ++i) {
            call(this, 0, 0, 0);
            call(this, 0, 0, 1);
        }
        end_round();
    }
    Times &measured = of(0, 0);
    clock_ = measured.least;
    measured = {0, 0, never};
}

} // namespace mote::cli
