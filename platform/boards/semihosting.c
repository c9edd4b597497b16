/* Arm's "Semihosting for AArch32 and AArch64", release 2.0: operations and their argument blocks, which RISC-V has
 * taken over with a call of its own. */
#include "semihosting.h"

#include "console.h"

#include <stdint.h>
#include <string.h>

enum {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_FLEN = 0x0C,
    SYS_GET_CMDLINE = 0x15,
    SYS_EXIT_EXTENDED = 0x20
};
enum { MODE_READ_BINARY = 1, MODE_WRITE = 4, MODE_WRITE_BINARY = 5, STOPPED_APPLICATION_EXIT = 0x20026 };

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

#else /* Arm */

#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#define SEMIHOSTING_CALL "bkpt 0xab"
#else
#define SEMIHOSTING_CALL "svc 0x123456" /* in Arm state; a debugger that takes it may use lr */
#endif

static intptr_t call(int operation, const uintptr_t *block) {
    register intptr_t r0 __asm__("r0") = operation;
    register const uintptr_t *r1 __asm__("r1") = block;
    __asm__ volatile(SEMIHOSTING_CALL : "+r"(r0) : "r"(r1) : "memory", "lr");
    return r0;
}

#endif

/* A handle, or -1. ":tt" is the console. */
static intptr_t open_file(const char *name, uintptr_t mode) {
    const uintptr_t block[3] = {(uintptr_t)name, mode, strlen(name)};
    return call(SYS_OPEN, block);
}

static int close_file(intptr_t file) {
    const uintptr_t block[1] = {(uintptr_t)file};
    return call(SYS_CLOSE, block) != 0;
}

int semihosting_write(const char *bytes, size_t count) {
    static intptr_t console = 0;
    if (console <= 0) console = open_file(":tt", MODE_WRITE);
    const uintptr_t block[3] = {(uintptr_t)console, (uintptr_t)bytes, count};
    return call(SYS_WRITE, block) != 0;
}

long semihosting_read_file(const char *name, void *bytes, size_t capacity) {
    const intptr_t file = open_file(name, MODE_READ_BINARY);
    if (file < 0) return -1;
    const uintptr_t handle[1] = {(uintptr_t)file};
    const intptr_t count = call(SYS_FLEN, handle);
    const int fits = count >= 0 && (size_t)count <= capacity;
    const uintptr_t block[3] = {(uintptr_t)file, (uintptr_t)bytes, (uintptr_t)count};
    const int complete = fits && call(SYS_READ, block) == 0;
    (void)close_file(file);
    return complete ? (long)count : -1;
}

int semihosting_write_file(const char *name, const void *bytes, size_t count) {
    const intptr_t file = open_file(name, MODE_WRITE_BINARY);
    if (file < 0) return 1;
    const uintptr_t block[3] = {(uintptr_t)file, (uintptr_t)bytes, count};
    const int missing = call(SYS_WRITE, block) != 0;
    return close_file(file) != 0 || missing;
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
