#pragma once

#include "plot_lr.h"
#include "train_session.h"

#include <vector>

namespace mote::cli {

/* A learning-rate range test (Smith 2015, arXiv:1506.01186): rates from 10^low to 10^high, evenly in the exponent. */
struct LrRange {
    float low, high;
    uint32_t steps;
};

/* One step of the session at each rate; ends early where the loss explodes. The smoothed loss is a running mean that is
 * run forwards and backwards over the steps, so that it does not lag behind them. */
std::vector<LrPoint> search_rate(Session &session, const std::string &corpus, LrRange range, bool quiet);

/* The rate to train with, out of such a test. */
double proposed_rate(const std::vector<LrPoint> &points);

} // namespace mote::cli
