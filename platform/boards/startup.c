/* What a Cortex-M does between reset and main: vector table, FPU, initial values of the variables. */
#include "semihosting.h"

#include <stdint.h>

/* Defined by sections.ld; only their addresses mean something. */
extern uint32_t board_stack_top[], board_data_start[], board_data_end[], board_bss_start[], board_bss_end[];
extern const uint32_t board_data_load[];

int main(void);
void board_reset(void);

__attribute__((noreturn, used)) static void report_fault(void) {
    semihosting_write("fault: the processor stopped at an exception\n", 45);
    semihosting_exit(BOARD_EXIT_FAULT);
}

/* On a stack of its own: the one in use may be what has overflowed. */
__attribute__((naked)) static void fault(void) { __asm__("ldr r0, =board_stack_top\n\tmov sp, r0\n\tbl report_fault"); }

/* The first words of the code memory: initial stack pointer, reset, and the exceptions of ARMv6-M and later. */
typedef union vector {
    uint32_t *stack;
    void (*handler)(void);
} vector;
__attribute__((section(".vectors"), used)) static const vector vectors[16] = {
    {.stack = board_stack_top},
    {.handler = board_reset},
    {.handler = fault}, /* NMI */
    {.handler = fault}, /* HardFault */
    {.handler = fault}, /* MemManage */
    {.handler = fault}, /* BusFault */
    {.handler = fault}, /* UsageFault */
    {.handler = fault}, /* SecureFault */
    {.handler = 0},
    {.handler = 0},
    {.handler = 0},
    {.handler = fault}, /* SVCall */
    {.handler = fault}, /* DebugMonitor */
    {.handler = 0},
    {.handler = fault}, /* PendSV */
    {.handler = fault}, /* SysTick */
};

static void enable_fpu(void) {
#ifdef __ARM_FP
    volatile uint32_t *const cpacr = (volatile uint32_t *)0xE000ED88u;
    *cpacr |= 0xFu << 20; /* full access to coprocessors 10 and 11 */
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
}

/* Out of line, so that no register of the FPU is touched before it is enabled. */
__attribute__((noinline)) static void start(void) {
    const uint32_t *from = board_data_load;
    for (uint32_t *to = board_data_start; to < board_data_end; to++) *to = *from++;
    for (uint32_t *to = board_bss_start; to < board_bss_end; to++) *to = 0;
    semihosting_exit(main());
}

void board_reset(void) {
    enable_fpu();
    start();
}
