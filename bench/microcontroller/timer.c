/* SysTick of every Cortex-M (ARMv7-M Architecture Reference Manual, B3.3), by the processor's clock. */
#include "timer.h"

#define CONTROL (*(volatile uint32_t *)0xE000E010u)
#define RELOAD (*(volatile uint32_t *)0xE000E014u)
#define CURRENT (*(volatile uint32_t *)0xE000E018u)

static const uint32_t largest = 0xFFFFFF;

void timer_start(void) {
    const uint32_t enable = 1u << 0, processor_clock = 1u << 2;
    CONTROL = 0;
    RELOAD = largest;
    CURRENT = 0; /* whatever is written, it becomes 0, and the largest at the next tick */
    CONTROL = enable | processor_clock;
}

uint32_t timer_ticks(void) { return largest - CURRENT; }

void timer_loop(void) {
    uint32_t count = TIMER_LOOP_INSTRUCTIONS / 2;
    __asm__ volatile(".syntax unified\n"
                     "1:\tsubs %0, %0, #1\n\t"
                     "bne 1b"
                     : "+l"(count)
                     :
                     : "cc");
}
