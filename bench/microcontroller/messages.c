/* messages FILE: opens a blob, draws messages from its model as it expects them, and prints what it takes to make
 * packets of them and messages again, for a step, of which each token has one and the end another, and for a character.
 */
#include "console.h"
#include "mote.h"
#include "rows.h"
#include "semihosting.h"
#include "stack.h"
#include "timer.h"

#include <string.h>

enum { MESSAGES = 6, TOKENS = 24, BYTES = 4 * TOKENS };

typedef struct message {
    char text[BYTES];
    unsigned char packet[MOTE_PACKET_BYTES(BYTES)];
    size_t bytes, packet_bytes;
} message;

static __attribute__((aligned(MOTE_ALIGN))) unsigned char blob[128 * 1024], memory[32 * 1024];
static message messages[MESSAGES];
static uint32_t tokens, characters;

static int is_byte(const mote_vocab *vocab, uint16_t token) {
    return vocab->code_points[token] >= MOTE_BYTE_CODE_POINT(0);
}

/* Draws until the model has drawn an end, or enough. A message of single bytes could be spelled in other ways. */
static mote_status draw(mote_state *state, const mote_vocab *vocab, mote_rng *rng, message *drawn) {
    uint16_t token = 0;
    mote_state_reset(state);
    drawn->bytes = 0;
    for (uint32_t i = 0; i < TOKENS;) {
        const float *logits;
        mote_status status = mote_step(state, token, &logits);
        if (status == MOTE_OK) status = mote_sample(logits, vocab->count, 1.0f, 0, rng, &token);
        if (status != MOTE_OK) return status;
        if (vocab->boundary != 0 && token == 0 && i > 0) break;
        if ((vocab->boundary != 0 && token == 0) || is_byte(vocab, token)) continue;
        drawn->bytes += mote_decode(vocab, token, drawn->text + drawn->bytes);
        i++;
        characters++;
        tokens++;
    }
    tokens++;
    return MOTE_OK;
}

static mote_status compress_all(mote_codec *codec) {
    mote_status status = MOTE_OK;
    for (uint32_t i = 0; i < MESSAGES && status == MOTE_OK; i++) {
        message *const of = &messages[i];
        status = mote_compress(codec, of->text, of->bytes, of->packet, sizeof of->packet, &of->packet_bytes);
        if (status == MOTE_OK && of->packet_bytes >= of->bytes) status = MOTE_ERR_TEXT; /* it is sent as it is */
    }
    return status;
}

static mote_status decompress_all(mote_codec *codec) {
    static char text[BYTES];
    mote_status status = MOTE_OK;
    for (uint32_t i = 0; i < MESSAGES && status == MOTE_OK; i++) {
        const message *const of = &messages[i];
        size_t bytes = 0;
        status = mote_decompress(codec, of->packet, of->packet_bytes, text, sizeof text, &bytes);
        if (status == MOTE_OK && (bytes != of->bytes || memcmp(text, of->text, bytes) != 0)) status = MOTE_ERR_TEXT;
    }
    return status;
}

static mote_status measure(mote_codec *codec, const char *names[3], mote_status (*work)(mote_codec *)) {
    timer_start();
    mote_status status = work(codec);
    const uint32_t ticks = timer_ticks();
    rows_number(names[0], tokens, ticks);
    rows_number(names[1], characters, ticks);
    stack_paint();
    if (status == MOTE_OK) status = work(codec);
    rows_number(names[2], 0, stack_depth(__builtin_frame_address(0)));
    return status;
}

static mote_status run(size_t blob_bytes) {
    static const char *encoding[3] = {"encode-token", "encode-character", "stack-encode"};
    static const char *decoding[3] = {"decode-token", "decode-character", "stack-decode"};
    mote_arena arena;
    const mote_model *model;
    mote_state *state;
    mote_codec *codec;
    mote_vocab vocab;
    mote_rng rng;
    mote_rng_init(&rng, 1, 0);
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = mote_model_open(&model, &arena, blob, blob_bytes);
    if (status == MOTE_OK) status = mote_model_vocab(model, &vocab);
    if (status == MOTE_OK) status = mote_state_init(&state, &arena, model);
    if (status == MOTE_OK) status = mote_codec_init(&codec, &arena, model, NULL);
    for (uint32_t i = 0; i < MESSAGES && status == MOTE_OK; i++) status = draw(state, &vocab, &rng, &messages[i]);
    if (status == MOTE_OK) status = measure(codec, encoding, compress_all);
    if (status == MOTE_OK) status = measure(codec, decoding, decompress_all);
    return status;
}

int main(void) {
    static char line[256];
    const char *file = semihosting_command_line(line, sizeof line) == 0 ? strchr(line, ' ') : 0;
    const long bytes = file != 0 ? semihosting_read_file(file + 1, blob, sizeof blob) : -1;
    if (bytes < 0) return 2;
    rows_clock();
    const mote_status status = run((size_t)bytes);
    console_text(mote_status_name(status));
    console_text("\n");
    return status == MOTE_OK ? 0 : 1;
}
