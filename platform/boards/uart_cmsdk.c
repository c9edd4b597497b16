/* The UART of Arm's Cortex-M System Design Kit (DDI 0479), as the MPS2 boards with AN385, AN386 and AN500 have it. */
#include "uart.h"

#include <stdint.h>

typedef struct cmsdk_uart {
    uint32_t data, state, control, interrupts, divider;
} cmsdk_uart;
static volatile cmsdk_uart *const uart0 = (volatile cmsdk_uart *)0x40004000u;

enum { SENDS = 1u << 0, RECEIVES = 1u << 1 };            /* control */
enum { SEND_BUFFER_FULL = 1u << 0, RECEIVED = 1u << 1 }; /* state */
enum { CLOCK_HZ = 25000000, BAUD = 115200 };

void uart_init(void) {
    uart0->divider = CLOCK_HZ / BAUD;
    uart0->control = SENDS | RECEIVES;
}

int uart_waits(void) { return (uart0->state & RECEIVED) != 0; }

int uart_read(void) {
    while (!uart_waits()) {
    }
    return (int)(uart0->data & 0xFFu);
}

void uart_write(const char *bytes, size_t count) {
    for (; count > 0; count--) {
        while ((uart0->state & SEND_BUFFER_FULL) != 0) {
        }
        uart0->data = (unsigned char)*bytes++;
    }
}
