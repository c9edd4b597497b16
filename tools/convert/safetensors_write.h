#pragma once

#include "state_dict.h"

namespace mote::cli {

/* A safetensors file of state_dict(). Its __metadata__ says what tensors cannot: "mote.model", "mote.activation",
 * "mote.context", "mote.boundary" ("1": token 0 is the boundary of items) and "mote.vocab", the list of the characters
 * as JSON. */
std::string safetensors_of(const ModelFile &file);

} // namespace mote::cli
