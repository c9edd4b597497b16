#pragma once

#include "blob_parts.h"

#include <string>
#include <vector>

namespace mote::cli {

/* Something in a file that is not as the format says. */
struct Finding {
    std::string part;
    uint64_t offset; /* of the file */
    std::string what;
};

/* What is wrong with the file, the checksum and what the model computes aside, in the order of its parts. */
std::vector<Finding> findings_of(const BlobParts &parts);

} // namespace mote::cli
