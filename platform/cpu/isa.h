// The instruction set that is compiled: MOTE_ISA is its namespace, the sizes of its tiles are kTileRows rows by
// kTilePanels panels, and kGemvPanels panels of a single row. kernels_<isa>.cpp includes its own isa_<isa>.h first; an
// editor that parses a file alone gets the least of its target here.
#include "port.h"

#ifndef MOTE_ISA
#if defined(__SSE2__)
#include "isa_sse2.h"
#elif defined(__ARM_NEON)
#include "isa_neon.h"
#elif defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M' && defined(__ARM_FEATURE_FMA)
#include "isa_vfp.h"
#else
#include "isa_scalar.h"
#endif
#endif
