/* Text, batches, splits, shuffling and schedules. */
#include "cases.h"
#include "cases_text.h"
#include "report.h"

#include <string.h>

static uint32_t text_case(const cases_text *loaded) {
    size_t at = 0;
    for (size_t i = 0; i < loaded->count; i++) {
        char utf8[4];
        const size_t bytes = mote_decode(&loaded->vocab, loaded->tokens[i], utf8);
        if (bytes == 0 || at + bytes > loaded->bytes || memcmp(loaded->utf8 + at, utf8, bytes) != 0) {
            return report_failure("text", "decode does not give the text back", MOTE_ERR_TEXT);
        }
        at += bytes;
    }
    if (at != loaded->bytes) return report_failure("text", "decode gives less text", MOTE_ERR_TEXT);
    report_case("text");
    report_hash("vocab", mote_fnv1a(MOTE_FNV_START, loaded->vocab.code_points, loaded->vocab.count * sizeof(uint32_t)));
    report_hash("tokens", mote_fnv1a(MOTE_FNV_START, loaded->tokens, loaded->count * sizeof(uint16_t)));
    report_end();
    return 0;
}

static uint32_t shuffle_case(void) {
    static uint32_t order[1000];
    const uint32_t counts[] = {0, 1, 2, 16, 999, 1000};
    uint64_t hash = MOTE_FNV_START;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        for (uint64_t epoch = 0; epoch < 3; epoch++) {
            const mote_status status = mote_shuffle(order, counts[i], 0x123456789abcdef0u + i, epoch);
            if (status != MOTE_OK) return report_failure("shuffle", "mote_shuffle", status);
            hash = mote_fnv1a(hash, order, counts[i] * sizeof *order);
        }
    }
    report_case("shuffle");
    report_hash("order", hash);
    report_end();
    return 0;
}

static uint32_t split_case(void) {
    const uint32_t percents[][3] = {{80, 10, 10}, {90, 10, 0}, {100, 0, 0}, {1, 1, 98}, {33, 33, 34}};
    const uint32_t counts[] = {0, 1, 9, 10, 1115394, 0xFFFFFFFFu};
    uint64_t hash = MOTE_FNV_START;
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++) {
            size_t bounds[4];
            const mote_status status = mote_split(counts[j], percents[i], bounds);
            if (status != MOTE_OK) return report_failure("split", "mote_split", status);
            for (size_t k = 0; k < 4; k++) {
                const uint64_t bound = bounds[k];
                hash = mote_fnv1a(hash, &bound, sizeof bound);
            }
        }
    }
    report_case("split");
    report_hash("bounds", hash);
    report_end();
    return 0;
}

static uint32_t items_case(const cases_text *loaded) {
    uint32_t starts[16], order[16];
    static uint16_t arranged[TEXT_TOKENS + 2];
    size_t found = 0, written = 0;
    mote_status status = mote_items_find(loaded->tokens, loaded->count, starts, 16, &found);
    if (status == MOTE_OK) status = mote_shuffle(order, (uint32_t)found, 7, 0);
    if (status == MOTE_OK) {
        status = mote_items_arrange(loaded->tokens, loaded->count, starts, order, found, arranged, TEXT_TOKENS + 2,
                                    &written);
    }
    if (status != MOTE_OK) return report_failure("items", "find, shuffle or arrange", status);
    report_case("items");
    report_hash("starts", mote_fnv1a(MOTE_FNV_START, starts, found * sizeof *starts));
    report_hash("arranged", mote_fnv1a(MOTE_FNV_START, arranged, written * sizeof *arranged));
    report_end();
    return 0;
}

enum { ROWS = 7, TIME = 5 };

static uint32_t batches_case(const cases_text *loaded) {
    uint16_t batch[2][ROWS * TIME];
    uint64_t streamed = MOTE_FNV_START, drawn = MOTE_FNV_START;
    const size_t batches = mote_stream_batches(loaded->count, ROWS, TIME);
    for (size_t i = 0; i < batches; i++) {
        mote_status status = mote_stream_batch(loaded->tokens, loaded->count, 0, ROWS, TIME, i, batch[0], batch[1]);
        if (status != MOTE_OK) return report_failure("batches", "mote_stream_batch", status);
        streamed = mote_fnv1a(streamed, batch, sizeof batch);
        status = mote_random_batch(loaded->tokens, loaded->count, 0, ROWS, TIME, 11, i, batch[0], batch[1]);
        if (status != MOTE_OK) return report_failure("batches", "mote_random_batch", status);
        drawn = mote_fnv1a(drawn, batch, sizeof batch);
    }
    report_case("batches");
    report_hash("count", batches);
    report_hash("stream", streamed);
    report_hash("random", drawn);
    report_end();
    return 0;
}

