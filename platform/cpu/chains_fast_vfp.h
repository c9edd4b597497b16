// The inner loop of matrix products, fast: four k at a time take 1.17 instructions for a multiply-add, one at a
// time 1.31.
#ifndef MOTE_CHAINS_FAST_VFP_H
#define MOTE_CHAINS_FAST_VFP_H

#include "chain_terms.h"
#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

// So few columns at the end of a matrix are faster one by one: 3.6 instructions for a multiply-add, but 19 for 16.
constexpr uint32_t kFewColumns = 4;

} // namespace mote::cpu::MOTE_ISA

// n steps of chains16().
#define MOTE_VFP_CHAINS                                                                                                \
    "lsrs %[fours], %[n], #2\n\t"                                                                                      \
    "beq 4f\n"                                                                                                         \
    "3:\n\t"                                                                                                           \
    "vldmia %[x]!, {s24-s27}\n\t"                                                                                      \
    "subs %[fours], %[fours], #1\n\t" MOTE_VFP_CHAIN_STEP("s24") MOTE_VFP_CHAIN_STEP("s25") MOTE_VFP_CHAIN_STEP("s26") \
        MOTE_VFP_CHAIN_STEP("s27") "bne 3b\n"                                                                          \
                                   "4:\n\t"                                                                            \
                                   "ands %[n], %[n], #3\n\t"                                                           \
                                   "beq 6f\n"                                                                          \
                                   "5:\n\t"                                                                            \
                                   "vldmia %[x]!, {s24}\n\t"                                                           \
                                   "subs %[n], %[n], #1\n\t" MOTE_VFP_CHAIN_STEP("s24") "bne 5b\n6:\n\t"

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

} // namespace mote::cpu::MOTE_ISA

#endif
