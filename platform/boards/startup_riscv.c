/* A RISC-V processor from reset on, in machine mode: stack, traps, memory protection and FPU. */
#include "startup.h"

/* Defined by sections.ld; only their addresses mean something. */
extern char board_flash_start[], board_flash_end[];

/* Every processor that starts here has control registers; of the letters of -march only F says so too. */
__asm__(".option arch, +zicsr");

__attribute__((naked, aligned(4))) static void trap(void) { __asm__("la sp, board_stack_top\n\tj board_fault"); }

static void catch_traps(void) { __asm__ volatile("csrw mtvec, %0" ::"r"(trap)); }

/* The code memory can be read and executed only, be it flash or not: a stack that overflows into it faults. A processor
 * without physical memory protection traps at the first of these registers, and goes on behind them. */
static void protect_flash(void) {
    const uintptr_t start = (uintptr_t)board_flash_start >> 2, end = (uintptr_t)board_flash_end >> 2;
    const uintptr_t locked = 0x80, up_to_address = 0x08, execute = 0x04, read = 0x01;
    __asm__ volatile("la t0, 1f\n\t"
                     "csrrw t0, mtvec, t0\n\t"
                     "csrw pmpaddr0, %0\n\t"
                     "csrw pmpaddr1, %1\n\t"
                     "csrw pmpcfg0, %2\n\t"
                     ".balign 4\n"
                     "1:\tcsrw mtvec, t0" ::"r"(start),
                     "r"(end), "r"((locked | up_to_address | execute | read) << 8)
                     : "t0", "memory");
}

/* On, rounding to nearest. */
static void enable_fpu(void) {
#ifdef __riscv_flen
    const uintptr_t initial = 1u << 13; /* of mstatus.FS */
    __asm__ volatile("csrs mstatus, %0\n\tcsrw fcsr, zero" ::"r"(initial) : "memory");
#endif
}

__attribute__((noreturn, used)) static void set_up(void) {
    catch_traps();
    protect_flash();
    enable_fpu();
    board_start();
}

/* The first instructions of the code memory. */
__attribute__((naked, section(".vectors"), used)) void board_reset(void) {
    __asm__("la sp, board_stack_top\n\tj set_up");
}
