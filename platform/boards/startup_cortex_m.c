/* A Cortex-M from reset on: vector table and FPU. */
#include "startup.h"

/* The address stands right behind: at the end of a file that -flto made of the whole program it is out of reach. */
__attribute__((naked)) static void fault(void) {
    __asm__("ldr r0, =board_stack_top\n\tmov sp, r0\n\tbl board_fault\n\t.ltorg");
}

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

void board_reset(void) {
    enable_fpu();
    board_start();
}
