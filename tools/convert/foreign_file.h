#pragma once

#include "foreign.h"

namespace mote::cli {

/* Reads a file of weights, which it knows by what it holds, not by its name, a folder of .npy files, or all shards of a
 * model of which `path` is one, or the index. `key` is for
 * PyTorch files: see read_torch. Throws Failure, whose text begins with the path. */
ForeignFile read_foreign(const std::string &path, const std::string &key);

} // namespace mote::cli
