#pragma once

#include "ranks.h"
#include "run_jobs.h"

#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

/* Jobs that ranks share. The first one hands them out, and runs jobs itself as all others do, each rank one at a time.
 * Every rank takes part in a round of messages some times a second, whatever its job does, so that one that is lost is
 * noticed soon however long a job lasts: then LostRank is thrown, and where `run` throws on a rank, that is thrown on
 * there. Jobs that run are given up then. */

/* In the first rank: as run_jobs() (run_jobs.h). The result is the name of the signal that asked a rank to stop; none:
 * all jobs have ended. */
std::optional<std::string> hand_out_jobs(Ranks &ranks, const std::vector<size_t> &jobs, const RunJob &run,
                                         const OnDone &on_done);

/* In the others: returns when the first one has no more to hand out, or a signal asked a rank to stop. */
void run_handed_out_jobs(Ranks &ranks, const RunJob &run);

} // namespace mote::cli
