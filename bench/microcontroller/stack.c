#include "stack.h"

#include "startup.h"

/* Defined by sections.ld; only its address means something. */
extern uint32_t stack_bytes[];

static const uint32_t pattern = 0x57ACC0DEu;

static volatile uint32_t *bottom(void) {
    return (volatile uint32_t *)((uintptr_t)board_stack_top - (uintptr_t)stack_bytes);
}

__attribute__((noinline)) void stack_paint(void) {
    volatile uint32_t *const own = (volatile uint32_t *)__builtin_frame_address(0) - 16;
    for (volatile uint32_t *at = bottom(); at < own; at++) *at = pattern;
}

uint32_t stack_depth(const void *frame) {
    const volatile uint32_t *at = bottom();
    while (*at == pattern) at++;
    return (uint32_t)((uintptr_t)frame - (uintptr_t)at);
}
