/* How a sender and the device talk over a UART. The sender's lines are base64url of
 *
 *   1 byte   kind: B begins an update, D is a piece of the blob, S switches to it
 *   4 bytes  number: of B the size of the blob, of D the place of the piece in it, of S the size again
 *   n bytes  of D the piece: 256 bytes, of the last one what is left
 *   8 bytes  64-bit FNV-1a of what stands before
 *
 * numbers little-endian, and each is answered by a line: "at NUMBER", the place of the piece that is expected next, 8
 * hexadecimal digits, to B and D; "runs HASH", the weights of the model, to S; "!REASON" where that is refused. A line
 * that was damaged is answered by "?", and then the sender repeats it. A piece that is not the one expected changes
 * nothing, so that any line may be repeated until one is answered. */
#ifndef MOTE_EXAMPLE_UPDATE_LINK_H
#define MOTE_EXAMPLE_UPDATE_LINK_H

#include "flash.h"

#include <stdint.h>

typedef struct update_packet {
    unsigned char kind;
    uint32_t number;
    size_t count;
    unsigned char bytes[FLASH_PAGE_BYTES];
} update_packet;

/* Waits for a packet that is whole. 0: there will be none, as the line has ended. */
int link_receive(update_packet *packet);

/* "TEXT NUMBER", the lowest `digits` of it in hexadecimal. */
void link_answer(const char *text, uint64_t number, int digits);
void link_refuse(const char *reason);

#endif
