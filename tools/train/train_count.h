#pragma once

#include "train_loop.h"

namespace mote::cli {

/* Fills the session's bigram from its training part, read in order: no step is made. */
Pace count(Session &session, float smoothing);

} // namespace mote::cli
