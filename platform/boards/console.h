/* Text out, for programs that run on a host and on a board alike. console_write is stdout on a host (console_host.c)
 * and semihosting on a board (semihosting.c); a product puts its UART there. Nothing here needs printf or malloc. */
#ifndef MOTE_CONSOLE_H
#define MOTE_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

void console_write(const char *bytes, size_t count);

void console_text(const char *text); /* NUL-terminated */
void console_number(uint64_t number);
void console_hex(uint64_t number, int digits); /* the lowest digits, 1 … 16 */
void console_bits(float value);                /* the 32 bits of it, as 8 hexadecimal digits */
void console_decimal(float value);             /* rounded to six places; "large" from 2^44 on */

#endif
