/* Between reset and main, what every processor has in common. A startup_*.c brings the rest: board_reset, by which
 * sections.ld has the program begin, gives the processor its stack, its FPU and its handler of exceptions. */
#ifndef MOTE_STARTUP_H
#define MOTE_STARTUP_H

#include <stdint.h>

/* Defined by sections.ld; only its address means something. */
extern uint32_t board_stack_top[];

void board_reset(void);

/* Gives the variables their initial values, and ends the program with main's result. The stack and the FPU work. */
__attribute__((noreturn)) void board_start(void);

/* Says that the processor stopped at an exception, and ends the program. To be called on a stack of its own: the one in
 * use may be what has overflowed. */
__attribute__((noreturn)) void board_fault(void);

#endif
