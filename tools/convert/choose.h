#pragma once

#include "assemble.h"
#include "verify.h"

#include <optional>

namespace mote::cli {

/* What is compared with a model's logits, and how far they may differ, of the greatest. */
struct Expected {
    ForeignFile file;
    std::string path;
    double tolerance;
};

/* The model that was made, and what it was made by. */
struct Chosen {
    Plan plan;
    Assembled made;
    std::optional<Verified> verified;
    bool activation_found = false; /* by the comparison */
};

/* Makes the model. With `expected`, what nothing tells (the activation, how square matrices lie) is tried in every way,
 * and the one model is taken that agrees; throws Failure where none does or several do. Without it, make_plan asks. */
Chosen choose(const ForeignFile &file, const Assignment &found, const TokenOrder &order, const Orientation &orientation,
              const Expected *expected);

} // namespace mote::cli
