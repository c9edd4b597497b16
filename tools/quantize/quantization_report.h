#pragma once

#include "measured_text.h"
#include "quantization.h"
#include "results.h"

namespace mote::cli {

/* Sizes of the blobs without sections, bits a weight, losses on the text, the largest difference of a logit. */
Json quantization_report(const mote_model *before, const Quantized &made, const MeasuredText &text);
void print_quantization_report(const Json &report);

} // namespace mote::cli
