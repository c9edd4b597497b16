// The inner loop of matrix products whose factors lie apart.
#ifndef MOTE_CHAINS_APART_VFP_H
#define MOTE_CHAINS_APART_VFP_H

#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

// chains16() of x[j * step].
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
