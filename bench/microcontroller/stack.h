/* The stack that calls take, by what they leave of a pattern below it. */
#ifndef MOTE_BENCH_STACK_H
#define MOTE_BENCH_STACK_H

#include <stdint.h>

void stack_paint(void);
/* The deepest since then, in bytes below `frame`, which is __builtin_frame_address(0) of the function that calls. */
uint32_t stack_depth(const void *frame);

#endif
