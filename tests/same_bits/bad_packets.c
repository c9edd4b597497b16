/* Packets that nobody made, or that were damaged: what is decoded stays in its room, and every target has the same
 * answers.
 *
 *     bad_packets MODEL FIRST COUNT [ISA]
 *
 * MODEL: the file of a blob, or `tiny`, a model of 8 units and 16 tokens with random weights, to run through many. The
 * packets are numbered; each is made from its number, by damage to packets of messages that the model draws, or of
 * random bytes. Prints how many gave a message or which status, and a hash of all answers. */
#include "cases.h"
#include "cases_files.h"
#include "console.h"
#include "drawn_message.h"
#include "mote.h"
#include "report.h"

#include <string.h>

enum { MOST = 64, TINY_MOST = 12, SAMPLES = 32, ROOM = 2 * MOTE_PACKET_BYTES(MOST) + 8, CANARY = 16 };
enum { FILE_BYTES = 256u << 10 };
enum { TINY_TOKENS = 16 };

typedef struct bytes {
    unsigned char at[ROOM];
    size_t count;
} bytes;

/* A model, and packets of messages that it expects: by turns without check bits and with them. */
typedef struct receiver {
    mote_arena arena;
    const mote_model *model;
    mote_codec *codecs[2];
    bytes samples[SAMPLES];
    size_t most; /* bytes of a message that are allowed */
} receiver;

typedef struct answers {
    uint64_t hash;
    uint32_t statuses[5];
} answers;

static const mote_status allowed[5] = {MOTE_ERR_FORMAT, MOTE_ERR_CAPACITY, MOTE_ERR_CHECKSUM, MOTE_ERR_MISSING,
                                       MOTE_OK};

static mote_status make_tiny(receiver *r) {
    static uint32_t code_points[TINY_TOKENS] = {'\n', ' ', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 0x43A, 0x43E};
    const mote_vocab vocab = {code_points, TINY_TOKENS, 1};
    const mote_config config = {MOTE_SHAPE_RNN(TINY_TOKENS, 0, 8, 1), MOTE_TANH};
    const mote_init init = {{MOTE_INIT_NORMAL, 1.5f}, {MOTE_INIT_NORMAL, 1.0f}, {MOTE_INIT_NORMAL, 1.0f}};
    mote_model *model;
    const unsigned char escaped[4] = {0x80, 0x9F, 0xD0, 0xE2};
    for (uint32_t i = 0; i < 4; i++) code_points[12 + i] = MOTE_BYTE_CODE_POINT(escaped[i]);
    const mote_status status = mote_model_random(&model, &r->arena, &config, &vocab, &init, 1);
    r->model = model;
    r->most = TINY_MOST;
    return status;
}

static mote_status open_blob(receiver *r, const char *file, memory room) {
    const long count = file_read(file, room.bytes, room.count);
    if (count < 0) return MOTE_ERR_CAPACITY;
    r->most = MOST;
    return mote_model_open(&r->model, &r->arena, room.bytes, (size_t)count);
}

static mote_status make_samples(receiver *r) {
    static const mote_codec_options checked = {1, 0x2d, 5};
    mote_state *state;
    mote_vocab vocab;
    mote_rng rng;
    mote_rng_init(&rng, 18, 0);
    mote_status status = mote_model_vocab(r->model, &vocab);
    if (status == MOTE_OK) status = mote_state_init(&state, &r->arena, r->model);
    if (status == MOTE_OK) status = mote_codec_init(&r->codecs[0], &r->arena, r->model, NULL);
    if (status == MOTE_OK) status = mote_codec_init(&r->codecs[1], &r->arena, r->model, &checked);
    for (uint32_t i = 0; i < SAMPLES && status == MOTE_OK; i++) {
        char message[MOST];
        size_t count;
        bytes *const packet = &r->samples[i];
        status = draw_message(state, &vocab, &rng, r->most, message, &count);
        if (status == MOTE_OK)
            status = mote_compress(r->codecs[i % 2], message, count, packet->at, ROOM, &packet->count);
    }
    return status;
}

static void append_random(bytes *packet, mote_rng *rng, uint32_t count) {
    for (; count > 0; count--) packet->at[packet->count++] = (unsigned char)mote_rng_below(rng, 256);
}

static void flip_bits(bytes *packet, mote_rng *rng, uint32_t count) {
    if (packet->count == 0) return;
    for (; count > 0; count--)
        packet->at[mote_rng_below(rng, (uint32_t)packet->count)] ^= (unsigned char)(1u << mote_rng_below(rng, 8));
}

static void splice(bytes *packet, mote_rng *rng, const bytes *other) {
    const size_t kept = mote_rng_below(rng, (uint32_t)packet->count + 1);
    const size_t from = mote_rng_below(rng, (uint32_t)other->count + 1);
    memcpy(packet->at + kept, other->at + from, other->count - from);
    packet->count = kept + other->count - from;
}

