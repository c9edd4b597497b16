#pragma once

#include "results.h"

#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

struct ReplayOptions {
    std::string before, after, isa;
    std::vector<std::string> corpora;
    std::vector<std::string> teachers;
    uint32_t threads = 1;
    bool json = false, quiet = false;
};

/* What came of learning from `before` on to the step of `after`. */
struct Replay {
    uint64_t from = 0, to = 0; /* the steps of both files */
    uint64_t links = 0;        /* values of the chain that were compared */
    bool has_chain = false;    /* `after` has one that could be compared */
    std::string weights_hash;  /* of `after` */
    std::string difference;    /* empty: there is none */
    /* Where a step differs: one of these. */
    uint64_t first = 0, last = 0;
};

/* Throws Failure where the two cannot be compared: other files, another corpus. */
Replay replay(const ReplayOptions &options);

} // namespace mote::cli
