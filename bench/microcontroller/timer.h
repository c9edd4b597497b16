/* Counts instructions: under an emulator that runs one in a nanosecond, the processor's timer ticks with them. */
#ifndef MOTE_BENCH_TIMER_H
#define MOTE_BENCH_TIMER_H

#include <stdint.h>

void timer_start(void);
/* Ticks since timer_start, below 2^24. */
uint32_t timer_ticks(void);

/* Runs a loop of so many instructions, whatever the compiler. */
#define TIMER_LOOP_INSTRUCTIONS 2000000u
void timer_loop(void);

#endif
