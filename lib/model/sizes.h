// The sizes of a configuration, by the formulas of mote_sizes.h, in 64 bits where they may be above the limit of 2^32
// - 1.
#ifndef MOTE_SIZES_OF_CONFIG_H
#define MOTE_SIZES_OF_CONFIG_H

#include "mote.h"
#include "port.h"

namespace mote {

uint64_t model_bytes(const mote_config &config);
uint32_t transposed_count(const mote_config &config); // floats of all weights transposed
uint64_t blob_bytes(const mote_config &config);

} // namespace mote

#endif
