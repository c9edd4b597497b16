#pragma once

#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

/* A step of mote lr-find, which raises the rate from step to step. */
struct LrPoint {
    double rate, loss, smoothed;
};

/* The rows of what mote lr-find wrote. */
std::vector<LrPoint> read_lr_points(const std::string &path);

/* Loss over learning rate; `mark` is a rate to point out. */
void plot_lr(const std::vector<LrPoint> &points, std::optional<double> mark, const std::string &output);

} // namespace mote::cli
