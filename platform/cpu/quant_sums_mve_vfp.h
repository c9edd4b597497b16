// The sums of quantized products of a panel by vectors of 16 bytes (MVE, "Helium"), which are gathered: four inputs'
// weights of an output lie 64 bytes behind those of the four inputs before.
#ifndef MOTE_QUANT_SUMS_MVE_VFP_H
#define MOTE_QUANT_SUMS_MVE_VFP_H

#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

// sums[i] = the sum over 4 `quads` inputs, for four i: 16 inputs a turn, at the end as many as there are.
MOTE_INLINE void quant_sums4(int32_t *sums, const int8_t *x, const int8_t *w, uint32_t quads) {
    int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    uint32_t start = 0;
    __asm__ volatile("vidup.u32 q0, %[start], #8\n\t"
                     "vshl.i32 q0, q0, #3\n\t"
                     "vadd.i32 q0, q0, %[w]\n\t" // 256 bytes before the first words
                     "wlstp.32 lr, %[n], 2f\n"
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
                     "letp lr, 1b\n"
                     "2:"
                     : [s0] "+Te"(s0), [s1] "+Te"(s1), [s2] "+Te"(s2), [s3] "+Te"(s3), [x] "+r"(x), [start] "+Te"(start)
                     : [w] "r"(w - 4 * kQuadBytes), [n] "r"(quads)
                     : "lr", MOTE_VFP_CLOBBERS);
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
}

// A row of small integers, as it is needed for products by it.
struct QuantInputs {
    const int8_t *x;
    uint32_t quads;
};
MOTE_INLINE void begin(QuantInputs &inputs, const int8_t *x, uint32_t quads) { inputs = {x, quads}; }

// sums[i] = the sum over the inputs, for the first `outputs` of 16 i; others may be 0.
MOTE_INLINE void sums16(int32_t *sums, const QuantInputs &inputs, const int8_t *weights, int32_t outputs) {
    for (int32_t i = 0; i < int32_t{kLanes}; i += 4)
        quant_sums4(sums + i, inputs.x, weights + 4 * i, i < outputs ? inputs.quads : 0);
}

// q[i] = x[i] * inverse as quantize_row() has it, for 16 i.
MOTE_INLINE void quantize16(int8_t *q, const float *x, float inverse) {
    __asm__ volatile("vdup.32 q1, %[most]\n\t"
                     "vneg.s32 q2, q1\n\t"
                     "dls lr, %[n]\n"
                     "1:\n\t"
                     "vldrw.u32 q0, [%[x]], #16\n\t"
                     "vmul.f32 q0, q0, %[inverse]\n\t"
                     "vcvtn.s32.f32 q0, q0\n\t"
                     "vmin.s32 q0, q0, q1\n\t"
                     "vmax.s32 q0, q0, q2\n\t"
                     "vstrb.32 q0, [%[q]], #4\n\t"
                     "le lr, 1b"
                     : [q] "+l"(q), [x] "+r"(x)
                     : [n] "r"(4), [most] "r"(127), [inverse] "r"(inverse)
                     : "lr", MOTE_VFP_CLOBBERS);
}

// y[i] = from[i] + sums[i] times the scale of column i and that of x, by one fused multiply-add, for 16 i.
MOTE_INLINE void add_sums16(float *y, const float *from, const int32_t *sums, const int8_t *scales, float scale) {
    __asm__ volatile("dls lr, %[n]\n"
                     "1:\n\t"
                     "vldrw.u32 q0, [%[sums]], #16\n\t"
                     "vldrw.u32 q1, [%[scales]], #16\n\t"
                     "vcvt.f32.s32 q0, q0\n\t"
                     "vmul.f32 q1, q1, %[scale]\n\t"
                     "vldrw.u32 q2, [%[from]], #16\n\t"
                     "vfma.f32 q2, q0, q1\n\t"
                     "vstrw.u32 q2, [%[y]], #16\n\t"
                     "le lr, 1b"
                     : [y] "+r"(y), [from] "+r"(from), [sums] "+r"(sums), [scales] "+r"(scales)
                     : [n] "r"(4), [scale] "r"(scale)
                     : "lr", MOTE_VFP_CLOBBERS);
}

// Sums that may be denormal only where a bias is; kNotFinite where one is NaN or infinite.
MOTE_INLINE uint32_t flush_sums(Mat y, uint32_t n) { return flush_denormals(y, n) & kNotFinite; }

} // namespace mote::cpu::MOTE_ISA

#endif
