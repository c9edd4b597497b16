#pragma once

#include "assignment.h"

namespace mote::cli {

/* Less by the numbers in names where they differ: "l9" before "l10". */
bool before(const std::string &first, const std::string &second);

/* The tensors of one layer: `stem`.weight and `stem`.bias, or "weight" and "bias" where the stem is empty. */
struct Layer {
    std::string stem, weight, bias; /* bias: empty where there is none */
};

/* The layers in the order of their names. Throws Failure for a tensor that belongs to none, as what it is where its
 * name or shape tells: of a normalisation, a convolution, attention … */
std::vector<Layer> layers_of(const ForeignFile &file, const std::vector<std::string> &names);

} // namespace mote::cli
