"""The instruction sets of the one file, and how a compiler is asked for one in a part of it."""

# The instruction sets: the family of processors that chooses among them at run time, if one does, and what a compiler is
# asked for, for a part of the file.
AVX512 = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"
ISAS = {
    "avx512vnni": ("x86", AVX512 + ",avx512vnni"),
    "avx512": ("x86", AVX512),
    "avx2vnni": ("x86", "avx2,fma,avxvnni"),
    "avx2": ("x86", "avx2,fma"),
    "sse2": ("x86", ""),
    "neon": ("neon", ""),
    "scalar": ("neon", ""),
    "vfp": ("", ""),
}
IMPLIED = {"avx2": "avx", "avx512f": "avx"}  # what needs no asking for

# Neither compiler gives a lambda the target of what is around it.
TARGET_BEGINS = """#define MOTE_TARGET "{0}"
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("{0}"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("{0}")
#endif
#pragma push_macro("MOTE_INLINE_LAMBDA")
#undef MOTE_INLINE_LAMBDA
#define MOTE_INLINE_LAMBDA __attribute__((always_inline, target(MOTE_TARGET)))"""
END_KERNELS = """
#if defined(MOTE_TARGET)
#undef MOTE_TARGET
#pragma pop_macro("MOTE_INLINE_LAMBDA")
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif""".split("\n")


def begin_kernels(isas, features):
    """The flags of one instruction set, for the functions from here on, and MOTE_HAS_… in place of the macros of its
    features: GCC defines those as with the flags, but clang does not."""
    out = []
    for isa in isas:
        out += [f"#if MOTE_KERNELS_OF == MOTE_NUMBER_{isa}", f"#define xsimd xsimd_{isa}"]
        out += [TARGET_BEGINS.format(ISAS[isa][1])] if ISAS[isa][1] else []
        out.append("#endif")
    for feature in sorted(features):
        have = [isa for isa in isas if feature.lower() in targets_of(isa)]
        conditions = [f"MOTE_KERNELS_OF == MOTE_NUMBER_{isa}" for isa in have] + [f"defined(__{feature}__)"]
        out += ["#if " + " || ".join(conditions), f"#define MOTE_HAS_{feature}", "#endif"]
    return "\n".join(out).split("\n")


def targets_of(isa):
    asked = ISAS[isa][1].split(",")
    return asked + [IMPLIED[feature] for feature in asked if feature in IMPLIED]
