// The sums of quantized products of a panel, by what the processor has.
#ifndef MOTE_QUANT_SUMS_H
#define MOTE_QUANT_SUMS_H

#include "isa.h"

#if defined(MOTE_VFP)
#include "quant_sums_vfp.h"
#else
#include "quant_sums_scalar.h"
#endif

#endif
