// chains16(), chains16_apart() and kFewColumns, by what the processor has and the compiler is asked for.
#ifndef MOTE_CHAINS16_VFP_H
#define MOTE_CHAINS16_VFP_H

#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 2) != 0 // vectors of floats
#include "chains_mve_vfp.h"
#else
#include "chains_vfp.h"
#endif

#endif
