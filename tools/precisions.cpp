#include "precisions.h"

#include <iterator>

namespace mote::cli {

static constexpr PrecisionName precision_names[] = {{"float32", "float32", "", "32"},
                                                    {"int8", "int8", "MOTE_SHAPE_INT8", "8"},
                                                    {"int4", "4 bits", "MOTE_SHAPE_INT4", "4"}};
static_assert(std::size(precision_names) == MOTE_PRECISION_COUNT,
              "one for each precision, in the order of their numbers");

const PrecisionName &precision_name(uint32_t precision) { return precision_names[precision]; }

const Choices &bits_choices() {
    static const Choices choices = {{precision_names[MOTE_PRECISION_INT8].bits, MOTE_PRECISION_INT8},
                                    {precision_names[MOTE_PRECISION_INT4].bits, MOTE_PRECISION_INT4}};
    return choices;
}

} // namespace mote::cli
