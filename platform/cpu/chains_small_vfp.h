// The inner loop of matrix products, small: one j at a time.
#ifndef MOTE_CHAINS_SMALL_VFP_H
#define MOTE_CHAINS_SMALL_VFP_H

#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

constexpr uint32_t kFewColumns = 0; // a loop for few columns would be code for speed alone

// c[i] = from[i] + the sum over j < k, ascending, of x[j] b[j][i], for 16 i and k >= 1: a chain of fused multiply-adds
// each.
MOTE_INLINE void chains16(float *c, const float *from, const float *x, const float *b, uint32_t k) {
    __asm__ volatile("vldmia %[from], {s0-s15}\n"
                     "1:\n\t"
                     "vldmia %[x]!, {s24}\n\t"
                     "subs %[k], %[k], #1\n\t" MOTE_VFP_CHAIN_STEP("s24") "bne 1b\n\t"
                                                                          "vstmia %[c], {s0-s15}"
                     : [x] "+r"(x), [b] "+r"(b), [k] "+r"(k)
                     : [c] "r"(c), [from] "r"(from)
                     : MOTE_VFP_CLOBBERS);
}

} // namespace mote::cpu::MOTE_ISA

#endif
