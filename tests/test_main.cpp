#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "mote.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace {

/* Flush-to-zero and, where it is a choice of its own, denormals-are-zero, in this thread. */
bool flush_to_zero() {
#if defined(__x86_64__) || defined(__i386__)
    _mm_setcsr(_mm_getcsr() | 0x8040u);
    return (_mm_getcsr() & 0x8040u) == 0x8040u;
#elif defined(__aarch64__)
    const uint64_t flush = uint64_t{1} << 24;
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    __asm__ volatile("msr fpcr, %0" : : "r"(control | flush));
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    return (control & flush) != 0;
#elif defined(__arm__) && defined(__ARM_FP)
    const uint32_t flush = uint32_t{1} << 24;
    uint32_t control;
    __asm__ volatile("vmrs %0, fpscr" : "=r"(control));
    __asm__ volatile("vmsr fpscr, %0" : : "r"(control | flush));
    __asm__ volatile("vmrs %0, fpscr" : "=r"(control));
    return (control & flush) != 0;
#else
    return false;
#endif
}

bool flushing() {
    volatile float least = 0x1p-126f;
    return least * 0.5f == 0.0f;
}

bool asked(const char *name) {
    const char *value = std::getenv(name);
    return value != nullptr && std::strcmp(value, "1") == 0;
}

} // namespace

/* MOTE_TEST_ISA=NAME runs the tests on that instruction set or fails; MOTE_TEST_FTZ=1 with denormals flushed;
 * MOTE_TEST_EVERY=N takes one in N of many combinations (support.h). */
int main(int argc, char **argv) {
    const char *isa = std::getenv("MOTE_TEST_ISA");
    if (isa != nullptr && *isa != '\0') {
        if (mote_isa_force(isa) != MOTE_OK || std::strcmp(mote_isa(), isa) != 0) {
            std::fprintf(stderr, "MOTE_TEST_ISA: \"%s\" is not available here, this is \"%s\"\n", isa, mote_isa());
            return 1;
        }
    }
    if (asked("MOTE_TEST_FTZ") && !(flush_to_zero() && flushing())) {
        std::fprintf(stderr, "MOTE_TEST_FTZ: this CPU does not flush denormals to zero\n");
        return 1;
    }
    std::printf("isa: %s, denormals: %s\n", mote_isa(), flushing() ? "flushed" : "kept");

    doctest::Context context(argc, argv);
    const int failed = context.run();
    if (isa != nullptr && *isa != '\0' && std::strcmp(mote_isa(), isa) != 0) {
        std::fprintf(stderr, "MOTE_TEST_ISA: a test left \"%s\" active instead of \"%s\"\n", mote_isa(), isa);
        return 1;
    }
    return failed;
}
