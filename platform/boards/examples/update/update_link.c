#include "update_link.h"

#include "mote.h"
#include "packet_text.h"
#include "uart.h"

#include <string.h>

enum {
    HEAD_BYTES = 5,
    CHECK_BYTES = 8,
    PACKET_BYTES = HEAD_BYTES + FLASH_PAGE_BYTES + CHECK_BYTES,
    LINE_CHARACTERS = PACKET_TEXT_CHARACTERS(PACKET_BYTES),
    END_OF_TRANSMISSION = 4 /* ends the program, which else runs for ever */
};

static void write_text(const char *text) { uart_write(text, strlen(text)); }

/* The characters of a line, one more than there is room for where it is too long; negative: the line has ended. */
static long read_line(char *line) {
    size_t count = 0;
    for (;;) {
        const int byte = uart_read();
        if (byte < 0 || byte == END_OF_TRANSMISSION) return -1;
        if (byte == '\n') return (long)count;
        if (byte == '\r') continue;
        if (count < LINE_CHARACTERS) line[count] = (char)byte;
        if (count <= LINE_CHARACTERS) count++;
    }
}

/* 0: the line is not a packet, or was damaged. */
static int take_packet(const char *line, size_t characters, update_packet *packet) {
    static unsigned char bytes[PACKET_TEXT_BYTES(LINE_CHARACTERS)];
    uint64_t check;
    if (characters > LINE_CHARACTERS) return 0;
    const long decoded = packet_text_decode(line, characters, bytes);
    if (decoded < HEAD_BYTES + CHECK_BYTES) return 0;
    const size_t checked = (size_t)decoded - CHECK_BYTES;
    memcpy(&check, bytes + checked, sizeof check);
    if (check != mote_fnv1a(MOTE_FNV_START, bytes, checked)) return 0;
    packet->kind = bytes[0];
    memcpy(&packet->number, bytes + 1, sizeof packet->number);
    packet->count = checked - HEAD_BYTES;
    memcpy(packet->bytes, bytes + HEAD_BYTES, packet->count);
    return 1;
}

int link_receive(update_packet *packet) {
    static char line[LINE_CHARACTERS];
    for (;;) {
        const long characters = read_line(line);
        if (characters < 0) return 0;
        if (take_packet(line, (size_t)characters, packet)) return 1;
        write_text("?\n");
    }
}

void link_answer(const char *text, uint64_t number, int digits) {
    write_text(text);
    write_text(" ");
    for (int digit = digits - 1; digit >= 0; digit--) uart_write(&"0123456789abcdef"[number >> 4 * digit & 15], 1);
    write_text("\n");
}

void link_refuse(const char *reason) {
    write_text("!");
    write_text(reason);
    write_text("\n");
}
