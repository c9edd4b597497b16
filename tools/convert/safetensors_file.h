#pragma once

#include "foreign.h"

namespace mote::cli {

/* Reads a .safetensors file. Throws Failure where it is none, naming the tensor or the byte. Takes at most 32 times its
 * header of memory beside the file itself. */
ForeignFile read_safetensors(std::string bytes);

/* True where the bytes begin as such a file does. */
bool is_safetensors(const std::string &bytes);

} // namespace mote::cli
