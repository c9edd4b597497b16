#pragma once

#include "replay_start.h"

#include <string>

namespace mote::cli {

/* What the training, at the step of `end`, has that is not as in `end`: "the weights …" and so on; empty where nothing
 * is. */
std::string difference_at_end(Session &session, const RecordedEnd &end);

/* Settings that were not the same, as options: "--lr, --schedule"; empty where all were. */
std::string different_settings(const Session &session, const RecordedEnd &end);

} // namespace mote::cli
