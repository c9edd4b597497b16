/* Arm's "Semihosting for AArch32 and AArch64", release 2.0: operations and their argument blocks, which RISC-V has
 * taken over with a call of its own. */
#include "semihosting.h"

#include "console.h"

#include <stdint.h>

enum { SYS_OPEN = 0x01, SYS_WRITE = 0x05, SYS_GET_CMDLINE = 0x15, SYS_EXIT_EXTENDED = 0x20 };
enum { MODE_WRITE = 4, STOPPED_APPLICATION_EXIT = 0x20026 };

#if defined(__riscv)

/* The call is these three instructions, none of them compressed, on one page. */
static intptr_t call(int operation, const uintptr_t *block) {
    register intptr_t a0 __asm__("a0") = operation;
    register const uintptr_t *a1 __asm__("a1") = block;
    __asm__ volatile(".balign 16\n\t"
                     ".option push\n\t"
                     ".option norvc\n\t"
                     "slli zero, zero, 0x1f\n\t"
                     "ebreak\n\t"
                     "srai zero, zero, 7\n\t"
                     ".option pop"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    return a0;
}

#else /* Cortex-M */

static intptr_t call(int operation, const uintptr_t *block) {
    register intptr_t r0 __asm__("r0") = operation;
    register const uintptr_t *r1 __asm__("r1") = block;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

#endif

static intptr_t open_console(void) {
    static const char name[] = ":tt";
    const uintptr_t block[3] = {(uintptr_t)name, MODE_WRITE, sizeof name - 1};
    return call(SYS_OPEN, block);
}

int semihosting_write(const char *bytes, size_t count) {
    static intptr_t console = 0;
    if (console <= 0) console = open_console();
    const uintptr_t block[3] = {(uintptr_t)console, (uintptr_t)bytes, count};
    return call(SYS_WRITE, block) != 0;
}

int semihosting_command_line(char *line, size_t capacity) {
    const uintptr_t block[2] = {(uintptr_t)line, capacity};
    return call(SYS_GET_CMDLINE, block) != 0;
}

void semihosting_exit(int status) {
    const uintptr_t block[2] = {STOPPED_APPLICATION_EXIT, (uintptr_t)status};
    for (;;) call(SYS_EXIT_EXTENDED, block);
}

void console_write(const char *bytes, size_t count) { (void)semihosting_write(bytes, count); }
