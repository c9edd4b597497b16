#pragma once

#include "blob_findings.h"
#include "model_file.h"

#include <memory>
#include <optional>

namespace mote::cli {

/* All that is known of a file that should be a model. */
struct Inspection {
    AlignedBytes file;
    BlobParts parts;
    std::optional<uint32_t> checksum; /* as the bytes make it; none where the file does not have them all */
    std::vector<Finding> findings;    /* what says most of the damage first */
    bool other_version = false;       /* undamaged, but not for this program */
    /* As the library opens it, with the checksum made right where that alone keeps it from doing so. */
    std::unique_ptr<ModelFile> model;
    std::optional<bool> selftest; /* none where there is none, or no model */

    bool damaged() const { return !findings.empty() && !other_version; }
};

Inspection inspect_bytes(AlignedBytes bytes);

/* What is wrong and where, in one line. There must be a finding. */
std::string damage_text(const Inspection &found);

} // namespace mote::cli
