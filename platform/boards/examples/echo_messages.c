/* Messages over a UART, compressed by a model that lies in flash. Each line that comes in is a packet of `mote compress
 * --lines --check 8`; its message goes to the console, and back over the line goes a packet of the message behind "> ".
 * A line that is no packet, or was damaged, is answered by ! and a status. messages.h is written by `mote export
 * messages.mote -o messages.h`. */
#include "console.h"
#include "messages.h"
#include "mote.h"
#include "packet_text.h"
#include "print_sample.h"
#include "uart.h"

#include <string.h>

MESSAGES_RUNS_ALONE;

enum {
    MESSAGE_BYTES = 256, /* at most, with what stands before an answer */
    PACKET_BYTES = MOTE_PACKET_BYTES(MESSAGE_BYTES) + 1,
    LINE_CHARACTERS = PACKET_TEXT_CHARACTERS(PACKET_BYTES),
    END_OF_TRANSMISSION = 4 /* ends the program, which else runs for ever */
};

/* A UART checks nothing. A radio frame that has a checksum of its own needs no bits for it here. */
static const mote_codec_options options = {.check_bits = 8};
static const char before_answers[] = "> ";

/* All the RAM that the model needs, which also serves the self-test before there is a codec. */
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
static MESSAGES_ALIGNED unsigned char
    memory[MESSAGES_OPEN_BYTES + LARGER(MOTE_CODEC_BYTES(MESSAGES_SHAPE), MESSAGES_SCRATCH_BYTES)];

typedef struct text_line {
    char text[LINE_CHARACTERS + 1]; /* and the newline */
    size_t count;
    int too_long;
} text_line;

/* 0: the line has ended for good. */
static int read_line(text_line *line) {
    line->count = 0;
    line->too_long = 0;
    for (;;) {
        const int byte = uart_read();
        if (byte < 0 || byte == END_OF_TRANSMISSION) return 0;
        if (byte == '\n') return 1;
        if (byte == '\r') continue;
        if (line->count == LINE_CHARACTERS)
            line->too_long = 1;
        else
            line->text[line->count++] = (char)byte;
    }
}

/* The message of a line, behind what stands before an answer. */
static mote_status receive(mote_codec *codec, const text_line *line, char *message, size_t *bytes) {
    static unsigned char packet[PACKET_BYTES];
    const size_t before = sizeof before_answers - 1;
    if (line->too_long) return MOTE_ERR_CAPACITY;
    const long size = packet_text_decode(line->text, line->count, packet);
    if (size < 0) return MOTE_ERR_FORMAT;
    memcpy(message, before_answers, before);
    const mote_status status =
        mote_decompress(codec, packet, (size_t)size, message + before, MESSAGE_BYTES - before, bytes);
    if (status == MOTE_OK) {
        console_write(message + before, *bytes);
        console_text("\n");
        *bytes += before;
    }
    return status;
}

static mote_status answer(mote_codec *codec, const char *message, size_t bytes, text_line *line) {
    static unsigned char packet[PACKET_BYTES];
    size_t size;
    const mote_status status = mote_compress(codec, message, bytes, packet, sizeof packet, &size);
    if (status != MOTE_OK) return status;
    line->count = packet_text_encode(packet, size, line->text);
    line->text[line->count++] = '\n';
    uart_write(line->text, line->count);
    return status;
}

static void report(mote_status status) {
    const char *name = mote_status_name(status);
    uart_write("!", 1);
    uart_write(name, strlen(name));
    uart_write("\n", 1);
}

int main(void) {
    static text_line line;
    static char message[MESSAGE_BYTES];
    mote_arena arena;
    const mote_model *model;
    mote_codec *codec;
    size_t bytes;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = mote_model_open(&model, &arena, messages_blob, sizeof messages_blob);
    if (status == MOTE_OK) status = mote_selftest(model, &arena);
    if (status == MOTE_OK) status = mote_codec_init(&codec, &arena, model, &options);
    if (status != MOTE_OK) return report_failure("the model of messages", status);

    uart_init();
    while (read_line(&line)) {
        status = receive(codec, &line, message, &bytes);
        if (status == MOTE_OK) status = answer(codec, message, bytes, &line);
        if (status != MOTE_OK) report(status);
    }
    return 0;
}
