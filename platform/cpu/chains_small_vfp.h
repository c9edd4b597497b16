// The inner loop of matrix products, small: one k at a time.
#ifndef MOTE_CHAINS_SMALL_VFP_H
#define MOTE_CHAINS_SMALL_VFP_H

#include "chain_terms.h"
#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

constexpr uint32_t kFewColumns = 0; // a loop for few columns would be code for speed alone

// c[i] = from[i], or +0 where that is null, + the sum over k of x[k] b[k][i], for 16 i: in stretches, each of which is
// a chain of fused multiply-adds. To that of a later stretch what c holds is added as one more k, whose x is 1.
MOTE_INLINE void chains16(float *c, const float *from, const float *x, const float *b, const ChainTerms &terms) {
    uint32_t k = terms.k, stretch, n, later = 0; // later: 1 after the first stretch, 2 when c has been added
    __asm__ volatile("cmp %[from], #0\n\t"
                     "beq 5f\n\t"
                     "vldmia %[from], {s0-s15}\n"
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
                     "subs %[stretch], %[stretch], %[n]\n" // clang-format off
                     "3:\n\t"
                     "vldmia %[x]!, {s24}\n\t"
                     "subs %[n], %[n], #1\n"
                     "4:\n\t"
                     MOTE_VFP_CHAIN_STEP("s24")
                     "bne 3b\n\t"
                     "cmp %[stretch], #0\n\t"
                     "bne 9f\n\t"
                     "cmp %[later], #1\n\t"
                     "bne 7f\n\t"
                     "mov %[from], %[b]\n\t"
                     "mov %[b], %[c]\n\t"
                     "movs %[later], #2\n\t"
                     "vmov.f32 s24, #1.0\n\t"
                     "cmp %[n], #0\n\t" // it is 0: no k follows
                     "b 4b\n"
                     "7:\n\t"
                     "vstmia %[c], {s0-s15}\n\t"
                     "cmp %[later], #2\n\t"
                     "it eq\n\t"
                     "moveq %[b], %[from]\n\t"
                     "movs %[later], #1\n\t"
                     "cmp %[k], #0\n\t"
                     "beq 8f\n\t"
                     "ldr %[n], [%[terms], #12]\n\t"
                     "add %[x], %[x], %[n]\n"
                     "5:\n\t"
                     "movs %[n], #0\n\t"
                     "vmov d0, %[n], %[n]\n\t"
                     "vmov d1, %[n], %[n]\n\t"
                     "vmov d2, %[n], %[n]\n\t"
                     "vmov d3, %[n], %[n]\n\t"
                     "vmov d4, %[n], %[n]\n\t"
                     "vmov d5, %[n], %[n]\n\t"
                     "vmov d6, %[n], %[n]\n\t"
                     "vmov d7, %[n], %[n]\n\t"
                     "b 1b\n"
                     "9:\n\t" // the next run of the stretch
                     "ldr %[n], [%[terms], #12]\n\t"
                     "add %[x], %[x], %[n]\n\t"
                     "b 2b\n"
                     "8:" // clang-format on
                     : [from] "+r"(from), [x] "+r"(x), [b] "+r"(b), [k] "+r"(k), [later] "+r"(later),
                       [stretch] "=&r"(stretch), [n] "=&r"(n)
                     : [c] "r"(c), [terms] "r"(&terms)
                     : MOTE_VFP_CLOBBERS);
}

} // namespace mote::cpu::MOTE_ISA

#endif
