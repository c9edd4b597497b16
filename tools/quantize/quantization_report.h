#pragma once

#include "quantization.h"
#include "results.h"

namespace mote::cli {

/* What a text is called that a model is measured on, and its tokens. */
struct MeasuredText {
    std::string name;
    std::vector<uint16_t> tokens;

    TokenView view() const { return {tokens.data(), tokens.size()}; }
};

/* Characters of a corpus that are read where nothing else is said. */
constexpr uint32_t usual_limit = 100000;

/* Sizes of the blobs without sections, losses on the text, the largest difference of a logit. */
Json quantization_report(const mote_model *before, const Quantized &made, const MeasuredText &text);
void print_quantization_report(const Json &report);

} // namespace mote::cli
