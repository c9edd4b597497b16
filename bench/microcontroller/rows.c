#include "rows.h"

#include "console.h"
#include "timer.h"

void rows_number(const char *name, uint32_t times, uint64_t number) {
    console_text(name);
    console_text(" ");
    console_number(times);
    console_text(" ");
    console_number(number);
    console_text("\n");
}

void rows_ticks(const char *name, uint32_t times) {
    const uint32_t ticks = timer_ticks();
    rows_number(name, times, ticks);
}

void rows_clock(void) {
    timer_start();
    timer_loop();
    rows_ticks("clock", TIMER_LOOP_INSTRUCTIONS);
}
