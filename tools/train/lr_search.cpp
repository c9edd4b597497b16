#include "lr_search.h"

#include "batches.h"
#include "errors.h"
#include "progress.h"
#include "stop.h"

#include <algorithm>
#include <cmath>

namespace mote::cli {

namespace {

/* A running mean of losses, corrected for its beginning. */
class RunningMean {
  public:
    double add(double loss) {
        constexpr double kept = 0.96;
        sum_ = kept * sum_ + (1 - kept) * loss;
        weight_ = kept * weight_ + (1 - kept);
        return sum_ / weight_;
    }

  private:
    double sum_ = 0, weight_ = 0;
};

/* A running mean that many times the best one will not come back. */
constexpr double explosion = 4;

void smooth(std::vector<LrPoint> &points) {
    RunningMean forwards, backwards;
    for (LrPoint &point : points) point.smoothed = forwards.add(point.loss);
    for (size_t i = points.size(); i-- > 0;) points[i].smoothed = backwards.add(points[i].smoothed);
}

double rate_at(LrRange range, uint32_t step) {
    double share = range.steps > 1 ? static_cast<double>(step) / (range.steps - 1) : 0;
    return std::pow(10.0, static_cast<double>(range.low) +
                              share * (static_cast<double>(range.high) - static_cast<double>(range.low)));
}

/* False: the numbers are not finite any more. */
bool make_step(Session &session, Batches &batches, uint32_t step, double rate, float &loss) {
    batches.fill(step);
    if (batches.starts_pass()) mote_trainer_reset_state(session.trainer);
    check(mote_trainer_set_learning_rate(session.trainer, static_cast<float>(rate)), "learning rate");
    mote_status status = mote_train_step(session.trainer, batches.tokens(), batches.targets(), &loss);
    if (status != MOTE_ERR_NUMERIC) check(status, "training step");
    return status == MOTE_OK;
}

} // namespace

std::vector<LrPoint> search_rate(Session &session, const std::string &corpus, LrRange range, bool quiet) {
    Batches batches(corpus, session.parts, session.run, session.config, session.train);
    Progress progress(0, range.steps, quiet);
    std::vector<LrPoint> points;
    RunningMean mean;
    double now = 0, best = HUGE_VAL;
    uint64_t characters = 0;
    for (uint32_t step = 0; step < range.steps && now <= explosion * best; ++step) {
        throw_if_stopped(corpus);
        double rate = rate_at(range, step);
        float loss = 0;
        if (!make_step(session, batches, step, rate, loss)) break;
        now = mean.add(static_cast<double>(loss));
        best = std::min(best, now);
        points.push_back({rate, static_cast<double>(loss), now});
        characters += batches.characters();
        progress.show(step + 1, now, characters);
    }
    if (points.empty())
        throw Failure(corpus + ": the first step gives numbers that are not finite; try a lower --from");
    smooth(points);
    return points;
}

double proposed_rate(const std::vector<LrPoint> &points) {
    auto lower = [](const LrPoint &a, const LrPoint &b) { return a.smoothed < b.smoothed; };
    return std::min_element(points.begin(), points.end(), lower)->rate;
}

} // namespace mote::cli
