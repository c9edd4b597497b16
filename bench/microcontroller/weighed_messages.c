/* weighed_messages FILE: reads a blob, a GRU of messages, and makes a message of a packet; with ENCODES, a packet of it
 * before. What the program then has more than weighed_nothing is what the library brings, and room for a message and a
 * packet. */
#include "console.h"
#include "semihosting.h"
#include "shapes.h"

#include <string.h>

MOTE_WITHOUT_INPUT(one_hot);
MOTE_WITHOUT_INPUT(window);
MOTE_WITHOUT_CELL(none);
MOTE_WITHOUT_CELL(dense);
MOTE_WITHOUT_CELL(recurrent);
MOTE_WITHOUT_PRECISION(float32);
#ifdef WITH_INT8
MOTE_WITHOUT_PRECISION(int4);
#define SHAPE MESSAGES_INT8_SHAPE
#else
MOTE_WITHOUT_PRECISION(int8);
#define SHAPE MESSAGES_INT4_SHAPE
#endif

static __attribute__((aligned(MOTE_ALIGN))) unsigned char blob[128 * 1024];
static __attribute__((aligned(MOTE_ALIGN))) unsigned char memory[MOTE_OPEN_BYTES + MOTE_CODEC_BYTES(SHAPE)];
static char message[MESSAGE_BYTES] = "are you there?";
static unsigned char packet[MOTE_PACKET_BYTES(MESSAGE_BYTES)] = {0x80, 0x31, 0x41};

static mote_status run(size_t blob_bytes) {
    mote_arena arena;
    const mote_model *model;
    mote_codec *codec;
    size_t packet_bytes = 3, bytes;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = mote_model_open(&model, &arena, blob, blob_bytes);
    if (status == MOTE_OK) status = mote_codec_init(&codec, &arena, model, NULL);
#ifdef ENCODES
    if (status == MOTE_OK) status = mote_compress(codec, message, 14, packet, sizeof packet, &packet_bytes);
#endif
    if (status == MOTE_OK) status = mote_decompress(codec, packet, packet_bytes, message, sizeof message, &bytes);
    return status == MOTE_ERR_CAPACITY ? MOTE_OK : status; /* a message that nobody made may have no end */
}

int main(void) {
    static char line[256];
    const char *file = semihosting_command_line(line, sizeof line) == 0 ? strchr(line, ' ') : 0;
    const long bytes = file != 0 ? semihosting_read_file(file + 1, blob, sizeof blob) : -1;
    if (bytes < 0) return 2;
    const mote_status status = run((size_t)bytes);
    console_text(status == MOTE_OK ? "\n" : " failed\n");
    return status == MOTE_OK ? 0 : 1;
}
