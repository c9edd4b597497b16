#pragma once

#include "model_file.h"

#include <string>

namespace mote::cli {

/* A header in C99 and C++ with the blob as the array `<name>_blob` and, beginning with NAME_, macros of its
 * configuration and of the arena sizes that it needs. */
std::string c_header(const std::string &name, const ModelFile &file, const AlignedBytes &blob);

} // namespace mote::cli
