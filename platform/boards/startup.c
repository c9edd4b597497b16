#include "startup.h"

#include "semihosting.h"

/* Defined by sections.ld; only their addresses mean something. */
extern uint32_t board_data_start[], board_data_end[], board_bss_start[], board_bss_end[];
extern const uint32_t board_data_load[];

int main(void);

void board_start(void) {
    const uint32_t *from = board_data_load;
    for (uint32_t *to = board_data_start; to < board_data_end; to++) *to = *from++;
    for (uint32_t *to = board_bss_start; to < board_bss_end; to++) *to = 0;
    semihosting_exit(main());
}

/* Called by assembler, which link-time optimization does not read. */
__attribute__((used)) void board_fault(void) {
    semihosting_write("fault: the processor stopped at an exception\n", 45);
    semihosting_exit(BOARD_EXIT_FAULT);
}
