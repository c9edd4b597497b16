/* Messages as packets, and one behind the other as a stream: of each kind of model the bytes, the messages out of them,
 * what comes out of packets and blocks that nobody made, and likely endings of words and lines. */
#include "cases.h"
#include "cases_text.h"
#include "drawn_message.h"
#include "report.h"

#include <string.h>

enum { CHARACTERS = 29, TOKENS = 1 + CHARACTERS + 256, MOST = 64, PACKETS = 40, LENGTH = 8 };

/* Some letters, and all bytes. */
static mote_vocab message_vocab(void) {
    static uint32_t code_points[TOKENS];
    uint32_t count = 0;
    code_points[count++] = '\n';
    code_points[count++] = ' ';
    for (uint32_t c = 'a'; c <= 'z'; c++) code_points[count++] = c;
    code_points[count++] = 0x43A; /* two letters of Cyrillic */
    code_points[count++] = 0x43E;
    for (uint32_t byte = 0; byte < 256; byte++) code_points[count++] = MOTE_BYTE_CODE_POINT(byte);
    return (mote_vocab){code_points, count, 1};
}

typedef struct kind {
    const char *name;
    mote_config config;
    float deviation; /* of weights, so large that some messages are far likelier than others */
} kind;

typedef struct hashes {
    uint64_t packets, messages, damaged, stream, endings;
    uint32_t coded, bytes, found;
} hashes;

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count) {
    const uint32_t size = (uint32_t)count;
    return mote_fnv1a(mote_fnv1a(hash, &size, sizeof size), bytes, count);
}

static mote_status there_and_back(mote_codec *codec, const char *message, size_t count, hashes *made) {
    unsigned char packet[MOTE_PACKET_BYTES(MOST)];
    char back[MOST];
    size_t size = 0, returned = 0;
    mote_status status = mote_compress(codec, message, count, packet, sizeof packet, &size);
    if (status == MOTE_OK) status = mote_decompress(codec, packet, size, back, count, &returned);
    if (status != MOTE_OK) return status;
    if (returned != count || memcmp(back, message, count) != 0) return MOTE_ERR_TEXT;
    made->packets = hash_bytes(made->packets, packet, size);
    made->messages = hash_bytes(made->messages, back, returned);
    made->coded += size < count ? 1u : 0u;
    made->bytes += (uint32_t)size;
    return MOTE_OK;
}

/* Of random bytes: the status, and the message where there is one. */
static void receive_anything(mote_codec *codec, mote_rng *rng, hashes *made) {
    unsigned char packet[MOST];
    char message[MOST];
    size_t size = mote_rng_below(rng, 24), count = 0;
    for (size_t i = 0; i < size; i++) packet[i] = (unsigned char)mote_rng_below(rng, 256);
    const int32_t status = mote_decompress(codec, packet, size, message, sizeof message, &count);
    made->damaged = hash_bytes(made->damaged, &status, sizeof status);
    if (status == MOTE_OK) made->damaged = hash_bytes(made->damaged, message, count);
}

/* Of some words, the last of which has begun: the status, the endings and the bits of their probabilities. */
static void complete_anything(mote_completer *completer, mote_rng *rng, uint32_t until, hashes *made) {
    static const char *const pieces[] = {"a", "e", "n", " ", "th", "\xD0\xBA\xD0\xBE", "\xD0\xB6"};
    char prefix[MOST];
    size_t count = 0;
    for (uint32_t left = mote_rng_below(rng, 8); left > 0; left--) {
        for (const char *at = pieces[mote_rng_below(rng, sizeof pieces / sizeof *pieces)]; *at != 0; at++)
            prefix[count++] = *at;
    }
    uint32_t found = 0;
    const int32_t status = mote_complete(completer, prefix, count, until, &found);
    made->endings = hash_bytes(made->endings, &status, sizeof status);
    for (uint32_t i = 0; i < found; i++) {
        char ending[MOTE_ENDING_BYTES(LENGTH)];
        size_t size = 0;
        float log_probability = 0;
        if (mote_completion(completer, i, ending, sizeof ending, &size, &log_probability) != MOTE_OK) continue;
        made->endings = hash_bytes(made->endings, ending, size);
        made->endings = hash_bytes(made->endings, &log_probability, sizeof log_probability);
    }
    made->found += found;
}

/* A block of a stream and, out of another one, its text. */
static mote_status next_block(mote_stream *writer, mote_stream *reader, const char *message, size_t count,
                              hashes *made) {
    unsigned char block[MOTE_STREAM_BLOCK_BYTES(MOST + 1)];
    char back[MOST + 1];
    size_t size = 0, returned = 0;
    mote_status status = mote_stream_write(writer, message, count, block, sizeof block, &size);
    if (status == MOTE_OK) status = mote_stream_read(reader, block, size, back, count, &returned);
    if (status != MOTE_OK) return status;
    if (returned != count || memcmp(back, message, count) != 0) return MOTE_ERR_TEXT;
    made->stream = hash_bytes(made->stream, block, size);
    return MOTE_OK;
}

