#pragma once

#include "model_file.h"
#include "results.h"

namespace mote::cli {

/* All that `mote inspect` tells of a model. A training that would need more than 4 GiB is null. */
Json model_report(const ModelFile &file, uint32_t batch, uint32_t time);

/* The same for people, on stdout. */
void print_report(const Json &report);

} // namespace mote::cli
