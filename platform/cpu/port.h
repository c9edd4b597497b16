// What the code relies on from compiler and target; anything that would change a bit is refused here.
#ifndef MOTE_PORT_H
#define MOTE_PORT_H

// Refused before all else, so that this is the first line that a compiler prints.
#if !defined(__GNUC__)
#error "mote: compile it with GCC or clang (on Windows: mingw-w64 or clang), whose attributes and vectors it uses"
#endif
#if defined(__SIZEOF_INT__) && __SIZEOF_INT__ < 4
#error "mote: int has 16 bits here; mote needs a processor of 32 bits or more"
#endif
#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "mote: blobs are used in place and are little-endian, so the target must be"
#endif

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Modes that let a compiler change results are refused where it tells of them; where it does not, they are switched off
// below, and mote_selftest finds what is left.
#if defined(__FAST_MATH__)
#error "mote: -ffast-math and -Ofast change results; compile mote without them"
#endif
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
#error "mote: -ffinite-math-only hides NaN and infinity; compile mote with -fno-finite-math-only"
#endif
#if defined(__ASSOCIATIVE_MATH__)
#error "mote: -fassociative-math reorders sums; compile mote with -fno-associative-math"
#endif
#if defined(__RECIPROCAL_MATH__)
#error "mote: -freciprocal-math rounds divisions differently; compile mote with -fno-reciprocal-math"
#endif
#if defined(__NO_SIGNED_ZEROS__)
#error "mote: -fno-signed-zeros loses the sign of zero; compile mote with -fsigned-zeros"
#endif
// 16: only _Float16, which mote does not use, is evaluated as a wider type.
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
#error "mote: floats must be evaluated as floats (on 32-bit x86: -msse2 -mfpmath=sse)"
#endif

// A multiply and an add stay apart unless the source fuses them, whatever the build's flags are: GCC fuses by default
// in the gnu dialects, clang within an expression. These hold for what follows, so port.h comes before all that
// computes.
#if defined(__clang__)
#if defined(__x86_64__)
#pragma float_control(precise, on) // turns all modes off but contraction, which it turns on
#else
#pragma clang fp reassociate(off) // other targets have no float_control
#endif
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
// In Thumb-1 (Cortex-M0, M0+), GCC gives a small frame back by popping it into r1, r2 and r3, while -fipa-ra lets
// callers in the same unit take them to be as they were: with -Os -flto GCC 12.2 kept the address of a variable in one.
#if defined(__thumb__) && !defined(__thumb2__)
#pragma GCC optimize("no-ipa-ra")
#endif
#endif

#define MOTE_INLINE static inline __attribute__((always_inline))

// The same, but a function where the compiler is asked for small code.
#if defined(__OPTIMIZE_SIZE__)
#define MOTE_INLINE_FOR_SPEED static inline __attribute__((noinline))
#else
#define MOTE_INLINE_FOR_SPEED MOTE_INLINE
#endif

// An inline function of which a build for size has one copy.
#if defined(__OPTIMIZE_SIZE__)
#define MOTE_INLINE_OR_ONE_COPY inline __attribute__((noinline))
#else
#define MOTE_INLINE_OR_ONE_COPY inline
#endif

// For a lambda that is called once a vector: GCC calls one that it finds too long.
#define MOTE_INLINE_LAMBDA __attribute__((always_inline))

// Keeps a frame from being merged into its caller's: what runs one after the other then shares the stack.
#define MOTE_NOINLINE __attribute__((noinline))

// Unrolls the next loop: whole where its body must live in registers; by four, the vectors of a panel on most targets,
// where code size counts more on those that have 16; by two, what takes more registers; not at all where the compiler
// is asked for small code. By one: not at all, a loop of whose turns GCC would write out each.
#if defined(__clang__)
#define MOTE_UNROLL _Pragma("unroll")
#define MOTE_UNROLL_4 _Pragma("unroll(4)")
#define MOTE_UNROLL_2 _Pragma("unroll(2)")
#define MOTE_UNROLL_1 _Pragma("nounroll")
#else
#define MOTE_UNROLL _Pragma("GCC unroll 32")
#define MOTE_UNROLL_4 _Pragma("GCC unroll 4")
#define MOTE_UNROLL_2 _Pragma("GCC unroll 2")
#define MOTE_UNROLL_1 _Pragma("GCC unroll 1")
#endif
#if defined(__OPTIMIZE_SIZE__)
#undef MOTE_UNROLL_4
#undef MOTE_UNROLL_2
#define MOTE_UNROLL_4
#define MOTE_UNROLL_2
#endif

// x, of which the compiler knows nothing until here: it computes what follows from it where it is used, not beforehand
// and for many registers.
template <typename T> MOTE_INLINE T known_from_here(T x) {
    __asm__ volatile("" : "+r"(x));
    return x;
}

// A float's bits, and back. memcpy of four bytes is what every compiler turns into a register move.
MOTE_INLINE uint32_t mote_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
MOTE_INLINE float mote_float(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#endif
