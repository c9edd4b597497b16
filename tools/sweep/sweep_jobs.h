#pragma once

#include "search_space.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mote::cli {

/* What a sweep trains. */
struct Sweep {
    std::vector<std::string> corpora;
    std::vector<std::string> options; /* of `mote train`, for all jobs */
    std::vector<std::string> keys;    /* options that differ, */
    std::vector<Point> points;        /* their values */
    std::vector<uint64_t> seeds;
};

/* A training of a sweep. */
struct Job {
    Point point;
    uint64_t seed;
    std::vector<std::string> options; /* of `mote train`, but for where the model goes, and threads */
    bool takes_threads;               /* --threads may be given */
    std::string id;                   /* a hash of the options and of the texts and models that they name */
};

/* The jobs, each point with each seed. Throws UsageError for what `mote train` would refuse, for options that the sweep
 * gives itself, for those given twice, and for a training without a dev part. Reads the corpus, which must not be the
 * standard input. */
std::vector<Job> jobs_of(const Sweep &sweep);

/* "mote train CORPUS …" as typed in a shell, the model to M.mote. */
std::string shell_command(const std::vector<std::string> &corpora, const Job &job);

/* "lr=0.1 hidden=32 seed=1" */
std::string job_name(const std::vector<std::string> &keys, const Job &job);
std::string point_name(const std::vector<std::string> &keys, const Point &point);

} // namespace mote::cli
