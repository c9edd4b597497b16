// The inner loops of matrix products by vectors of four columns (MVE, "Helium"), with 0.6 instructions for a
// multiply-add instead of 1.17. Vectors flush denormals, as those of 32-bit NEON do, and meet none.
#ifndef MOTE_CHAINS_MVE_VFP_H
#define MOTE_CHAINS_MVE_VFP_H

#include "chain_terms.h"
#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

// So few columns at the end of a matrix are faster one by one: 3.6 instructions for a multiply-add, but 9 for 16.
constexpr uint32_t kFewColumns = 2;

// q0-q3, the chains of 16 columns, from memory and to it; and one step of them, in which loads and multiply-adds take
// turns, since half of one is done beside half of the other.
#define MOTE_MVE_BEGIN                                                                                                 \
    "vldrw.u32 q0, [%[from]]\n\t"                                                                                      \
    "vldrw.u32 q1, [%[from], #16]\n\t"                                                                                 \
    "vldrw.u32 q2, [%[from], #32]\n\t"                                                                                 \
    "vldrw.u32 q3, [%[from], #48]\n\t"
#define MOTE_MVE_STEP(x)                                                                                               \
    "vldrw.u32 q4, [%[b]], #16\n\t"                                                                                    \
    "vfma.f32 q0, q4, " x "\n\t"                                                                                       \
    "vldrw.u32 q5, [%[b]], #16\n\t"                                                                                    \
    "vfma.f32 q1, q5, " x "\n\t"                                                                                       \
    "vldrw.u32 q4, [%[b]], #16\n\t"                                                                                    \
    "vfma.f32 q2, q4, " x "\n\t"                                                                                       \
    "vldrw.u32 q5, [%[b]], #16\n\t"                                                                                    \
    "vfma.f32 q3, q5, " x "\n\t"
#define MOTE_MVE_ADD                                                                                                   \
    "vldrw.u32 q4, [%[c]]\n\t"                                                                                         \
    "vadd.f32 q0, q0, q4\n\t"                                                                                          \
    "vldrw.u32 q5, [%[c], #16]\n\t"                                                                                    \
    "vadd.f32 q1, q1, q5\n\t"                                                                                          \
    "vldrw.u32 q4, [%[c], #32]\n\t"                                                                                    \
    "vadd.f32 q2, q2, q4\n\t"                                                                                          \
    "vldrw.u32 q5, [%[c], #48]\n\t"                                                                                    \
    "vadd.f32 q3, q3, q5\n\t"
#define MOTE_MVE_CLEAR                                                                                                 \
    "vmov.i32 q0, #0\n\t"                                                                                              \
    "vmov.i32 q1, #0\n\t"                                                                                              \
    "vmov.i32 q2, #0\n\t"                                                                                              \
    "vmov.i32 q3, #0\n\t"
#define MOTE_MVE_END                                                                                                   \
    "vstrw.u32 q0, [%[c]]\n\t"                                                                                         \
    "vstrw.u32 q1, [%[c], #16]\n\t"                                                                                    \
    "vstrw.u32 q2, [%[c], #32]\n\t"                                                                                    \
    "vstrw.u32 q3, [%[c], #48]"

// c[i] = from[i] + the sum over k of x[k] b[k][i], for 16 i: in stretches, each of which is a chain of fused
// multiply-adds. Two k a turn; nothing in the loop changes the carry, which says whether one is left.
MOTE_INLINE void chains16(float *c, const float *from, const float *x, const float *b, const ChainTerms &terms) {
    uint32_t k = terms.k, stretch, n, x0, x1;
    __asm__ volatile(MOTE_MVE_BEGIN
                     "1:\n\t" // clang-format off
                     "ldr %[stretch], [%[terms], #4]\n\t"
                     "cmp %[k], %[stretch]\n\t"
                     "it ls\n\t"
                     "movls %[stretch], %[k]\n\t"
                     "subs %[k], %[k], %[stretch]\n"
                     "2:\n\t"
                     "ldr %[n], [%[terms], #8]\n\t"
                     "cmp %[stretch], %[n]\n\t"
                     "it ls\n\t"
                     "movls %[n], %[stretch]\n\t"
                     "subs %[stretch], %[stretch], %[n]\n\t"
                     "lsrs %[n], %[n], #1\n\t"
                     "wls lr, %[n], 4f\n"
                     "3:\n\t"
                     "ldrd %[x0], %[x1], [%[x]], #8\n\t"
                     MOTE_MVE_STEP("%[x0]") MOTE_MVE_STEP("%[x1]")
                     "le lr, 3b\n"
                     "4:\n\t"
                     "bcc 5f\n\t"
                     "ldr %[x0], [%[x]], #4\n\t"
                     MOTE_MVE_STEP("%[x0]")
                     "5:\n\t"
                     "ldr %[n], [%[terms], #12]\n\t"
                     "add %[x], %[x], %[n]\n\t"
                     "cmp %[stretch], #0\n\t"
                     "bne 2b\n\t"
                     "cbnz %[from], 6f\n\t" // 0 after the first stretch
                     MOTE_MVE_ADD
                     "6:\n\t" MOTE_MVE_END "\n\t"
                     "cmp %[k], #0\n\t"
                     "beq 7f\n\t"
                     "movs %[from], #0\n\t"
                     MOTE_MVE_CLEAR
                     "b 1b\n"
                     "7:" // clang-format on
                     : [from] "+l"(from), [x] "+r"(x), [b] "+r"(b), [k] "+r"(k), [stretch] "=&r"(stretch), [n] "=&l"(n),
                       [x0] "=&r"(x0), [x1] "=&r"(x1)
                     : [c] "r"(c), [terms] "r"(&terms)
                     : "lr", MOTE_VFP_CLOBBERS);
}

// c[i] = from[i] + the sum over j < k, ascending, of x[j * step] b[j][i], for 16 i and k >= 1: a chain each.
MOTE_INLINE void chains16_apart(float *c, const float *from, const float *x, uint32_t step, const float *b,
                                uint32_t k) {
    uint32_t x0;
    __asm__ volatile(MOTE_MVE_BEGIN "dls lr, %[k]\n"
                                    "1:\n\t" // clang-format off
                     "ldr %[x0], [%[x]]\n\t"
                     "add %[x], %[x], %[step]\n\t"
                     MOTE_MVE_STEP("%[x0]")
                     "le lr, 1b\n\t" MOTE_MVE_END // clang-format on
                     : [x] "+r"(x), [b] "+r"(b), [x0] "=&r"(x0)
                     : [c] "r"(c), [from] "r"(from), [k] "r"(k), [step] "r"(step * sizeof(float))
                     : "lr", MOTE_VFP_CLOBBERS);
}

#undef MOTE_MVE_BEGIN
#undef MOTE_MVE_STEP
#undef MOTE_MVE_ADD
#undef MOTE_MVE_CLEAR
#undef MOTE_MVE_END

} // namespace mote::cpu::MOTE_ISA

#endif
