/* An ARM1176 from reset on, in a privileged mode: exceptions, FPU and stack. Caches and MMU stay off. */
#include "startup.h"

__attribute__((naked, used)) static void fault(void) { __asm__("ldr sp, =board_stack_top\n\tb board_fault\n\t.ltorg"); }

/* The first instructions of the code memory, one for each exception: reset, undefined instruction, supervisor call,
 * both aborts, one that is reserved, and both interrupts. */
__attribute__((naked, section(".vectors"), used)) static void vectors(void) {
    __asm__("b board_reset\n\tb fault\n\tb fault\n\tb fault\n\tb fault\n\tb fault\n\tb fault\n\tb fault");
}

static void catch_exceptions(void) { __asm__ volatile("mcr p15, 0, %0, c12, c0, 0" ::"r"(vectors)); }

/* Denormals are flushed, and a NaN is the default one: this FPU leaves denormals, and NaN in operands, to an exception
 * handler otherwise. */
static void enable_fpu(void) {
    const uint32_t coprocessors = 0xFu << 20, enable = 1u << 30, flush_to_zero = 1u << 24, default_nan = 1u << 25;
    uint32_t access;
    __asm__ volatile("mrc p15, 0, %0, c1, c0, 2" : "=r"(access));
    __asm__ volatile("mcr p15, 0, %0, c1, c0, 2" ::"r"(access | coprocessors));
    __asm__ volatile("mcr p15, 0, %0, c7, c5, 4" ::"r"(0) : "memory"); /* so that what follows may use them */
    __asm__ volatile("vmsr fpexc, %0" ::"r"(enable));
    __asm__ volatile("vmsr fpscr, %0" ::"r"(flush_to_zero | default_nan));
}

__attribute__((noreturn, used)) static void set_up(void) {
    catch_exceptions();
    enable_fpu();
    board_start();
}

__attribute__((naked)) void board_reset(void) { __asm__("ldr sp, =board_stack_top\n\tb set_up\n\t.ltorg"); }
