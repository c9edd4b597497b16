// The configuration as the library knows it: of any model, while it runs, or of the only one, when it is compiled.
#ifndef MOTE_KNOWN_CONFIG_H
#define MOTE_KNOWN_CONFIG_H

#include "kernel_types.h"
#include "mote.h"

namespace mote {

#if defined(MOTE_ONLY_MODEL)

#pragma GCC diagnostic ignored "-Wtype-limits" // of constants that are 0

inline constexpr mote_config kOnlyModel = {MOTE_ONLY_MODEL};
static_assert(cpu::kHasRelu || kOnlyModel.activation != MOTE_RELU, "MOTE_WITHOUT_RELU: MOTE_ONLY_MODEL has it");
// Constants, whatever object they are asked of, so that compilers leave out what this model does not need.
struct Config {
    static constexpr uint32_t input = kOnlyModel.input, cell = kOnlyModel.cell, vocab = kOnlyModel.vocab,
                              context = kOnlyModel.context, embed = kOnlyModel.embed, hidden = kOnlyModel.hidden,
                              layers = kOnlyModel.layers, precision = kOnlyModel.precision,
                              activation = kOnlyModel.activation;

    operator const mote_config &() const { return kOnlyModel; }
};
inline constexpr Config kOnlyConfig{};

constexpr bool kOneModel = true;

// Functions of a configuration are evaluated when the library is compiled.
#define MOTE_OF_CONFIG constexpr
#define MOTE_INLINE_OF_CONFIG constexpr

// A valid one can be no other; nor can it have another precision.
inline const Config &known(const mote_config &) { return kOnlyConfig; }
inline const Config &with_precision(const Config &config, uint32_t) { return config; }

#else

static_assert(cpu::kHasRelu, "MOTE_WITHOUT_RELU needs MOTE_ONLY_MODEL");
using Config = mote_config;
constexpr bool kOneModel = false;

// Pure, so that what asks twice, or for more than it needs, pays once for what it needs.
#define MOTE_OF_CONFIG __attribute__((pure)) MOTE_INLINE_OR_ONE_COPY
#define MOTE_INLINE_OF_CONFIG inline

inline const Config &known(const mote_config &config) { return config; }
inline Config with_precision(const Config &config, uint32_t precision) {
    Config other = config;
    other.precision = precision;
    return other;
}

#endif

} // namespace mote

#endif
