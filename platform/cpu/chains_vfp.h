// The inner loops of matrix products, 16 columns of one row, by VFP's registers.
#ifndef MOTE_CHAINS_VFP_H
#define MOTE_CHAINS_VFP_H

#if defined(__OPTIMIZE_SIZE__)
#include "chains_small_vfp.h"
#else
#include "chains_fast_vfp.h"
#endif
#include "chain_terms.h"

namespace mote::cpu::MOTE_ISA {

// c[i] = from[i] + the sum over k of x[k] b[k][i], for 16 i: in stretches, each of which is a chain of fused
// multiply-adds.
MOTE_INLINE void chains16(float *c, const float *from, const float *x, const float *b, const ChainTerms &terms) {
    uint32_t k = terms.k, stretch, n, fours;
    __asm__ volatile("vldmia %[from], {s0-s15}\n"
                     "1:\n\t"
                     "ldr %[stretch], [%[terms], #4]\n\t"
                     "cmp %[k], %[stretch]\n\t"
                     "it ls\n\t"
                     "movls %[stretch], %[k]\n\t"
                     "subs %[k], %[k], %[stretch]\n"
                     "2:\n\t"
                     "ldr %[n], [%[terms], #8]\n\t"
                     "cmp %[stretch], %[n]\n\t"
                     "it ls\n\t"
                     "movls %[n], %[stretch]\n\t"
                     "subs %[stretch], %[stretch], %[n]\n\t" // clang-format off
                     MOTE_VFP_CHAINS
                     "cmp %[stretch], #0\n\t"
                     "bne 9f\n\t"
                     "cmp %[from], #0\n\t" // 0 after the first stretch
                     "bne 7f\n\t"
                     "mov %[stretch], %[c]\n\t"
                     MOTE_VFP_ADD("%[stretch]")
                     "7:\n\t"
                     "vstmia %[c], {s0-s15}\n\t"
                     "cmp %[k], #0\n\t"
                     "beq 8f\n\t"
                     "movs %[from], #0\n\t"
                     "ldr %[n], [%[terms], #16]\n\t"
                     "vldmia %[n], {s0-s15}\n\t"
                     "ldr %[n], [%[terms], #12]\n\t"
                     "add %[x], %[x], %[n]\n\t"
                     "b 1b\n"
                     "9:\n\t" // the next run of the stretch
                     "ldr %[n], [%[terms], #12]\n\t"
                     "add %[x], %[x], %[n]\n\t"
                     "b 2b\n"
                     "8:" // clang-format on
                     : [from] "+r"(from), [x] "+r"(x), [b] "+r"(b), [k] "+r"(k), [stretch] "=&r"(stretch), [n] "=&r"(n),
                       [fours] "=&r"(fours)
                     : [c] "r"(c), [terms] "r"(&terms)
                     : MOTE_VFP_CLOBBERS);
}

// c[i] = from[i] + the sum over j < k, ascending, of x[j * step] b[j][i], for 16 i and k >= 1: a chain of fused
// multiply-adds each.
MOTE_INLINE void chains16_apart(float *c, const float *from, const float *x, uint32_t step, const float *b,
                                uint32_t k) {
    __asm__ volatile("vldmia %[from], {s0-s15}\n"
                     "1:\n\t"
                     "vldr s24, [%[x]]\n\t"
                     "add %[x], %[x], %[step]\n\t"
                     "subs %[k], %[k], #1\n\t" MOTE_VFP_CHAIN_STEP("s24") "bne 1b\n\t"
                                                                          "vstmia %[c], {s0-s15}"
                     : [x] "+r"(x), [b] "+r"(b), [k] "+r"(k)
                     : [c] "r"(c), [from] "r"(from), [step] "r"(step * sizeof(float))
                     : MOTE_VFP_CLOBBERS);
}

} // namespace mote::cpu::MOTE_ISA

#endif