/* Contexts that reach past a chunk, past a row and past the beginning. */
static uint32_t contexts_case(const cases_text *loaded) {
    enum { CONTEXT = 9 };
    static uint16_t tokens[ROWS * (CONTEXT - 1 + TIME)], targets[ROWS * TIME];
    static uint32_t chunks[TEXT_TOKENS];
    const size_t count = mote_chunk_count(loaded->count, TIME);
    uint64_t streamed = MOTE_FNV_START, drawn = MOTE_FNV_START, shuffled = MOTE_FNV_START;
    mote_status status = mote_shuffle(chunks, (uint32_t)count, 3, 1);
    for (size_t i = 0; status == MOTE_OK && i * ROWS < count; i++) {
        const size_t left = count - i * ROWS;
        if (i < mote_stream_batches(loaded->count, ROWS, TIME)) {
            status = mote_stream_batch(loaded->tokens, loaded->count, CONTEXT, ROWS, TIME, i, tokens, targets);
            streamed = mote_fnv1a(mote_fnv1a(streamed, tokens, sizeof tokens), targets, sizeof targets);
        }
        if (status != MOTE_OK) break;
        status = mote_random_batch(loaded->tokens, loaded->count, CONTEXT, ROWS, TIME, 11, i, tokens, targets);
        drawn = mote_fnv1a(mote_fnv1a(drawn, tokens, sizeof tokens), targets, sizeof targets);
        if (status != MOTE_OK) break;
        status = mote_chunk_batch(loaded->tokens, loaded->count, CONTEXT, ROWS, TIME, chunks + i * ROWS,
                                  left < ROWS ? (uint32_t)left : ROWS, tokens, targets);
        shuffled = mote_fnv1a(mote_fnv1a(shuffled, tokens, sizeof tokens), targets, sizeof targets);
    }
    if (status != MOTE_OK) return report_failure("contexts", "a batch", status);
    report_case("contexts");
    report_hash("chunks", count);
    report_hash("stream", streamed);
    report_hash("random", drawn);
    report_hash("shuffled", shuffled);
    report_end();
    return 0;
}

static uint32_t schedule_case(const char *name, const mote_schedule *schedule) {
    uint64_t hash = MOTE_FNV_START;
    float rate = 0.0f;
    for (uint32_t step = 0; step < 700; step++) {
        const mote_status status = mote_schedule_learning_rate(schedule, step, &rate);
        if (status != MOTE_OK) return report_failure(name, "mote_schedule_rate", status);
        hash = mote_fnv1a(hash, &rate, sizeof rate);
    }
    report_case(name);
    report_hash("rates", hash);
    report_bits("last", rate);
    report_end();
    return 0;
}

static uint32_t schedule_cases(void) {
    const mote_schedule constant = {MOTE_SCHEDULE_CONSTANT, 0, 1, 0, 0.05f, 0.0f};
    const mote_schedule warm = {MOTE_SCHEDULE_CONSTANT, 37, 1, 0, 0.05f, 0.0f};
    const mote_schedule step = {MOTE_SCHEDULE_STEP, 3, 13, 0, 0.3f, 0.7f};
    const mote_schedule vanishing = {MOTE_SCHEDULE_STEP, 0, 1, 0, 0.3f, 0.5f};
    const mote_schedule cosine = {MOTE_SCHEDULE_COSINE, 20, 1, 600, 0.002f, 0.1f};
    const mote_schedule to_zero = {MOTE_SCHEDULE_COSINE, 0, 1, 600, 1.0f, 0.0f};
    uint32_t failures = 0;
    failures += schedule_case("schedule-constant", &constant);
    failures += schedule_case("schedule-warmup", &warm);
    failures += schedule_case("schedule-step", &step);
    failures += schedule_case("schedule-step-vanishing", &vanishing);
    failures += schedule_case("schedule-cosine", &cosine);
    failures += schedule_case("schedule-cosine-to-zero", &to_zero);
    return failures;
}

uint32_t run_data_cases(void) {
    cases_text loaded;
    const mote_status status = cases_text_load(&loaded);
    if (status != MOTE_OK) return report_failure("text", "vocabulary or encoding", status);
    uint32_t failures = text_case(&loaded);
    failures += shuffle_case();
    failures += split_case();
    failures += items_case(&loaded);
    failures += batches_case(&loaded);
    failures += contexts_case(&loaded);
    failures += schedule_cases();
    return failures;
}
