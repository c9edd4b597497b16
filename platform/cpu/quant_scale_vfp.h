// From floats to small integers, and from the sums of their products back, by VFP's registers and the instructions for
// signal processing.
#ifndef MOTE_QUANT_SCALE_VFP_H
#define MOTE_QUANT_SCALE_VFP_H

#include "panels.inl.h"
#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

// The lower of 127 and each of four integers as a byte, and -127 for what is below: -128 less 1 stays what it is.
#define MOTE_VFP_PACK                                                                                                  \
    "ssat %[a], #8, %[a]\n\t"                                                                                          \
    "ssat %[b], #8, %[b]\n\t"                                                                                          \
    "ssat %[c], #8, %[c]\n\t"                                                                                          \
    "ssat %[d], #8, %[d]\n\t"                                                                                          \
    "bfi %[a], %[b], #8, #8\n\t"                                                                                       \
    "bfi %[a], %[c], #16, #8\n\t"                                                                                      \
    "bfi %[a], %[d], #24, #8\n\t"                                                                                      \
    "qsub8 %[a], %[a], %[ones]\n\t"                                                                                    \
    "sadd8 %[a], %[a], %[ones]\n\t"                                                                                    \
    "str %[a], [%[q]], #4\n\t"

// q[i] = x[i] * inverse as quantize_row() has it, for 16 i, eight at a time: 5.5 instructions each. What rounds is the
// conversion.
MOTE_INLINE void quantize16(int8_t *q, const float *x, float inverse) {
    uint32_t n = 2, a, b, c, d;
    __asm__ volatile("vmov s24, %[inverse]\n"
                     "1:\n\t"
                     "vldmia %[x]!, {s0-s7}\n\t"
                     "vmul.f32 s0, s0, s24\n\t"
                     "vmul.f32 s1, s1, s24\n\t"
                     "vmul.f32 s2, s2, s24\n\t"
                     "vmul.f32 s3, s3, s24\n\t"
                     "vmul.f32 s4, s4, s24\n\t"
                     "vmul.f32 s5, s5, s24\n\t"
                     "vmul.f32 s6, s6, s24\n\t"
                     "vmul.f32 s7, s7, s24\n\t"
                     "vcvtr.s32.f32 s0, s0\n\t"
                     "vcvtr.s32.f32 s1, s1\n\t"
                     "vcvtr.s32.f32 s2, s2\n\t"
                     "vcvtr.s32.f32 s3, s3\n\t"
                     "vcvtr.s32.f32 s4, s4\n\t"
                     "vcvtr.s32.f32 s5, s5\n\t"
                     "vcvtr.s32.f32 s6, s6\n\t"
                     "vcvtr.s32.f32 s7, s7\n\t"
                     "vmov %[a], %[b], s0, s1\n\t"
                     "vmov %[c], %[d], s2, s3\n\t" MOTE_VFP_PACK "vmov %[a], %[b], s4, s5\n\t"
                     "vmov %[c], %[d], s6, s7\n\t" MOTE_VFP_PACK "subs %[n], %[n], #1\n\t"
                     "bne 1b"
                     : [q] "+r"(q), [x] "+r"(x), [n] "+r"(n), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d)
                     : [inverse] "r"(inverse), [ones] "r"(0x01010101)
                     : MOTE_VFP_CLOBBERS);
}

#undef MOTE_VFP_PACK

// y[i] = from[i] + sums[i] times the scale of column i and that of x, by one fused multiply-add, for 16 i, eight at a
// time.
MOTE_INLINE void add_sums16(float *y, const float *from, const int32_t *sums, const int8_t *scales, float scale) {
    uint32_t n = 2;
    __asm__ volatile("vmov s24, %[scale]\n"
                     "1:\n\t"
                     "vldmia %[sums]!, {s0-s7}\n\t"
                     "vldmia %[scales]!, {s8-s15}\n\t"
                     "vldmia %[from]!, {s16-s23}\n\t"
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
                     : [y] "+r"(y), [from] "+r"(from), [sums] "+r"(sums), [scales] "+r"(scales), [n] "+r"(n)
                     : [scale] "r"(scale)
                     : MOTE_VFP_CLOBBERS);
}

#define MOTE_VFP_TIMES_ZERO                                                                                            \
    "vldmia %[y]!, {s0-s7}\n\t"                                                                                        \
    "vfma.f32 s8, s0, s9\n\t"                                                                                          \
    "vfma.f32 s8, s1, s9\n\t"                                                                                          \
    "vfma.f32 s8, s2, s9\n\t"                                                                                          \
    "vfma.f32 s8, s3, s9\n\t"                                                                                          \
    "vfma.f32 s8, s4, s9\n\t"                                                                                          \
    "vfma.f32 s8, s5, s9\n\t"                                                                                          \
    "vfma.f32 s8, s6, s9\n\t"                                                                                          \
    "vfma.f32 s8, s7, s9\n\t"

// kNotFinite where one of the sums of n columns is NaN or infinite: 0 times such a one is NaN. None is denormal, since
// neither a scale nor a bias is below kQuantum. Registers that a function may change without saving them are enough.
MOTE_INLINE uint32_t flush_sums(Mat y, uint32_t n) {
    uint32_t found = 0;
    for (uint32_t p = 0; p < panel_count(n); ++p, y.data += y.panel) {
        const float *at = y.data;
        uint32_t zeros;
        __asm__ volatile("vmov s8, %[zero]\n\t"
                         "vmov s9, %[zero]\n\t" MOTE_VFP_TIMES_ZERO MOTE_VFP_TIMES_ZERO "vmov %[zeros], s8"
                         : [y] "+r"(at), [zeros] "=r"(zeros)
                         : [zero] "r"(0)
                         : "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "memory");
        found |= zeros << 1;
    }
    return found != 0 ? kNotFinite : 0;
}

#undef MOTE_VFP_TIMES_ZERO

} // namespace mote::cpu::MOTE_ISA

#endif
