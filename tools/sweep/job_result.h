#pragma once

#include <array>
#include <string>

namespace mote::cli {

/* What is kept of a training: a name in the table, and the one in what `mote train --json` prints. Times are not kept,
 * so that a table has the same bytes each time. */
struct Measure {
    const char *column, *json;
};
/* A column must not be called like an option of `mote train`, which may be a column too. */
constexpr Measure measures[] = {{"dev_loss", "dev_loss"},   {"train_loss", "train_loss"},
                                {"test_loss", "test_loss"}, {"smoothed_loss", "smoothed_loss"},
                                {"steps_done", "steps"},    {"best_step", "best_step"},
                                {"params", "params"},       {"weights_hash", "weights_hash"}};
constexpr size_t measure_count = sizeof measures / sizeof measures[0];

struct JobResult {
    std::array<std::string, measure_count> values; /* numbers as JSON writes them; empty where there is none */
    std::string error;                             /* empty: the training succeeded */
};

} // namespace mote::cli
