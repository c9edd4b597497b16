// The sums of quantized products of a panel by the instructions for signal processing, fast: the inputs are widened
// once for all outputs, and 16 of them multiplied a turn: 1.22 instructions for a multiply-add.
#ifndef MOTE_QUANT_SUMS_FAST_VFP_H
#define MOTE_QUANT_SUMS_FAST_VFP_H

#include "panels.inl.h"
#include "quant_pairs_vfp.h"
#include "quant_scale_vfp.h"

namespace mote::cpu::MOTE_ISA {

// A row of small integers. So many quads of them are widened at a time: of longer rows for each panel anew.
constexpr uint32_t kWideQuads = 32;
struct QuantInputs {
    const int8_t *x;
    uint32_t quads;
    uint32_t wide[2 * kWideQuads]; // of each quad, the integers at even and at odd places
};

MOTE_INLINE void widen(uint32_t *wide, const int8_t *x, uint32_t quads) {
    for (const int8_t *const end = x + 4 * quads; x != end; x += 4, wide += 2) {
        uint32_t word, even, odd;
        memcpy(&word, x, sizeof word);
        __asm__("sxtb16 %0, %1" : "=r"(even) : "r"(word));
        __asm__("sxtb16 %0, %1, ror #8" : "=r"(odd) : "r"(word));
        wide[0] = even;
        wide[1] = odd;
    }
}

MOTE_INLINE void begin(QuantInputs &inputs, const int8_t *x, uint32_t quads) {
    inputs.x = x;
    inputs.quads = quads;
    if (x != nullptr) widen(inputs.wide, x, smaller(quads, kWideQuads));
}

#define MOTE_DSP_QUAD "ldrd %[a], %[b], [%[x]], #8\n\t" MOTE_DSP_FOUR

// sums[i] += the sum over `quads` quads, for 4 `fours` i, at least four. Registers of the FPU keep what a turn of the
// outer loop begins with.
MOTE_INLINE void add_sums(int32_t *sums, const uint32_t *x, const int8_t *w, uint32_t quads, uint32_t fours) {
    uint32_t s0, s1, s2, s3, n, a, b, w0, w1, even;
    __asm__ volatile("vmov s0, %[x]\n\t"
                     "vmov s1, %[quads]\n\t"
                     "vmov s2, %[w]\n\t"
                     "vmov s3, %[sums]\n\t"
                     "vmov s4, %[fours]\n"
                     "0:\n\t"
                     "vmov %[x], %[n], s0, s1\n\t"
                     "vmov %[w], %[a], s2, s3\n\t"
                     "ldrd %[s0], %[s1], [%[a]]\n\t"
                     "ldrd %[s2], %[s3], [%[a], #8]\n\t"
                     "subs %[n], %[n], #4\n\t"
                     "blo 2f\n"
                     "1:\n\t" MOTE_DSP_QUAD MOTE_DSP_QUAD MOTE_DSP_QUAD MOTE_DSP_QUAD "subs %[n], %[n], #4\n\t"
                     "bhs 1b\n"
                     "2:\n\t"
                     "adds %[n], %[n], #4\n\t"
                     "beq 4f\n"
                     "3:\n\t" MOTE_DSP_QUAD "subs %[n], %[n], #1\n\t"
                     "bne 3b\n"
                     "4:\n\t"
                     "vmov %[w], %[a], s2, s3\n\t"
                     "strd %[s0], %[s1], [%[a]], #8\n\t"
                     "strd %[s2], %[s3], [%[a]], #8\n\t"
                     "add %[w], %[w], #16\n\t"
                     "vmov s2, s3, %[w], %[a]\n\t"
                     "vmov %[n], s4\n\t"
                     "subs %[n], %[n], #1\n\t"
                     "vmov s4, %[n]\n\t"
                     "bne 0b"
                     : [x] "+r"(x), [w] "+r"(w), [s0] "=&r"(s0), [s1] "=&r"(s1), [s2] "=&r"(s2), [s3] "=&r"(s3),
                       [n] "=&r"(n), [a] "=&r"(a), [b] "=&r"(b), [w0] "=&r"(w0), [w1] "=&r"(w1), [even] "=&r"(even)
                     : [sums] "t"(sums), [quads] "t"(quads), [fours] "t"(fours)
                     : MOTE_VFP_CLOBBERS);
}

#undef MOTE_DSP_QUAD

// sums[i] = the sum over the inputs, for the first `outputs` of 16 i; others may be 0.
MOTE_INLINE void sums16(int32_t *sums, QuantInputs &inputs, const int8_t *weights, int32_t outputs) {
    const uint32_t fours = smaller(static_cast<uint32_t>(outputs) + 3, kLanes) / 4;
    __asm__ volatile("vldmia %0, {s0-s15}\n\t"
                     "vstmia %1, {s0-s15}" ::"r"(kZeros),
                     "r"(sums)
                     : MOTE_VFP_CLOBBERS);
    for (uint32_t first = 0; first < inputs.quads; first += kWideQuads, weights += kWideQuads * kQuadBytes) {
        const uint32_t quads = smaller(inputs.quads - first, kWideQuads);
        if (inputs.quads > kWideQuads) widen(inputs.wide, inputs.x + 4 * first, quads);
        add_sums(sums, inputs.wide, weights, quads, fours);
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
