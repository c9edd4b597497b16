#pragma once

#include "sweep_jobs.h"
#include "sweep_table.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mote::cli {

/* How the trainings of a sweep are run; what is empty or 0 is left to run_missing(). */
struct SweepRun {
    std::string program;
    uint32_t workers = 0, threads = 0;
    uint32_t timeout = 20; /* seconds that a rank may be silent */
    bool quiet = false;
};

/* Runs the jobs that the table, of `path`, lacks, and sets their results: as many at a time as there are ranks
 * (ranks.h), and without ranks as there are workers. In the first rank. Throws Failure where a signal asked to stop
 * before the end, or another rank has other jobs or another version; LostRank, with what the table has. */
void run_missing(const Sweep &sweep, const std::vector<Job> &jobs, const SweepRun &how, const std::string &path,
                 SweepTable &table);
/* In the others. */
void run_for_first_rank(const Sweep &sweep, const std::vector<Job> &jobs, const SweepRun &how);

} // namespace mote::cli
