// The inner loop of matrix products, fast: four j at a time take 1.17 instructions for a multiply-add, one at a
// time 1.31.
#ifndef MOTE_CHAINS_FAST_VFP_H
#define MOTE_CHAINS_FAST_VFP_H

#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

// So few columns at the end of a matrix are faster one by one: 3.6 instructions for a multiply-add, but 19 for 16.
constexpr uint32_t kFewColumns = 4;

// c[i] = from[i] + the sum over j < k, ascending, of x[j] b[j][i], for 16 i and k >= 1: a chain of fused multiply-adds
// each.
MOTE_INLINE void chains16(float *c, const float *from, const float *x, const float *b, uint32_t k) {
    uint32_t rest = k % 4;
    __asm__ volatile("vldmia %[from], {s0-s15}\n\t"
                     "lsrs %[k], %[k], #2\n\t"
                     "beq 2f\n"
                     "1:\n\t"
                     "vldmia %[x]!, {s24-s27}\n\t"
                     "subs %[k], %[k], #1\n\t" // clang-format off
                     MOTE_VFP_CHAIN_STEP("s24") MOTE_VFP_CHAIN_STEP("s25")
                     MOTE_VFP_CHAIN_STEP("s26") MOTE_VFP_CHAIN_STEP("s27") // clang-format on
                     "bne 1b\n"
                     "2:\n\t"
                     "cmp %[rest], #0\n\t"
                     "beq 4f\n"
                     "3:\n\t"
                     "vldmia %[x]!, {s24}\n\t"
                     "subs %[rest], %[rest], #1\n\t" MOTE_VFP_CHAIN_STEP("s24") "bne 3b\n"
                                                                                "4:\n\t"
                                                                                "vstmia %[c], {s0-s15}"
                     : [x] "+r"(x), [b] "+r"(b), [k] "+l"(k), [rest] "+l"(rest)
                     : [c] "r"(c), [from] "r"(from)
                     : MOTE_VFP_CLOBBERS);
}

} // namespace mote::cpu::MOTE_ISA

#endif
