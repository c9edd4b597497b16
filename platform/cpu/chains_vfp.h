// The inner loops of matrix products, 16 columns of one row, by VFP's registers.
#ifndef MOTE_CHAINS_VFP_H
#define MOTE_CHAINS_VFP_H

#if defined(__OPTIMIZE_SIZE__)
#include "chains_small_vfp.h"
#else
#include "chains_fast_vfp.h"
#endif

namespace mote::cpu::MOTE_ISA {

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
