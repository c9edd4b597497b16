// Passes over flat arrays, by what the processor has and the compiler is asked for.
#ifndef MOTE_FLAT_CHOICE_VFP_H
#define MOTE_FLAT_CHOICE_VFP_H

#if defined(__ARM_FEATURE_DSP) && !defined(__OPTIMIZE_SIZE__)
#include "flat_vfp.inl.h"
#else
#include "flat_scalar.inl.h"
#endif

#endif
