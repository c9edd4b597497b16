#pragma once

#include "assemble.h"
#include "results.h"
#include "verify.h"

namespace mote::cli {

/* What became of a file of weights: its format, the model, and of which tensors each of mote's is made. */
Json convert_report(const ForeignFile &file, const Assignment &found, const Plan &plan, const Assembled &made);
void add_verified(Json &report, const Verified &result);

/* The same for people, on stdout. */
void print_convert_report(const Json &report);

} // namespace mote::cli
