// The sums of quantized products of a panel on a Cortex-M: by vectors, by the instructions for signal processing, or in
// plain C++.
#ifndef MOTE_QUANT_SUMS_VFP_H
#define MOTE_QUANT_SUMS_VFP_H

#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 2) != 0 // vectors of floats
#include "quant_sums_mve_vfp.h"
#elif defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE_SIZE__)
#include "quant_sums_small_vfp.h"
#elif defined(__ARM_FEATURE_DSP)
#include "quant_sums_fast_vfp.h"
#else
#include "quant_sums_scalar.h"
#endif

#endif
