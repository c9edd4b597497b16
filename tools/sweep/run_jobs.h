#pragma once

#include "job_result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace mote::cli {

/* Whether a job that runs is to be given up. Any thread may ask. */
using Stop = std::function<bool()>;
/* Runs the job of that number; none: it was given up. It may throw, and several threads call it at once. */
using RunJob = std::function<std::optional<JobResult>(size_t job, const Stop &stop)>;
using OnDone = std::function<void(size_t job, const JobResult &result)>;

/* Runs the jobs, `workers` (1 or more) at a time, begun in their order; calls on_done for each that ends, in the thread
 * that called. Returns when all have ended, or, once a signal asked to stop (stop.h), when those that run have. What
 * `run` or `on_done` throws is thrown on after the jobs that run were given up. */
void run_jobs(const std::vector<size_t> &jobs, uint32_t workers, const RunJob &run, const OnDone &on_done);

} // namespace mote::cli
