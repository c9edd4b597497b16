#pragma once

#include "sweep_jobs.h"
#include "sweep_table.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace mote::cli {

/* Of the points whose jobs have all ended without an error, the one with the least mean dev loss over its seeds. */
struct BestPoint {
    double mean, least, largest; /* dev loss, nats a character */
    size_t job;                  /* the one with the least, */
    size_t seeds;                /* of so many */
};

/* None: there is no such point. Among equals it is the first. */
std::optional<BestPoint> best_point(const SweepTable &table, size_t points, size_t seeds);

} // namespace mote::cli
