#pragma once

#include "program.h"

#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

/* Where mpirun has started this program as one of several, runs the program beside it that was built with that MPI,
 * with the same arguments, in the place of this one or watched by it. None: it has not. `arguments` begins with a
 * command. */
std::optional<Ending> run_as_rank(const std::vector<std::string> &arguments);

} // namespace mote::cli
