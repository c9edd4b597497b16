#pragma once

#include "mote.h"

#include <cstdint>

namespace mote::cli {

/* Whether a tensor of a configuration is multiplied in a step. A table's row, an embedding's and a one-hot character's
 * column are looked up; biases are added. */
bool is_multiplied(const mote_config &config, const mote_tensor &tensor);

/* Of a character: one for each weight of a tensor that is multiplied, padding left out. */
uint64_t multiply_adds(const mote_config &config);

} // namespace mote::cli
