#include "float_mode.h"

#include <stdint.h>

#if defined(__x86_64__)
#include <xmmintrin.h>

void float_mode_flush(int on) {
    const unsigned flush_results = 0x8000u, zero_operands = 0x0040u;
    const unsigned others = _mm_getcsr() & ~(flush_results | zero_operands);
    _mm_setcsr(on ? others | flush_results | zero_operands : others);
}

#elif defined(__aarch64__)

void float_mode_flush(int on) {
    const uint64_t flush = (uint64_t)1 << 24;
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    mode = on ? mode | flush : mode & ~flush;
    __asm__ volatile("msr fpcr, %0" ::"r"(mode));
}

#elif defined(__arm__) && defined(__ARM_FP)

void float_mode_flush(int on) {
    const uint32_t flush = (uint32_t)1 << 24;
    uint32_t mode;
    __asm__ volatile("vmrs %0, fpscr" : "=r"(mode));
    mode = on ? mode | flush : mode & ~flush;
    __asm__ volatile("vmsr fpscr, %0" ::"r"(mode));
}

#else

void float_mode_flush(int on) { (void)on; }

#endif

int float_mode_flushes(void) {
    const volatile float smallest_normal = 0x1p-126f;
    const volatile float half = smallest_normal * 0.5f;
    return half == 0.0f;
}
