// What quantized rows need of the registers of the instruction set.
#ifndef MOTE_REGISTERS_QUANT_H
#define MOTE_REGISTERS_QUANT_H

#include "isa.h"
#if defined(__SSE2__)
#include "registers_quant_x86.h"
#else
#include "registers_quant_neon.h"
#endif

#endif
