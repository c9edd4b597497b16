#pragma once

#include "train_session.h"

#include <string>

namespace mote::cli {

/* Where a training leaves its traces; empty paths: nowhere. */
struct Traces {
    std::string corpus; /* its name, for messages */
    std::string checkpoint;
    uint32_t checkpoint_every; /* in steps; 0: a tenth of them */
    std::string log;
    bool quiet;
};

struct Pace {
    double seconds;
    uint64_t characters; /* predicted */
};

/* Trains from where the session stands to its last step, or until early stopping has no patience any more. Throws
 * Failure when it is stopped by a signal (the checkpoint is saved first), NotFinite when the loss is no longer a number
 * (the last checkpoint stays). */
Pace train(Session &session, const Traces &traces);

} // namespace mote::cli
