// The sums of quantized products of a panel by vectors of 16 bytes (MVE, "Helium"), which are gathered: four inputs'
// weights of an output lie 64 bytes behind those of the four inputs before.
#ifndef MOTE_QUANT_SUMS_MVE_VFP_H
#define MOTE_QUANT_SUMS_MVE_VFP_H

#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

// sums[i] = the sum over 4 `quads` inputs, at least one, for four i: 16 inputs a turn, at the end as many as there are.
MOTE_INLINE void quant_sums4(int32_t *sums, const int8_t *x, const int8_t *w, uint32_t quads) {
    int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    uint32_t start = 0;
    __asm__ volatile("vidup.u32 q0, %[start], #8\n\t"
                     "vshl.i32 q0, q0, #3\n\t"
                     "vadd.i32 q0, q0, %[w]\n\t" // 256 bytes before the first words
                     "dlstp.32 lr, %[n]\n"
                     "1:\n\t"
                     "vldrw.u32 q1, [%[x]], #16\n\t"
                     "vldrw.u32 q2, [q0, #256]!\n\t"
                     "vmladava.s8 %[s0], q1, q2\n\t"
                     "vldrw.u32 q3, [q0, #4]\n\t"
                     "vmladava.s8 %[s1], q1, q3\n\t"
                     "vldrw.u32 q2, [q0, #8]\n\t"
                     "vmladava.s8 %[s2], q1, q2\n\t"
                     "vldrw.u32 q3, [q0, #12]\n\t"
                     "vmladava.s8 %[s3], q1, q3\n\t"
                     "letp lr, 1b"
                     : [s0] "+Te"(s0), [s1] "+Te"(s1), [s2] "+Te"(s2), [s3] "+Te"(s3), [x] "+r"(x), [start] "+Te"(start)
                     : [w] "r"(w - 4 * kQuadBytes), [n] "r"(quads)
                     : "lr", MOTE_VFP_CLOBBERS);
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
}

// For 16 i.
MOTE_INLINE void quant_sums16(int32_t *sums, const int8_t *x, const int8_t *weights, uint32_t quads) {
    for (int32_t *const end = sums + kLanes; sums != end; sums += 4, weights += 16)
        quant_sums4(sums, x, weights, quads);
}

// y[i] += sums[i] times the scale of column i and that of x, by one fused multiply-add, for 16 i.
MOTE_INLINE void add_sums16(float *y, const int32_t *sums, const int8_t *scales, float scale) {
    __asm__ volatile("dls lr, %[n]\n"
                     "1:\n\t"
                     "vldrw.u32 q0, [%[sums]], #16\n\t"
                     "vldrw.u32 q1, [%[scales]], #16\n\t"
                     "vcvt.f32.s32 q0, q0\n\t"
                     "vmul.f32 q1, q1, %[scale]\n\t"
                     "vldrw.u32 q2, [%[y]]\n\t"
                     "vfma.f32 q2, q0, q1\n\t"
                     "vstrw.u32 q2, [%[y]], #16\n\t"
                     "le lr, 1b"
                     : [y] "+r"(y), [sums] "+r"(sums), [scales] "+r"(scales)
                     : [n] "r"(4), [scale] "r"(scale)
                     : "lr", MOTE_VFP_CLOBBERS);
}

} // namespace mote::cpu::MOTE_ISA

#endif