/* To be received as the sample is: random bytes too begin with the id, if there is one. */
static void make_bad(bytes *packet, mote_rng *rng, const receiver *r, uint32_t sample) {
    const uint32_t kind = mote_rng_below(rng, 6), most = (uint32_t)r->most / 2;
    *packet = r->samples[sample];
    switch (kind) {
    case 0:
    case 1:
        packet->count = sample % 2;                                                                     /* the id */
        if (kind == 1) packet->at[packet->count++] = (unsigned char)(0x80 + mote_rng_below(rng, 0x7F)); /* coded */
        append_random(packet, rng, mote_rng_below(rng, most));
        break;
    case 2:
        packet->count = mote_rng_below(rng, (uint32_t)packet->count + 1);
        break;
    case 3:
        flip_bits(packet, rng, 1 + mote_rng_below(rng, 3));
        break;
    case 4:
        append_random(packet, rng, 1 + mote_rng_below(rng, 4));
        break;
    default:
        splice(packet, rng, &r->samples[mote_rng_below(rng, SAMPLES)]);
    }
}

/* Both rooms end where their arrays do, so that a sanitizer sees the first byte behind; it counts what it answers. 0:
 * the answer is none that may be. */
static int receive(mote_codec *codec, const bytes *packet, size_t capacity, answers *got) {
    static unsigned char packet_room[ROOM], message_room[CANARY + MOST];
    unsigned char *const from = packet_room + ROOM - packet->count;
    unsigned char *const to = message_room + CANARY + MOST - capacity;
    size_t count = capacity + 1;
    if (packet->count > 0) memcpy(from, packet->at, packet->count);
    memset(to - CANARY, 0xEE, CANARY);
    const mote_status status = mote_decompress(codec, from, packet->count, to, capacity, &count);
    for (uint32_t i = 1; i <= CANARY; i++)
        if (to[-(int)i] != 0xEE) return 0;
    uint32_t which = 0;
    while (which < 4 && allowed[which] != status) which++;
    if (allowed[which] != status || (status == MOTE_OK && count > capacity)) return 0;
    const uint32_t head[2] = {which, status == MOTE_OK ? (uint32_t)count : 0};
    got->statuses[which]++;
    got->hash = mote_fnv1a(got->hash, head, sizeof head);
    if (status == MOTE_OK) got->hash = mote_fnv1a(got->hash, to, count);
    return 1;
}

static void report_answers(const char *model, uint32_t first, uint32_t count, const answers *got) {
    report_case("bad_packets");
    report_text("model", model);
    report_count("first", first);
    report_count("packets", count);
    for (uint32_t i = 0; i < 5; i++) report_count(mote_status_name(allowed[i]), got->statuses[i]);
    report_hash("answers", got->hash);
    report_end();
}

static int run(receiver *r, const char *name, uint32_t first, uint32_t count) {
    static bytes packet;
    answers got = {MOTE_FNV_START, {0}};
    for (uint32_t i = 0; i < count; i++) {
        mote_rng rng;
        mote_rng_init(&rng, 10, first + i);
        const uint32_t sample = mote_rng_below(&rng, SAMPLES);
        make_bad(&packet, &rng, r, sample);
        if (!receive(r->codecs[sample % 2], &packet, mote_rng_below(&rng, (uint32_t)r->most + 1), &got)) {
            console_text("bad_packets failed: an answer that may not be, to packet ");
            console_number(first + i);
            report_end();
            return 1;
        }
    }
    report_answers(name, first, count, &got);
    return 0;
}

static uint32_t read_number(const char *digits) {
    uint32_t number = 0;
    for (; *digits >= '0' && *digits <= '9'; digits++) number = 10 * number + (uint32_t)(*digits - '0');
    return number;
}

int target_main(int argc, char **argv, memory room) {
    static receiver r;
    if (argc < 4 || (argc > 4 && mote_isa_force(argv[4]) != MOTE_OK)) {
        console_text("bad_packets: needs MODEL, FIRST, COUNT and, if any, an instruction set that is here\n");
        return 2;
    }
    const int tiny = strcmp(argv[1], "tiny") == 0;
    const char *slash = strrchr(argv[1], '/');
    const memory file = {room.bytes, FILE_BYTES};
    mote_status status = mote_arena_init(&r.arena, room.bytes + FILE_BYTES, room.count - FILE_BYTES);
    if (status == MOTE_OK) status = tiny ? make_tiny(&r) : open_blob(&r, argv[1], file);
    if (status == MOTE_OK) status = make_samples(&r);
    if (status != MOTE_OK) {
        report_failure("bad_packets", argv[1], status);
        return 1;
    }
    return run(&r, slash != NULL ? slash + 1 : argv[1], read_number(argv[2]), read_number(argv[3]));
}
