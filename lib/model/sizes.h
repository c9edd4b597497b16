// The sizes of a configuration, by the formulas of mote_sizes.h, in 64 bits where they may be above the limit of 2^32
// - 1.
#ifndef MOTE_SIZES_OF_CONFIG_H
#define MOTE_SIZES_OF_CONFIG_H

#include "config.h"
#include "linked_parts.h"

namespace mote {

uint64_t model_bytes(const Config &config);

// The workspace with transposed weights, which a program may leave out.
struct PackedWorkspace : mote_part {
    uint32_t (*transposed)(const Config &config); // floats of them
    constexpr explicit PackedWorkspace(decltype(transposed) t) : transposed(t) {}
};
inline const PackedWorkspace *packed_workspace() {
    return static_cast<const PackedWorkspace *>(linked_part(mote_workspace_packed));
}

uint64_t blob_bytes(const Config &config);

} // namespace mote

#endif
