#include "uart.h"

#include <stdio.h>

void uart_init(void) {}

int uart_read(void) { return getchar(); }

int uart_waits(void) { return 1; }

void uart_write(const char *bytes, size_t count) { (void)fwrite(bytes, 1, count, stderr); }
