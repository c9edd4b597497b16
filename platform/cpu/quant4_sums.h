// The sums of products of a panel by weights of 4 bits, by what the processor has.
#ifndef MOTE_QUANT4_SUMS_H
#define MOTE_QUANT4_SUMS_H

#include "isa.h"

#if defined(MOTE_VFP) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE_SIZE__)
#include "quant4_sums_small_vfp.h"
#elif defined(MOTE_VFP) && defined(__ARM_FEATURE_DSP)
#include "quant4_sums_fast_vfp.h"
#else
#include "quant4_sums_scalar.h"
#endif

#endif
