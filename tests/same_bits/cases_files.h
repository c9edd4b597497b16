/* Whole files, for programs that run on a host (cases_files_host.c) and on a board alike (cases_files_board.c). */
#ifndef MOTE_SAME_BITS_CASES_FILES_H
#define MOTE_SAME_BITS_CASES_FILES_H

#include <stddef.h>

/* The bytes read, at most `capacity`; negative: it could not be opened, or has more. */
long file_read(const char *name, void *bytes, size_t capacity);
/* Nonzero: not everything could be written. */
int file_write(const char *name, const void *bytes, size_t count);

#endif
