// The sums of products of a panel by weights of 4 bits by the instructions for signal processing, fast: the inputs are
// widened once for all outputs, and a group of 32 of them multiplied a turn: 1.3 instructions for a multiply-add.
#ifndef MOTE_QUANT4_SUMS_FAST_VFP_H
#define MOTE_QUANT4_SUMS_FAST_VFP_H

#include "quant4_halves.h"
#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

// A row of small integers. So many groups of them are widened at a time: of longer rows for each panel anew.
#if defined(__ARM_FEATURE_MVE) // frames are larger where registers of vectors are saved
constexpr uint32_t kWideGroups = 3;
#else
constexpr uint32_t kWideGroups = 4;
#endif
constexpr uint32_t kWideWords = kQuant4Group / 2 + 2;
struct Quant4Inputs {
    const int8_t *x;
    uint32_t eights;
    // Of each group, the integers of four at even and at odd places; and twice -8 times their sum, what a sum of
    // products begins with, since a half of a byte is 8 more than its weight.
    uint32_t wide[kWideGroups * kWideWords];
};

MOTE_INLINE void widen4(uint32_t *wide, const int8_t *x, uint32_t eights) {
    for (; eights > 0; wide += kWideWords) {
        const uint32_t here = smaller(eights, kQuant4Group / 8);
        uint32_t *to = wide, start = 0;
        for (const int8_t *const end = x + 8 * here; x != end; x += 4, to += 2) {
            uint32_t word, even, odd;
            memcpy(&word, x, sizeof word);
            __asm__("sxtb16 %0, %1" : "=r"(even) : "r"(word));
            __asm__("sxtb16 %0, %1, ror #8" : "=r"(odd) : "r"(word));
            __asm__("smlad %0, %1, %2, %0" : "+r"(start) : "r"(even), "r"(0xfff8fff8));
            __asm__("smlad %0, %1, %2, %0" : "+r"(start) : "r"(odd), "r"(0xfff8fff8));
            to[0] = even;
            to[1] = odd;
        }
        wide[kWideWords - 2] = wide[kWideWords - 1] = start;
        eights -= here;
    }
}

MOTE_INLINE void begin(Quant4Inputs &inputs, const int8_t *x, uint32_t k) {
    inputs.x = x;
    inputs.eights = (k + 7) / 8;
    if (x != nullptr) widen4(inputs.wide, x, smaller(inputs.eights, kWideGroups * (kQuant4Group / 8)));
}

// Two inputs by an output: from halves of bytes, which `shift` moves to the lowest bits of 16.
#define MOTE_DSP_TWO(s, w, x, shift)                                                                                   \
    "and %[n], %[lowest], %[" w "]" shift "\n\t"                                                                       \
    "smlad %[" s "], %[n], %[" x "], %[" s "]\n\t"
#define MOTE_DSP_EIGHT(s, w)                                                                                           \
    MOTE_DSP_TWO(s, w, "a", "")                                                                                        \
    MOTE_DSP_TWO(s, w, "b", ", lsr #8") MOTE_DSP_TWO(s, w, "c", ", lsr #4") MOTE_DSP_TWO(s, w, "d", ", lsr #12")
// Eight inputs, which four registers of the FPU hold, by four outputs, whose weights lie at two addresses.
#define MOTE_DSP_EIGHTS(ab, cd, first, second)                                                                         \
    "vmov %[a], %[b], " ab "\n\t"                                                                                      \
    "vmov %[c], %[d], " cd "\n\t"                                                                                      \
    "ldrd %[w0], %[w1], " first "\n\t" MOTE_DSP_EIGHT("s0", "w0")                                                      \
        MOTE_DSP_EIGHT("s1", "w1") "ldrd %[w0], %[w1], " second "\n\t" MOTE_DSP_EIGHT("s2", "w0")                      \
            MOTE_DSP_EIGHT("s3", "w1")
// What two outputs have, plus the sums of a group times its integers.
#define MOTE_DSP_GROUP(s, t, first, second)                                                                            \
    "ldrd %[c], %[d], [%[w0]]\n\t"                                                                                     \
    "ubfx %[n], %[a], #" first ", #4\n\t"                                                                              \
    "mla %[c], %[" s "], %[n], %[c]\n\t"                                                                               \
    "ubfx %[n], %[a], #" second ", #4\n\t"                                                                             \
    "mla %[d], %[" t "], %[n], %[d]\n\t"                                                                               \
    "strd %[c], %[d], [%[w0]], #8\n\t"

