#pragma once

#include "foreign.h"

namespace mote::cli {

/* Reads a file of weights, which it knows by what it holds, not by its name, or a folder of .npy files. `key` is for
 * PyTorch files: see read_torch. Throws Failure, whose text begins with the path. */
ForeignFile read_foreign(const std::string &path, const std::string &key);

} // namespace mote::cli
