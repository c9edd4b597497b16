/* Flush-to-zero of the floating-point unit: numbers below 2^-126 become 0, as results and as operands. */
#ifndef MOTE_SAME_BITS_FLOAT_MODE_H
#define MOTE_SAME_BITS_FLOAT_MODE_H

void float_mode_flush(int on);

/* Found out by a multiplication, not by asking the mode register. */
int float_mode_flushes(void);

#endif
