// The inner loops of matrix products on a Cortex-M with an FPU. GCC loads each weight with an instruction of its own,
// two for a multiply-add and what the loop takes; VLDM loads eight with one: 1.3 for a multiply-add instead of 2.4.
// Included inside the namespace of an instruction set.

#define MOTE_VFP_CLOBBERS                                                                                              \
    "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15", "s16",       \
        "s17", "s18", "s19", "s20", "s21", "s22", "s23", "s24", "s25", "s26", "s27", "cc", "memory"

// s0-s15 += x b[0 … 15], with x in a register.
#define MOTE_VFP_CHAIN_STEP(x)                                                                                         \
    "vldmia %[b]!, {s16-s23}\n\t"                                                                                      \
    "vfma.f32 s0, " x ", s16\n\t"                                                                                      \
    "vfma.f32 s1, " x ", s17\n\t"                                                                                      \
    "vfma.f32 s2, " x ", s18\n\t"                                                                                      \
    "vfma.f32 s3, " x ", s19\n\t"                                                                                      \
    "vfma.f32 s4, " x ", s20\n\t"                                                                                      \
    "vfma.f32 s5, " x ", s21\n\t"                                                                                      \
    "vfma.f32 s6, " x ", s22\n\t"                                                                                      \
    "vfma.f32 s7, " x ", s23\n\t"                                                                                      \
    "vldmia %[b]!, {s16-s23}\n\t"                                                                                      \
    "vfma.f32 s8, " x ", s16\n\t"                                                                                      \
    "vfma.f32 s9, " x ", s17\n\t"                                                                                      \
    "vfma.f32 s10, " x ", s18\n\t"                                                                                     \
    "vfma.f32 s11, " x ", s19\n\t"                                                                                     \
    "vfma.f32 s12, " x ", s20\n\t"                                                                                     \
    "vfma.f32 s13, " x ", s21\n\t"                                                                                     \
    "vfma.f32 s14, " x ", s22\n\t"                                                                                     \
    "vfma.f32 s15, " x ", s23\n\t"

// c[i] = from[i] + the sum over j < k, ascending, of x[j] b[j][i], for 16 i and k >= 1: a chain of fused multiply-adds
// each. Four j at a time take 1.17 instructions for a multiply-add, one at a time 1.31.
#if defined(__OPTIMIZE_SIZE__)
MOTE_INLINE void chains16(float *c, const float *from, const float *x, const float *b, uint32_t k) {
    __asm__ volatile("vldmia %[from], {s0-s15}\n"
                     "1:\n\t"
                     "vldmia %[x]!, {s24}\n\t"
                     "subs %[k], %[k], #1\n\t" MOTE_VFP_CHAIN_STEP("s24") "bne 1b\n\t"
                                                                          "vstmia %[c], {s0-s15}"
                     : [x] "+r"(x), [b] "+r"(b), [k] "+r"(k)
                     : [c] "r"(c), [from] "r"(from)
                     : MOTE_VFP_CLOBBERS);
}
#else
MOTE_INLINE void chains16(float *c, const float *from, const float *x, const float *b, uint32_t k) {
    uint32_t rest = k % 4;
    __asm__ volatile("vldmia %[from], {s0-s15}\n\t"
                     "lsrs %[k], %[k], #2\n\t"
                     "beq 2f\n"
                     "1:\n\t"
                     "vldmia %[x]!, {s24-s27}\n\t"
                     "subs %[k], %[k], #1\n\t" // clang-format off
                     MOTE_VFP_CHAIN_STEP("s24") MOTE_VFP_CHAIN_STEP("s25")
                     MOTE_VFP_CHAIN_STEP("s26") MOTE_VFP_CHAIN_STEP("s27") // clang-format on
                     "bne 1b\n"
                     "2:\n\t"
                     "cmp %[rest], #0\n\t"
                     "beq 4f\n"
                     "3:\n\t"
                     "vldmia %[x]!, {s24}\n\t"
                     "subs %[rest], %[rest], #1\n\t" MOTE_VFP_CHAIN_STEP("s24") "bne 3b\n"
                                                                                "4:\n\t"
                                                                                "vstmia %[c], {s0-s15}"
                     : [x] "+r"(x), [b] "+r"(b), [k] "+l"(k), [rest] "+l"(rest)
                     : [c] "r"(c), [from] "r"(from)
                     : MOTE_VFP_CLOBBERS);
}
#endif

// The same of x[j * step].
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

#if defined(MOTE_VFP_FLAT)
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
    __asm__ volatile("vldmia %[a], {s0-s15}\n\t"
                     "vldmia %[b]!, {s16-s23}\n\t"
                     "vadd.f32 s0, s0, s16\n\t"
                     "vadd.f32 s1, s1, s17\n\t"
                     "vadd.f32 s2, s2, s18\n\t"
                     "vadd.f32 s3, s3, s19\n\t"
                     "vadd.f32 s4, s4, s20\n\t"
                     "vadd.f32 s5, s5, s21\n\t"
                     "vadd.f32 s6, s6, s22\n\t"
                     "vadd.f32 s7, s7, s23\n\t"
                     "vldmia %[b], {s16-s23}\n\t"
                     "vadd.f32 s8, s8, s16\n\t"
                     "vadd.f32 s9, s9, s17\n\t"
                     "vadd.f32 s10, s10, s18\n\t"
                     "vadd.f32 s11, s11, s19\n\t"
                     "vadd.f32 s12, s12, s20\n\t"
                     "vadd.f32 s13, s13, s21\n\t"
                     "vadd.f32 s14, s14, s22\n\t"
                     "vadd.f32 s15, s15, s23\n\t"
                     "vstmia %[to], {s0-s15}"
                     : [b] "+r"(b)
                     : [to] "r"(to), [a] "r"(a)
                     : MOTE_VFP_CLOBBERS);
}
#endif

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
#undef MOTE_VFP_CHAIN_STEP
#undef MOTE_VFP_CLOBBERS
