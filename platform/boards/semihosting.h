/* Semihosting: how firmware on an emulator, or under a debugger, reaches the console of the machine that runs it. */
#ifndef MOTE_SEMIHOSTING_H
#define MOTE_SEMIHOSTING_H

#include <stddef.h>

/* The exit status after a processor exception. */
#define BOARD_EXIT_FAULT 125

/* Nonzero: not everything could be written. */
int semihosting_write(const char *bytes, size_t count);

/* The command line, its arguments parted by single spaces; 0, or nonzero where it does not fit. */
int semihosting_command_line(char *line, size_t capacity);

/* A whole file of the machine that runs the emulator. The bytes read, at most `capacity`; negative: it could not be
 * opened, or has more. */
long semihosting_read_file(const char *name, void *bytes, size_t capacity);
/* Nonzero: not everything could be written. */
int semihosting_write_file(const char *name, const void *bytes, size_t count);

/* Ends the program; the emulator ends with this status. */
__attribute__((noreturn)) void semihosting_exit(int status);

#endif
