#pragma once

#include "sweep_jobs.h"
#include "train_adapter.h"
#include "train_options.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mote::cli {

/* Throws UsageError where the keys are no options of `mote train`, where keys or options are the sweep's own to give,
 * or where an option is both given for all and swept. */
void check_shared_options(const Sweep &sweep);

/* What `mote train CORPUS options …` would do; it refuses here what it would refuse before it reads the corpus. */
TrainOptions checked_train_options(const std::vector<std::string> &corpora, const std::vector<std::string> &options);

/* Hashes of all that a training depends on. */
class InputHashes {
  public:
    InputHashes(uint64_t corpus_hash, bool has_messages);

    /* A recipe counts by the options that it stands for. */
    uint64_t of(const std::vector<std::string> &options, const TrainOptions &parsed);

  private:
    uint64_t of_file(const std::string &path);

    uint64_t corpus_;
    std::map<std::string, uint64_t> files_;
};

} // namespace mote::cli
