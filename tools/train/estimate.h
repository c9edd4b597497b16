#pragma once

#include "train_session.h"

#include <optional>

namespace mote::cli {

/* Mean nats a character of each part that there is. */
struct Losses {
    std::optional<double> of[3]; /* TRAIN, DEV, TEST */
};

/* Over run.eval_batches random batches of each part, the same at every call, each row from the zero state; or, where
 * that would be more characters than the part has, or eval_batches is 0, over the whole part, read in order. */
Losses estimate(Session &session, const std::string &corpus);

/* Of a whole part, read once in order. */
double whole_loss(Session &session, Part part, const std::string &corpus);

} // namespace mote::cli