/* Of a coded block with random bytes in it: the status, and the text as far as it got. */
static mote_status receive_any_block(mote_stream *reader, const void *head, mote_rng *rng, hashes *made) {
    unsigned char block[2 + 20 + 2];
    char text[20] = {0};
    size_t count = 0;
    const mote_status opened = mote_stream_open(reader, head, MOTE_STREAM_HEAD_BYTES);
    if (opened != MOTE_OK) return opened;
    block[0] = 2 * sizeof text + 1;
    block[1] = sizeof text;
    for (size_t i = 2; i < sizeof block; i++) block[i] = (unsigned char)mote_rng_below(rng, 256);
    const int32_t status = mote_stream_read(reader, block, sizeof block, text, sizeof text, &count);
    made->damaged = hash_bytes(made->damaged, &status, sizeof status);
    made->damaged = hash_bytes(made->damaged, text, sizeof text);
    return MOTE_OK;
}

static uint32_t run_kind(const kind *of, uint32_t packets, memory room) {
    const mote_vocab vocab = message_vocab();
    const mote_init init = {{MOTE_INIT_NORMAL, of->deviation}, {MOTE_INIT_NORMAL, 1.0f}, {MOTE_INIT_NORMAL, 1.0f}};
    const mote_codec_options options = {1, 0x2d, 5};
    const mote_completer_options beam = {6, LENGTH, 4};
    hashes made = {MOTE_FNV_START, MOTE_FNV_START, MOTE_FNV_START, MOTE_FNV_START, MOTE_FNV_START, 0, 0, 0};
    unsigned char head[MOTE_STREAM_HEAD_BYTES];
    mote_arena arena;
    mote_model *model;
    mote_state *state;
    mote_codec *plain, *checked;
    mote_completer *completer;
    mote_stream *writer, *reader;
    mote_rng rng, beginnings;
    mote_rng_init(&rng, 18, 0);
    mote_rng_init(&beginnings, 18, 1);
    mote_status status = mote_arena_init(&arena, room.bytes, room.count);
    if (status == MOTE_OK) status = mote_model_random(&model, &arena, &of->config, &vocab, &init, 1);
    if (status == MOTE_OK) status = mote_state_init(&state, &arena, model);
    if (status == MOTE_OK) status = mote_codec_init(&plain, &arena, model, NULL);
    if (status == MOTE_OK) status = mote_codec_init(&checked, &arena, model, &options);
    if (status == MOTE_OK) status = mote_completer_init(&completer, &arena, model, &beam);
    if (status == MOTE_OK) status = mote_stream_init(&writer, &arena, model);
    if (status == MOTE_OK) status = mote_stream_init(&reader, &arena, model);
    if (status == MOTE_OK) status = mote_stream_start(writer, head);
    if (status == MOTE_OK) status = mote_stream_open(reader, head, sizeof head);
    for (uint32_t i = 0; status == MOTE_OK && i < packets; i++) {
        mote_codec *const codec = i % 4 == 3 ? checked : plain;
        char message[MOST + 1]; /* and a line end */
        size_t count;
        status = draw_message(state, &vocab, &rng, MOST, message, &count);
        if (status == MOTE_OK) status = there_and_back(codec, message, count, &made);
        receive_anything(plain, &rng, &made);
        if (status == MOTE_OK && i % 4 == 0)
            complete_anything(completer, &beginnings, i % 8 == 0 ? MOTE_UNTIL_WORD : MOTE_UNTIL_LINE, &made);
        message[count++] = '\n';
        if (status == MOTE_OK) status = next_block(writer, reader, message, count, &made);
    }
    for (uint32_t i = 0; status == MOTE_OK && i < packets; i++) status = receive_any_block(reader, head, &rng, &made);
    if (status != MOTE_OK) return report_failure(of->name, "a message there and back", status);
    report_case(of->name);
    report_hash("packets", made.packets);
    report_count("coded", made.coded);
    report_count("bytes", made.bytes);
    report_hash("messages", made.messages);
    report_hash("stream", made.stream);
    report_hash("damaged", made.damaged);
    report_count("found", made.found);
    report_hash("endings", made.endings);
    report_end();
    return 0;
}

uint32_t run_message_cases(memory room, case_set set) {
    const kind kinds[] = {
        {"messages-bigram", {MOTE_SHAPE_BIGRAM(TOKENS), 0}, 4.0f},
        {"messages-mlp", {MOTE_SHAPE_MLP(TOKENS, 3, 6, 20, 1), MOTE_TANH}, 1.5f},
        {"messages-rnn", {MOTE_SHAPE_RNN(TOKENS, 8, 24, 2), MOTE_TANH}, 1.5f},
        {"messages-rnn-relu", {MOTE_SHAPE_RNN(TOKENS, 0, 17, 1), MOTE_RELU}, 0.7f},
        {"messages-gru", {MOTE_SHAPE_GRU(TOKENS, 8, 20, 1), MOTE_TANH}, 1.5f},
    };
    const uint32_t packets = set == SET_FULL ? 4 * PACKETS : set == SET_SMALL ? PACKETS : 1;
    uint32_t failures = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) failures += run_kind(&kinds[i], packets, room);
    return failures;
}
