#pragma once

#include <string>
#include <vector>

namespace mote::cli {

struct LossPlot {
    std::vector<std::string> logs;
    bool log_x = false, log_y = false, no_raw = false;
};

/* The losses of runs, from what mote train --log wrote of them. */
void plot_loss(const LossPlot &plot, const std::string &output);

} // namespace mote::cli
