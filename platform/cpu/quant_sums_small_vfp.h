// The sums of quantized products of a panel by the instructions for signal processing, small: 1.44 instructions for a
// multiply-add.
#ifndef MOTE_QUANT_SUMS_SMALL_VFP_H
#define MOTE_QUANT_SUMS_SMALL_VFP_H

#include "quant_inputs.h"
#include "quant_pairs_vfp.h"
#include "quant_scale_scalar.h"

namespace mote::cpu::MOTE_ISA {

// sums[i] = the sum over the inputs, for the first `outputs` of 16 i; others may be 0.
MOTE_INLINE void sums16(int32_t *sums, const QuantInputs &inputs, const int8_t *weights, int32_t outputs) {
    for (int32_t i = 0; i < int32_t{kLanes}; i += 4) {
        int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        uint32_t a, b, w0, w1, even;
        const int8_t *x = inputs.x, *const end = i < outputs ? x + inputs.count : x, *w = weights + 4 * i;
        __asm__ volatile("b 2f\n"
                         "1:\n\t"
                         "ldr %[a], [%[x]], #4\n\t"
                         "sxtb16 %[b], %[a], ror #8\n\t"
                         "sxtb16 %[a], %[a]\n\t" MOTE_DSP_FOUR "2:\n\t"
                         "cmp %[x], %[end]\n\t"
                         "bne 1b"
                         : [s0] "+r"(s0), [s1] "+r"(s1), [s2] "+r"(s2), [s3] "+r"(s3), [x] "+r"(x), [w] "+r"(w),
                           [a] "=&r"(a), [b] "=&r"(b), [w0] "=&r"(w0), [w1] "=&r"(w1), [even] "=&r"(even)
                         : [end] "r"(end)
                         : "cc", "memory");
        sums[i] = s0;
        sums[i + 1] = s1;
        sums[i + 2] = s2;
        sums[i + 3] = s3;
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
