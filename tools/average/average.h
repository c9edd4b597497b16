#pragma once

#include "results.h"
#include "shares.h"

#include <string>
#include <vector>

namespace mote::cli {

/* What is averaged: models, or adapters of one base. */
struct AverageOptions {
    std::vector<std::string> files;
    std::string output, base, weights;
    bool json = false;
};

/* Each weight is the exact mean of the files' weights, rounded once, so that the order of the files does not matter.
 * Writes the mean and returns what there is to tell of it. Throws Failure where a file cannot be averaged with the
 * first. */
Json average_models(const AverageOptions &options, const Shares &shares);
/* With options.base, the model that all of them were learned on. */
Json average_adapters(const AverageOptions &options, const Shares &shares);

} // namespace mote::cli
