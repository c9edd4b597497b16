#pragma once

#include "state_dict.h"

namespace mote::cli {

/* A zip of state_dict(), as numpy.savez writes one: <name>.npy each, stored, so that it can be mapped into memory. The
 * same model gives the same bytes. */
std::string npz_of(const ModelFile &file);

} // namespace mote::cli
