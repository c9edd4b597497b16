// What the inner loops of matrix products on a Cortex-M are told of the sums.
#ifndef MOTE_CHAIN_TERMS_H
#define MOTE_CHAIN_TERMS_H

#include "init_rows.inl.h"

namespace mote::cpu::MOTE_ISA {

// From where chains16() begins with +0. A build for size has no zeros in memory.
#if defined(__OPTIMIZE_SIZE__) && !(defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 2) != 0)
constexpr bool kHasZeros = false;
constexpr const float *kFromZeros = nullptr;
#else
constexpr bool kHasZeros = true;
constexpr const float *kFromZeros = kZeros;
#endif

// k summed elements, in stretches of `depth`. The elements of x lie in runs of `run` floats, with `gap` bytes between
// them; no run is in two stretches.
struct ChainTerms {
    uint32_t k, depth, run, gap;
    const float *zeros; // kFromZeros: 16
    // Inline assembler reads all but the first at 4, 8, 12 and 16: one register for them, since a build for debugging
    // has fewer.
};

// Of a row of a matrix. The columns of one row alone lie side by side.
MOTE_INLINE ChainTerms chain_terms(uint32_t k, size_t panel) {
    const uint32_t depth = stretch_depth(k), gap = static_cast<uint32_t>(panel - kLanes) * uint32_t{sizeof(float)};
    return {k, depth, gap == 0 ? depth : kLanes, gap, kFromZeros};
}

} // namespace mote::cpu::MOTE_ISA

#endif
