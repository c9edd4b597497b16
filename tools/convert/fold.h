#pragma once

#include "foreign.h"

namespace mote::cli {

/* A tensor that a framework keeps in parts, and of which part it was made. */
struct FoldedPart {
    std::string part, whole;
};

/* Puts tensors that the framework computes anew each time it runs in the place of the parts that it keeps of them, in
 * double precision: "X_g" and "X_v" of torch.nn.utils.weight_norm become X = g v / |v|, "X_orig" and "X_mask" of
 * torch.nn.utils.prune X = orig mask. Of "….parametrizations.X.original0" and "original1" the file doesn't tell that
 * they are of a weight norm: they are folded in the same way where `proven`, the result is compared with the
 * framework's. Parts of which one is `ignored` stay. What was done is told in file.notes. */
std::vector<FoldedPart> fold_parts(ForeignFile &file, const std::vector<std::string> &ignored, bool proven);

} // namespace mote::cli
