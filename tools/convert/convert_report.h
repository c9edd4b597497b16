#pragma once

#include "choose.h"
#include "left_out.h"
#include "results.h"

namespace mote::cli {

/* What became of a file of weights: its format, the model, of which tensors each of mote's is made, which were left out
 * and the reason for it, and what a comparison found. */
Json convert_report(const ForeignFile &file, const Assignment &found, const Chosen &chosen,
                    const std::vector<LeftOut> &left_out);

/* The same for people, on stdout. */
void print_convert_report(const Json &report);

} // namespace mote::cli
