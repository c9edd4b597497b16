#pragma once

#include <string>

namespace mote::cli {

struct SweepPlot {
    std::string table; /* what mote sweep wrote */
    std::string x;     /* the option along the axis; empty: the first that differs */
    std::string lines; /* the one with a line for each value; empty: the next that differs */
    bool log_y = false;
};

/* The dev losses of a sweep. */
void plot_sweep(const SweepPlot &plot, const std::string &output);

} // namespace mote::cli
