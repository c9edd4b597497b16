// chains16() and kFewColumns, by what the compiler is asked for.
#ifndef MOTE_CHAINS16_VFP_H
#define MOTE_CHAINS16_VFP_H

#if defined(__OPTIMIZE_SIZE__)
#include "chains_small_vfp.h"
#else
#include "chains_fast_vfp.h"
#endif

#endif
