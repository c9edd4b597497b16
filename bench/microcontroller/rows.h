/* What the programs that count instructions print: a line for each row, of a name, how often the work was done and the
 * ticks that took. */
#ifndef MOTE_BENCH_ROWS_H
#define MOTE_BENCH_ROWS_H

#include <stdint.h>

/* The first row, by which the ticks of the others become instructions: a loop of so many of these. */
void rows_clock(void);

/* Since timer_start. */
void rows_ticks(const char *name, uint32_t times);
void rows_number(const char *name, uint32_t times, uint64_t number);

#endif
