// The inner loop of matrix products by a transpose.
#ifndef MOTE_DOTS_VFP_H
#define MOTE_DOTS_VFP_H

#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

// c[i] += sum over j < 16, ascending, of a[j] b[i][j], for n i: a chain of fused multiply-adds each.
MOTE_INLINE void dots16(float *c, const float *a, const float *b, uint32_t n) {
    __asm__ volatile("vldmia %[a], {s0-s15}\n"
                     "1:\n\t"
                     "vldr s24, [%[c]]\n\t"
                     "vldmia %[b]!, {s16-s23}\n\t"
                     "vfma.f32 s24, s0, s16\n\t"
                     "vfma.f32 s24, s1, s17\n\t"
                     "vfma.f32 s24, s2, s18\n\t"
                     "vfma.f32 s24, s3, s19\n\t"
                     "vfma.f32 s24, s4, s20\n\t"
                     "vfma.f32 s24, s5, s21\n\t"
                     "vfma.f32 s24, s6, s22\n\t"
                     "vfma.f32 s24, s7, s23\n\t"
                     "vldmia %[b]!, {s16-s23}\n\t"
                     "subs %[n], %[n], #1\n\t"
                     "vfma.f32 s24, s8, s16\n\t"
                     "vfma.f32 s24, s9, s17\n\t"
                     "vfma.f32 s24, s10, s18\n\t"
                     "vfma.f32 s24, s11, s19\n\t"
                     "vfma.f32 s24, s12, s20\n\t"
                     "vfma.f32 s24, s13, s21\n\t"
                     "vfma.f32 s24, s14, s22\n\t"
                     "vfma.f32 s24, s15, s23\n\t"
                     "vstmia %[c]!, {s24}\n\t"
                     "bne 1b"
                     : [b] "+r"(b), [c] "+r"(c), [n] "+r"(n)
                     : [a] "r"(a)
                     : MOTE_VFP_CLOBBERS);
}

} // namespace mote::cpu::MOTE_ISA

#endif
