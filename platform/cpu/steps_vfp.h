// What the inner loops of a Cortex-M's FPU are made of, as text of inline assembler.
#ifndef MOTE_STEPS_VFP_H
#define MOTE_STEPS_VFP_H

#include "isa.h"

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

// s0-s15 += x[0 … 15]; x moves on by 8.
#define MOTE_VFP_ADD(x)                                                                                                \
    "vldmia " x "!, {s16-s23}\n\t"                                                                                     \
    "vadd.f32 s0, s0, s16\n\t"                                                                                         \
    "vadd.f32 s1, s1, s17\n\t"                                                                                         \
    "vadd.f32 s2, s2, s18\n\t"                                                                                         \
    "vadd.f32 s3, s3, s19\n\t"                                                                                         \
    "vadd.f32 s4, s4, s20\n\t"                                                                                         \
    "vadd.f32 s5, s5, s21\n\t"                                                                                         \
    "vadd.f32 s6, s6, s22\n\t"                                                                                         \
    "vadd.f32 s7, s7, s23\n\t"                                                                                         \
    "vldmia " x ", {s16-s23}\n\t"                                                                                      \
    "vadd.f32 s8, s8, s16\n\t"                                                                                         \
    "vadd.f32 s9, s9, s17\n\t"                                                                                         \
    "vadd.f32 s10, s10, s18\n\t"                                                                                       \
    "vadd.f32 s11, s11, s19\n\t"                                                                                       \
    "vadd.f32 s12, s12, s20\n\t"                                                                                       \
    "vadd.f32 s13, s13, s21\n\t"                                                                                       \
    "vadd.f32 s14, s14, s22\n\t"                                                                                       \
    "vadd.f32 s15, s15, s23\n\t"

#endif
