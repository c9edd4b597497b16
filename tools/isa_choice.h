#pragma once

#include <string>

namespace mote::cli {

/* --isa NAME; empty: the best one. Throws UsageError with those that are here. */
void choose_isa(const std::string &name);

} // namespace mote::cli
