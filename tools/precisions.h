#pragma once

#include "option_values.h"

#include "mote.h"

namespace mote::cli {

/* How weights are stored, as programs, reports and messages name it. */
struct PrecisionName {
    const char *part;  /* of MOTE_WITHOUT_PRECISION, and in JSON */
    const char *words; /* "weights of " … */
    const char *shape; /* the macro of a shape; empty: the shape itself */
    const char *bits;  /* of a weight, as options take it */
};
const PrecisionName &precision_name(uint32_t precision);

/* --bits and the like: 8 and 4. */
const Choices &bits_choices();

} // namespace mote::cli
