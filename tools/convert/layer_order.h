#pragma once

#include "names.h"

namespace mote::cli {

/* Where a tensor stands in its file: modules are mostly made in the order in which they are used. */
size_t place_in_file(const ForeignFile &file, const std::string &name);

/* The linear layers of an MLP behind an embedding, the first to last: in the order of their names, or of the file, as
 * the shapes allow. Throws Failure where they allow both, and the two differ. */
std::vector<Layer> in_order(const ForeignFile &file, const Layer &embedding, std::vector<Layer> layers);

} // namespace mote::cli
