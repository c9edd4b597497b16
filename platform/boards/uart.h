/* A serial line, byte by byte. On the MPS2 boards it is their first UART (uart_cmsdk.c); on a host standard input and
 * standard error (uart_host.c), since the console has standard output. A product puts its own UART or radio there. */
#ifndef MOTE_UART_H
#define MOTE_UART_H

#include <stddef.h>

void uart_init(void);
/* Waits for a byte. Negative: there will be none, which only a host knows. */
int uart_read(void);
/* Whether uart_read would return at once. Of a host always, which has nothing to do in between. */
int uart_waits(void);
void uart_write(const char *bytes, size_t count);

#endif
