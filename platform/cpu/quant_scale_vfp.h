// From the sums of quantized products to floats, by VFP's registers.
#ifndef MOTE_QUANT_SCALE_VFP_H
#define MOTE_QUANT_SCALE_VFP_H

#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

// y[i] += sums[i] times the scale of column i and that of x, by one fused multiply-add, for 16 i, eight at a time.
MOTE_INLINE void add_sums16(float *y, const int32_t *sums, const int8_t *scales, float scale) {
    uint32_t n = 2;
    __asm__ volatile("vmov s24, %[scale]\n"
                     "1:\n\t"
                     "vldmia %[sums]!, {s0-s7}\n\t"
                     "vldmia %[scales]!, {s8-s15}\n\t"
                     "vldmia %[y], {s16-s23}\n\t"
                     "vcvt.f32.s32 s0, s0\n\t"
                     "vcvt.f32.s32 s1, s1\n\t"
                     "vcvt.f32.s32 s2, s2\n\t"
                     "vcvt.f32.s32 s3, s3\n\t"
                     "vcvt.f32.s32 s4, s4\n\t"
                     "vcvt.f32.s32 s5, s5\n\t"
                     "vcvt.f32.s32 s6, s6\n\t"
                     "vcvt.f32.s32 s7, s7\n\t"
                     "vmul.f32 s8, s8, s24\n\t"
                     "vmul.f32 s9, s9, s24\n\t"
                     "vmul.f32 s10, s10, s24\n\t"
                     "vmul.f32 s11, s11, s24\n\t"
                     "vmul.f32 s12, s12, s24\n\t"
                     "vmul.f32 s13, s13, s24\n\t"
                     "vmul.f32 s14, s14, s24\n\t"
                     "vmul.f32 s15, s15, s24\n\t"
                     "vfma.f32 s16, s0, s8\n\t"
                     "vfma.f32 s17, s1, s9\n\t"
                     "vfma.f32 s18, s2, s10\n\t"
                     "vfma.f32 s19, s3, s11\n\t"
                     "vfma.f32 s20, s4, s12\n\t"
                     "vfma.f32 s21, s5, s13\n\t"
                     "vfma.f32 s22, s6, s14\n\t"
                     "vfma.f32 s23, s7, s15\n\t"
                     "vstmia %[y]!, {s16-s23}\n\t"
                     "subs %[n], %[n], #1\n\t"
                     "bne 1b"
                     : [y] "+r"(y), [sums] "+r"(sums), [scales] "+r"(scales), [n] "+r"(n)
                     : [scale] "r"(scale)
                     : MOTE_VFP_CLOBBERS);
}

} // namespace mote::cpu::MOTE_ISA

#endif