// sums[i] += the sum over 8 `eights` inputs, for 4 `fours` i, at least four. Registers of the FPU hold a group's inputs
// and what there is no other register for: s16 and s17 what a sum begins with; s18 and s19 where the next sums go and
// how many fours are left; s20 and s21 the integers of this group, of the next outputs first; s22 and s23 the next
// inputs and weights; s24 and s25 the next integers and how many eights are left; s26 and s27 sums and fours.
MOTE_NOINLINE static void add_sums4(int32_t *sums, const uint32_t *x, const int8_t *groups, const int8_t *weights,
                                    uint32_t eights, uint32_t fours) {
    auto a = reinterpret_cast<uintptr_t>(x), b = reinterpret_cast<uintptr_t>(weights),
         c = reinterpret_cast<uintptr_t>(groups), w0 = reinterpret_cast<uintptr_t>(sums);
    uint32_t d = eights, w1 = fours, s0, s1, s2, s3, n, w;
    __asm__ volatile(
        "vmov s22, s23, %[a], %[b]\n\t"
        "vmov s24, s25, %[c], %[d]\n\t"
        "vmov s26, s27, %[w0], %[w1]\n"
        "0:\n\t"
        "vmov s18, s19, %[w0], %[w1]\n\t"
        "ldrd %[a], %[b], [%[c]], #8\n\t"
        "vmov s20, s21, %[a], %[b]\n\t"
        "vmov s24, %[c]\n\t"
        "vmov %[a], %[w], s22, s23\n\t"
        "vldmia %[a]!, {s0-s17}\n\t"
        "add %[b], %[w], #256\n\t"
        "vmov s22, s23, %[a], %[b]\n"
        "1:\n\t"
        "vmov %[s0], %[s1], s16, s17\n\t"
        "vmov %[s2], %[s3], s16, s17\n\t"
        "vmov %[n], s25\n\t"
        "cmp %[n], #3\n\t"
        "bhi 4f\n\t"
        "beq 3f\n\t"
        "cmp %[n], #2\n\t"
        "beq 2f\n\t"
        "b 5f\n"
        "4:\n\t" MOTE_DSP_EIGHTS("s12, s13", "s14, s15", "[%[w], #192]", "[%[w], #200]") "3:\n\t" MOTE_DSP_EIGHTS(
            "s8, s9", "s10, s11", "[%[w], #128]",
            "[%[w], #136]") "2:\n\t" MOTE_DSP_EIGHTS("s4, s5", "s6, s7", "[%[w], #64]",
                                                     "[%[w], #72]") "5:\n\t" MOTE_DSP_EIGHTS("s0, s1", "s2, s3",
                                                                                             "[%[w]], #8",
                                                                                             "[%[w]], #8") "vmov "
                                                                                                           "%[w0], "
                                                                                                           "%[w1], "
                                                                                                           "s18, "
                                                                                                           "s19\n\t"
                                                                                                           "vmov %[a], "
                                                                                                           "%[b], s20, "
                                                                                                           "s21\n"
                                                                                                           "\t" MOTE_DSP_GROUP(
                                                                                                               "s0",
                                                                                                               "s1",
                                                                                                               "0", "8")
                                                                                                               MOTE_DSP_GROUP(
                                                                                                                   "s2",
                                                                                                                   "s3",
                                                                                                                   "16",
                                                                                                                   "24") "lsr %[a], %[a], #4\n\t"
                                                                                                                         "vmov s20, s21, %[b], %[a]\n\t"
                                                                                                                         "subs %[w1], %[w1], #1\n\t"
                                                                                                                         "vmov s18, s19, %[w0], %[w1]\n\t"
                                                                                                                         "bne 1b\n\t"
                                                                                                                         "vmov %[w0], %[w1], s26, s27\n\t"
                                                                                                                         "vmov %[c], %[d], s24, s25\n\t"
                                                                                                                         "subs %[d], %[d], #4\n\t"
                                                                                                                         "vmov s25, %[d]\n\t"
                                                                                                                         "bhi 0b"
        : [a] "+r"(a), [b] "+r"(b), [c] "+r"(c), [d] "+r"(d), [w0] "+r"(w0), [w1] "+r"(w1), [s0] "=&r"(s0),
          [s1] "=&r"(s1), [s2] "=&r"(s2), [s3] "=&r"(s3), [n] "=&r"(n), [w] "=&r"(w)
        : [lowest] "r"(0x000f000f)
        : MOTE_VFP_CLOBBERS);
}

#undef MOTE_DSP_GROUP
#undef MOTE_DSP_EIGHTS
#undef MOTE_DSP_EIGHT
#undef MOTE_DSP_TWO

// sums[i] = the sum over the inputs, for the first `outputs` of 16 i; others may be 0.
MOTE_INLINE void sums16(int32_t *sums, Quant4Inputs &inputs, const int8_t *groups, const int8_t *weights,
                        int32_t outputs) {
    constexpr uint32_t kMost = kWideGroups * (kQuant4Group / 8);
    const uint32_t fours = smaller(static_cast<uint32_t>(outputs) + 3, kLanes) / 4;
    memset(sums, 0, kLanes * sizeof *sums);
    for (uint32_t first = 0; first < inputs.eights; first += kMost, weights += kMost * kQuadBytes) {
        const uint32_t eights = smaller(inputs.eights - first, kMost);
        if (inputs.eights > kMost) widen4(inputs.wide, inputs.x + 8 * first, eights);
        add_sums4(sums, inputs.wide, groups, weights, eights, fours);
        groups += kWideGroups * (kLanes / 2);
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
