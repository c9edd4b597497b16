#pragma once

#include "train_session.h"

#include <optional>

namespace mote::cli {

/* Mean nats a character of each part that there is. */
struct Losses {
    std::optional<double> of[3]; /* TRAIN, DEV, TEST */
    size_t read_of_train = 0;    /* the characters of a whole training part, or of its beginning */
};

/* Over run.eval_batches random batches of each part, the same at every call, each row from the zero state; or, where
 * that would be more characters than the part has, or eval_batches is 0, over the whole part. */
Losses estimate(Session &session, const std::string &corpus);

/* Over whole parts, or the first `limit` characters of each, where it is not 0: the training part in rows_of_training
 * rows side by side, dev and test beside each other, once in order. */
Losses whole_losses(Session &session, const std::string &corpus, uint32_t limit);

} // namespace mote::cli
