#pragma once

#include "left_out.h"
#include "option_values.h"
#include "plan.h"
#include "recognise.h"

namespace mote::cli {

/* Of the greatest logit: some roundings of float32, in another order of sums. */
constexpr float default_agreement = 1e-5f;

struct ConvertOptions {
    std::string weights, output, key, map, vocab, corpus, boundary, verify;
    std::optional<uint32_t> activation;
    Orientation orientation;
    RecogniseOptions recognise;
    bool lines = false, json = false, has_boundary = false, unverified = false;
    std::optional<uint32_t> precision; /* of integers; else float32 */
    float tolerance = default_agreement;

    Proof proof() const { return !verify.empty() ? Proof::verified : unverified ? Proof::unverified : Proof::none; }
};

void add_convert_options(CommandLine app, ConvertOptions &options);

/* Throws UsageError for options that do not go together. */
void check_options(const ConvertOptions &options);

/* Throws UsageError where a tensor is said to lie both ways. */
void check_orientation(const Orientation &orientation);

} // namespace mote::cli
