/* The lines that the cases print. */
#ifndef MOTE_SAME_BITS_REPORT_H
#define MOTE_SAME_BITS_REPORT_H

#include "mote.h"

void report_case(const char *name); /* begins a line */
void report_hash(const char *key, uint64_t hash);
void report_count(const char *key, uint64_t count);
void report_bits(const char *key, float value);
void report_text(const char *key, const char *text);
void report_end(void);

/* A whole line; returns 1, the failures in it. */
uint32_t report_failure(const char *name, const char *what, mote_status status);

#endif
