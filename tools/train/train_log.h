#pragma once

#include "estimate.h"

#include <cstdint>
#include <cstdio>
#include <string>

namespace mote::cli {

/* A row of the log: a step that was made, and the losses of the parts where they were estimated after it. */
struct LogRow {
    uint64_t step; /* 1 for the first */
    double loss, smoothed, rate, norm;
    Losses estimated;
};

/* run.csv. The rows are the same whether a training was stopped and resumed or not. */
class TrainLog {
  public:
    /* Begins the file anew; when `steps_kept` is not 0, a training resumed after that many steps goes on in it: later
     * rows, and a row cut short, are dropped. An empty path: no log. */
    TrainLog(const std::string &path, uint64_t steps_kept);
    ~TrainLog();
    TrainLog(const TrainLog &) = delete;
    TrainLog &operator=(const TrainLog &) = delete;

    void add(const LogRow &row);
    /* To the disk: what a checkpoint counts on. */
    void sync();
    /* A file, whose rows stay; not a pipe or a terminal, nor no log at all. */
    bool is_kept() const;

  private:
    std::string path_;
    std::FILE *file_ = nullptr;
};

} // namespace mote::cli
