// The sums of quantized products of a panel by the instructions for signal processing of a Cortex-M: two products of 16
// bits and their sum by one, and two bytes of four widened by one.
#ifndef MOTE_QUANT_SUMS_DSP_VFP_H
#define MOTE_QUANT_SUMS_DSP_VFP_H

#include "quant_scale_vfp.h"

namespace mote::cpu::MOTE_ISA {

// The products of four inputs, widened in a and b, and two outputs, s and t, whose weights are the next 8 bytes.
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
#define MOTE_DSP_QUAD MOTE_DSP_PAIR("s0", "s1", "8") MOTE_DSP_PAIR("s2", "s3", "56")
#define MOTE_DSP_WIDEN(x)                                                                                              \
    "sxtb16 %[b], %[" x "], ror #8\n\t"                                                                                \
    "sxtb16 %[a], %[" x "]\n\t"
#define MOTE_DSP_TWO_QUADS                                                                                             \
    "ldrd %[a], %[x1], [%[x]], #8\n\t" MOTE_DSP_WIDEN("a") MOTE_DSP_QUAD MOTE_DSP_WIDEN("x1") MOTE_DSP_QUAD

// Four quads at a time take 1.31 instructions for a multiply-add, one 1.44.
#if defined(__OPTIMIZE_SIZE__)
#define MOTE_DSP_FOURS
#else
#define MOTE_DSP_FOURS                                                                                                 \
    "subs %[n], %[n], #4\n\t"                                                                                          \
    "blo 2f\n"                                                                                                         \
    "1:\n\t" MOTE_DSP_TWO_QUADS MOTE_DSP_TWO_QUADS "subs %[n], %[n], #4\n\t"                                           \
    "bhs 1b\n"                                                                                                         \
    "2:\n\t"                                                                                                           \
    "adds %[n], %[n], #4\n\t"                                                                                          \
    "beq 4f\n"
#endif

// sums[i] = the sum over 4 `quads` inputs, at least one, for four i.
MOTE_INLINE void quant_sums4(int32_t *sums, const int8_t *x, const int8_t *w, uint32_t quads) {
    int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    uint32_t a, b, x1, w0, w1, even;
    __asm__ volatile(
        MOTE_DSP_FOURS "3:\n\t"
                       "ldr %[a], [%[x]], #4\n\t" MOTE_DSP_WIDEN("a") MOTE_DSP_QUAD "subs %[n], %[n], #1\n\t"
                                                                                    "bne 3b\n"
                                                                                    "4:"
        : [s0] "+r"(s0), [s1] "+r"(s1), [s2] "+r"(s2), [s3] "+r"(s3), [x] "+r"(x), [w] "+r"(w), [n] "+r"(quads),
          [a] "=&r"(a), [b] "=&r"(b), [x1] "=&r"(x1), [w0] "=&r"(w0), [w1] "=&r"(w1), [even] "=&r"(even)
        :
        : "cc", "memory");
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
}

#undef MOTE_DSP_PAIR
#undef MOTE_DSP_QUAD
#undef MOTE_DSP_WIDEN
#undef MOTE_DSP_TWO_QUADS
#undef MOTE_DSP_FOURS

// For 16 i.
MOTE_INLINE void quant_sums16(int32_t *sums, const int8_t *x, const int8_t *weights, uint32_t quads) {
    for (int32_t *const end = sums + kLanes; sums != end; sums += 4, weights += 16)
        quant_sums4(sums, x, weights, quads);
}

} // namespace mote::cpu::MOTE_ISA

#endif
