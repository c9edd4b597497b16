// Passes over weights and gradients on a Cortex-M with an FPU and the instructions for signal processing. GCC takes 8
// of them for a number in a loop that compares each with a bound; these take 3.9 to flush one and 4.1 to update one.
#ifndef MOTE_FLAT_VFP_INL_H
#define MOTE_FLAT_VFP_INL_H

#include "flush_scalar.inl.h"
#include "steps_vfp.h"

namespace mote::cpu::MOTE_ISA {

// c[i] += x b[i] for 16 i; the end of b.
MOTE_INLINE const float *chain16(float *c, float x, const float *b) {
    __asm__ volatile("vldmia %[c], {s0-s15}\n\t" MOTE_VFP_CHAIN_STEP("%[x]") "vstmia %[c], {s0-s15}"
                     : [b] "+r"(b)
                     : [c] "r"(c), [x] "t"(x)
                     : MOTE_VFP_CLOBBERS);
    return b;
}

// to[i] = a[i] + b[i] for 16 i.
MOTE_INLINE void sum16(float *to, const float *a, const float *b) {
    __asm__ volatile("vldmia %[a], {s0-s15}\n\t" MOTE_VFP_ADD("%[b]") "vstmia %[to], {s0-s15}"
                     : [b] "+r"(b)
                     : [to] "r"(to), [a] "r"(a)
                     : MOTE_VFP_CLOBBERS);
}

// Moves *x past 16 numbers; not 0 where one of them is -0 or, other than +0, below kQuantum. A float's bits rotated
// left by one, with the sign as the last, are 0 for +0 and order as its magnitude does. Moved so that what is too small
// comes just below the largest signed integer, and +0 below that, an addition then leaves the signed integers for just
// these, and saturates: the processor keeps that in a flag of its own.
MOTE_INLINE uint32_t any_small16(const float **x) {
    constexpr uint32_t quantum = (127u - 40u) << 24, overflowed = 1u << 27;
    uint32_t flags;
    __asm__("msr APSR_nzcvq, %[reach]\n\t" // whose bit for the flag is 0
#define MOTE_EIGHT_NUMBERS                                                                                             \
    "ldmia %[x]!, {r2, r3, r4, r5, r6, r8, r9, r10}\n\t"                                                               \
    "add r2, %[move], r2, ror #31\n\t"                                                                                 \
    "add r3, %[move], r3, ror #31\n\t"                                                                                 \
    "add r4, %[move], r4, ror #31\n\t"                                                                                 \
    "add r5, %[move], r5, ror #31\n\t"                                                                                 \
    "add r6, %[move], r6, ror #31\n\t"                                                                                 \
    "add r8, %[move], r8, ror #31\n\t"                                                                                 \
    "add r9, %[move], r9, ror #31\n\t"                                                                                 \
    "add r10, %[move], r10, ror #31\n\t"                                                                               \
    "qadd r2, r2, %[reach]\n\t"                                                                                        \
    "qadd r3, r3, %[reach]\n\t"                                                                                        \
    "qadd r4, r4, %[reach]\n\t"                                                                                        \
    "qadd r5, r5, %[reach]\n\t"                                                                                        \
    "qadd r6, r6, %[reach]\n\t"                                                                                        \
    "qadd r8, r8, %[reach]\n\t"                                                                                        \
    "qadd r9, r9, %[reach]\n\t"                                                                                        \
    "qadd r10, r10, %[reach]\n\t"
            MOTE_EIGHT_NUMBERS MOTE_EIGHT_NUMBERS
#undef MOTE_EIGHT_NUMBERS
            "mrs %[flags], APSR"
            : [x] "+r"(*x), [flags] "=r"(flags)
            : [move] "r"(0x80000000u - quantum), [reach] "r"(quantum - 1)
            : "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "cc", "memory");
    return flags & overflowed;
}

// The sum of 16 squares on top of `sum`, in any order.
MOTE_INLINE float add_squares16(const float *x, float sum) {
    __asm__("vldmia %[x], {s0-s15}\n\t"
            "vfma.f32 %[sum], s0, s0\n\t"
            "vfma.f32 %[sum], s1, s1\n\t"
            "vfma.f32 %[sum], s2, s2\n\t"
            "vfma.f32 %[sum], s3, s3\n\t"
            "vfma.f32 %[sum], s4, s4\n\t"
            "vfma.f32 %[sum], s5, s5\n\t"
            "vfma.f32 %[sum], s6, s6\n\t"
            "vfma.f32 %[sum], s7, s7\n\t"
            "vfma.f32 %[sum], s8, s8\n\t"
            "vfma.f32 %[sum], s9, s9\n\t"
            "vfma.f32 %[sum], s10, s10\n\t"
            "vfma.f32 %[sum], s11, s11\n\t"
            "vfma.f32 %[sum], s12, s12\n\t"
            "vfma.f32 %[sum], s13, s13\n\t"
            "vfma.f32 %[sum], s14, s14\n\t"
            "vfma.f32 %[sum], s15, s15"
            : [sum] "+t"(sum)
            : [x] "r"(x)
            : "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15",
              "memory");
    return sum;
}

uint32_t flush(float *x, size_t count) {
    float squares = 0.0f; // below the square of kLargest there is nothing large in it
    for (const float *next = x, *const end = x + count; next != end;) {
        squares = add_squares16(next, squares);
        if (__builtin_expect(any_small16(&next) != 0, 0))
            flush_range(x + (next - x) - kLanes, kLanes, kQuantum, kLargest);
    }
    return squares < kLargest * kLargest ? 0 : flush_range(x, count, kQuantum, kLargest);
}

uint32_t flush_denormals(Mat c, uint32_t n) {
    uint32_t found = 0;
    for (uint32_t p = 0; p < panel_count(n); ++p) {
        float *const panel = c.data + p * c.panel;
        const float *next = panel;
        const float squares = add_squares16(panel, 0.0f);
        if (__builtin_expect(any_small16(&next) != 0 || !(squares < kMaxFloat), 0)) found |= flush_denormals16(panel);
    }
    return found;
}

// GCC takes 0.9 instructions for a number where it knows how memory is aligned, else 3.3; this takes 0.3.
void copy(float *to, const float *from, size_t count) {
    for (const float *const end = from + count; from != end;)
        __asm__ volatile("vldmia %[from]!, {s0-s15}\n\t"
                         "vstmia %[to]!, {s0-s15}"
                         : [to] "+r"(to), [from] "+r"(from)
                         :
                         : MOTE_VFP_CLOBBERS);
}

void sgd(float *w, const float *g, size_t count, float learning_rate) {
    const float factor = -learning_rate;
    for (const float *next = w, *const end = w + count; next != end;) {
        float *const now = w + (next - w);
        g = chain16(now, factor, g);
        if (__builtin_expect(any_small16(&next) != 0, 0)) flush_range(now, kLanes, kQuantum, kLargest);
    }
}

} // namespace mote::cpu::MOTE_ISA

#endif
