// Products of four small integers each. kernels_<isa>.cpp includes its own quant_dots_<isa>.h first where there are
// several for its vectors; an editor that parses a file alone gets the least of its target here.
#include "isa.h"

#ifndef MOTE_QUANT_DOTS
#if defined(__SSE2__)
#include "quant_dots_sse2.h"
#elif defined(__ARM_FEATURE_DOTPROD)
#include "quant_dots_sdot.h"
#else
#include "quant_dots_smlal.h"
#endif
#endif
