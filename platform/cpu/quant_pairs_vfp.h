// What the sums of quantized products are made of by the instructions for signal processing of a Cortex-M, as text of
// inline assembler: two bytes of four are widened by one, and two products of 16 bits added to a sum by one.
#ifndef MOTE_QUANT_PAIRS_VFP_H
#define MOTE_QUANT_PAIRS_VFP_H

#include "isa.h"

// Four inputs, widened in a and b, by two outputs, s and t, whose weights are the next 8 bytes.
#define MOTE_DSP_PAIR(s, t, step)                                                                                      \
    "ldrd %[w0], %[w1], [%[w]], #" step "\n\t"                                                                         \
    "sxtb16 %[even], %[w0]\n\t"                                                                                        \
    "sxtb16 %[w0], %[w0], ror #8\n\t"                                                                                  \
    "smlad %[" s "], %[even], %[a], %[" s "]\n\t"                                                                      \
    "smlad %[" s "], %[w0], %[b], %[" s "]\n\t"                                                                        \
    "sxtb16 %[w0], %[w1]\n\t"                                                                                          \
    "sxtb16 %[w1], %[w1], ror #8\n\t"                                                                                  \
    "smlad %[" t "], %[w0], %[a], %[" t "]\n\t"                                                                        \
    "smlad %[" t "], %[w1], %[b], %[" t "]\n\t"

// By four outputs, whose weights are 16 bytes; the next four inputs' are 64 bytes on.
#define MOTE_DSP_FOUR MOTE_DSP_PAIR("s0", "s1", "8") MOTE_DSP_PAIR("s2", "s3", "56")

#endif
