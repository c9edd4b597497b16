#pragma once

#include "inspection.h"
#include "results.h"

namespace mote::cli {

/* All that `mote inspect` tells of a file; null stands for what cannot be read, for a training that would need more
 * than 4 GiB, and for what the model does not have. */
Json model_report(const Inspection &found, uint32_t batch, uint32_t time);

/* The same for people, on stdout. */
void print_report(const Json &report);

} // namespace mote::cli
