// The sums of products of a panel by weights of 4 bits by the instructions for signal processing, small: 1.6
// instructions for a multiply-add.
#ifndef MOTE_QUANT4_SUMS_SMALL_VFP_H
#define MOTE_QUANT4_SUMS_SMALL_VFP_H

#include "quant4_inputs.h"

namespace mote::cpu::MOTE_ISA {

// Two inputs of each of two outputs, from halves of bytes that are `shift` bits below the upper ones of 16 bits.
#define MOTE_DSP_HALVES(x, shift)                                                                                      \
    "and %[n], %[upper], %[w0], lsl #" shift "\n\t"                                                                    \
    "smlad %[s0], %[n], %[" x "], %[s0]\n\t"                                                                           \
    "and %[n], %[upper], %[w1], lsl #" shift "\n\t"                                                                    \
    "smlad %[s1], %[n], %[" x "], %[s1]\n\t"

// 4096 times the sums of a group, of two outputs; x and w move on to the next one. Halves of bytes become two's
// complements by their highest bits, and the upper ones of pairs of 16 bits: a weight times 4096.
MOTE_INLINE void group_sums(int32_t *s, const int8_t **x, const int8_t **w, const int8_t *stop) {
    int32_t s0 = 0, s1 = 0;
    uint32_t a, b, n, w0, w1;
    __asm__ volatile(
        "1:\n\t"
        "ldr %[a], [%[x]], #4\n\t"
        "ldrd %[w0], %[w1], [%[w]], #64\n\t"
        "eor %[w0], %[w0], #0x88888888\n\t"
        "eor %[w1], %[w1], #0x88888888\n\t"
        "sxtb16 %[b], %[a]\n\t" MOTE_DSP_HALVES(
            "b", "12") "sxtb16 %[b], %[a], ror #8\n\t"
                       "ldr %[a], [%[x]], #4\n\t" MOTE_DSP_HALVES("b", "4") "sxtb16 %[b], %[a]\n\t" MOTE_DSP_HALVES(
                           "b", "8") "sxtb16 %[b], %[a], ror #8\n\t" MOTE_DSP_HALVES("b", "0") "cmp %[x], %[stop]\n\t"
                                                                                               "bne 1b"
        : [s0] "+r"(s0), [s1] "+r"(s1), [x] "+r"(*x), [w] "+r"(*w), [a] "=&r"(a), [b] "=&r"(b), [n] "=&r"(n),
          [w0] "=&r"(w0), [w1] "=&r"(w1)
        : [stop] "r"(stop), [upper] "r"(0xf000f000)
        : "cc", "memory");
    s[0] = s0;
    s[1] = s1;
}

#undef MOTE_DSP_HALVES

// sums[i] = the sum over the inputs, for the first `outputs` of 16 i; others may be 0.
MOTE_INLINE void sums16(int32_t *sums, const Quant4Inputs &inputs, const int8_t *groups, const int8_t *weights,
                        int32_t outputs) {
    for (int32_t i = 0; i < int32_t{kLanes}; i += 2) {
        const int8_t *w = weights + 4 * i, *x = inputs.x, *const end = i < outputs ? x + inputs.count : x;
        const int8_t *group = groups + i % (int32_t{kLanes} / 2);
        int32_t first = 0, second = 0;
        for (; x != end; group += kLanes / 2) {
            int32_t s[2];
            group_sums(s, &x, &w, group_end(x, end));
            const uint32_t shift = i < int32_t{kLanes} / 2 ? 0 : 4;
            first += (s[0] >> 12) * scale_of(group[0], shift);
            second += (s[1] >> 12) * scale_of(group[1], shift);
        }
        sums[i] = first;
        sums[i + 1] = second;
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
