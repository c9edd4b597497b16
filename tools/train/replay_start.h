#pragma once

#include "replay.h"
#include "step_chain.h"
#include "train_session.h"

namespace mote::cli {

/* The checkpoint that a training is to end with. */
struct RecordedEnd {
    std::string path;
    ModelFile file;
    mote_train_config train{};
    RunRecord run{};
    std::optional<StepChain> chain;
    TeacherRecord taught_by{};
    uint32_t shards = 1;
};

/* Throws Failure for a file that is not a checkpoint of mote train. */
RecordedEnd read_end(const std::string &path);

/* The training as it stood at options.before, with the steps of `end` planned. From a checkpoint it goes on as mote
 * train --resume does, with --quantize where `end` began so there; from a model it begins as mote train --base --learn
 * all does, with the settings of `end`. Throws Failure where `end` cannot have come from it, whatever it learned. */
Session start_of(const ReplayOptions &options, const RecordedEnd &end, Corpus &corpus);

} // namespace mote::cli
