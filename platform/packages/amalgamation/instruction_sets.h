// Which instruction sets this build of the one file has: each that the processor family may have, chosen among at the
// first use, or the one that MOTE_SINGLE_ISA names, as `-DMOTE_SINGLE_ISA=sse2`.
#ifndef MOTE_INSTRUCTION_SETS_H
#define MOTE_INSTRUCTION_SETS_H

// Warnings that older dialects give for what they take all the same; and no tables for exceptions, of which the library
// has none, where a build enables them. Before all other code, with the option of port.h: a function is not inlined
// into one with other options.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc++14-extensions"
#pragma clang diagnostic ignored "-Wc++17-extensions"
#else
#pragma GCC diagnostic ignored "-Wuninitialized" // of GCC's own header (GCC bug 105593)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC optimize("no-exceptions", "fp-contract=off")
#endif

// A board without an operating system has no threads to give to a trainer, unless the program says otherwise.
#if !defined(__unix__) && !defined(__APPLE__) && !defined(_WIN32) && !defined(MOTE_WITH_THREADS) &&                    \
    !defined(MOTE_WITHOUT_THREADS)
#define MOTE_WITHOUT_THREADS
#endif

#define MOTE_NUMBER_OF(isa) MOTE_JOINED_NUMBER(isa)
#define MOTE_JOINED_NUMBER(isa) MOTE_NUMBER_##isa

#if !defined(MOTE_SINGLE_ISA) && !defined(__x86_64__) && !defined(__aarch64__) &&                                      \
    !(defined(__ARM_NEON) && defined(__ARM_FEATURE_FMA))
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M' && defined(__ARM_FEATURE_FMA)
#define MOTE_SINGLE_ISA vfp
#else
#define MOTE_SINGLE_ISA scalar
#endif
#endif

// MOTE_NUMBER_<isa> are written by tools/amalgamate.
#define MOTE_FAMILY_x86 1
#define MOTE_FAMILY_neon 2
#define MOTE_FAMILY_none 3
#if defined(MOTE_SINGLE_ISA)
#define MOTE_HAS_ISA(isa, family) (MOTE_NUMBER_OF(MOTE_SINGLE_ISA) == MOTE_NUMBER_##isa)
#elif defined(__x86_64__)
#define MOTE_HAS_ISA(isa, family) (MOTE_FAMILY_##family == MOTE_FAMILY_x86)
#else
#define MOTE_HAS_ISA(isa, family) (MOTE_FAMILY_##family == MOTE_FAMILY_neon)
#endif

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#endif
