/* Models whose weights become integers: the blob, the logits of a text, what is drawn from them, and its surprises; and
 * training with weights of integers. */
#include "cases.h"
#include "cases_text.h"
#include "report.h"

#include <string.h>

static const struct {
    const char *names[2]; /* of int8, of 4 bits */
    mote_config config;
} networks[] = {{{"int8-bigram", "int4-bigram"}, {MOTE_SHAPE_BIGRAM(TEXT_VOCAB), 0}},
                {{"int8-mlp", "int4-mlp"}, {MOTE_SHAPE_MLP(TEXT_VOCAB, 3, 5, 33, 2), MOTE_TANH}},
                {{"int8-mlp-relu", "int4-mlp-relu"}, {MOTE_SHAPE_MLP(TEXT_VOCAB, 5, 16, 20, 1), MOTE_RELU}},
                {{"int8-rnn", "int4-rnn"}, {MOTE_SHAPE_RNN(TEXT_VOCAB, 0, 48, 1), MOTE_TANH}},
                {{"int8-rnn-embedding", "int4-rnn-embedding"}, {MOTE_SHAPE_RNN(TEXT_VOCAB, 7, 33, 2), MOTE_TANH}},
                {{"int8-rnn-relu", "int4-rnn-relu"}, {MOTE_SHAPE_RNN(TEXT_VOCAB, 10, 20, 2), MOTE_RELU}},
                {{"int8-gru", "int4-gru"}, {MOTE_SHAPE_GRU(TEXT_VOCAB, 0, 33, 1), MOTE_TANH}},
                {{"int8-gru-embedding", "int4-gru-embedding"}, {MOTE_SHAPE_GRU(TEXT_VOCAB, 10, 20, 2), MOTE_TANH}},
                /* More inputs than a Cortex-M widens at a time. */
                {{"int8-rnn-wide", "int4-rnn-wide"}, {MOTE_SHAPE_RNN(TEXT_VOCAB, 0, 140, 1), MOTE_TANH}}};

/* A model in place, made of random weights; its blob lies in the arena. */
static mote_status make(const mote_model **opened, mote_arena *arena, const mote_config *config, uint32_t precision,
                        float spread, uint64_t *blob_hash) {
    static const float largest[MOTE_MAX_LAYERS] = {2.5f, 1.5f};
    const mote_init init = {{MOTE_INIT_NORMAL, spread}, {MOTE_INIT_NORMAL, spread}, {MOTE_INIT_NORMAL, 1.0f}};
    cases_text text;
    mote_model *floats, *model;
    mote_status status = cases_text_load(&text);
    if (status == MOTE_OK) status = mote_model_random(&floats, arena, config, &text.vocab, &init, 5);
    if (status == MOTE_OK) status = mote_model_quantize(&model, arena, floats, precision, largest);
    if (status != MOTE_OK) return status;
    mote_config wanted;
    mote_model_config(model, &wanted);
    mote_buffer buffer = {arena->base + arena->used, mote_blob_bytes(&wanted), 0};
    arena->used += buffer.capacity;
    if (arena->used > arena->size) return MOTE_ERR_ARENA;
    status = mote_model_save(model, NULL, 0, arena, mote_buffer_write, &buffer);
    *blob_hash = mote_fnv1a(MOTE_FNV_START, buffer.bytes, buffer.used);
    if (status == MOTE_OK) status = mote_model_open(opened, arena, buffer.bytes, buffer.used);
    return status == MOTE_OK ? mote_selftest(*opened, arena) : status;
}

/* Characters drawn one after the other, and the logits that they are drawn from. */
static mote_status draw(const mote_model *model, mote_arena *arena, uint32_t vocab, uint32_t characters,
                        uint64_t *logits_hash, uint64_t *text_hash) {
    mote_state *state;
    mote_rng rng;
    uint16_t token = 0;
    mote_status status = mote_state_init(&state, arena, model);
    mote_rng_init(&rng, 3, 1);
    *logits_hash = *text_hash = MOTE_FNV_START;
    for (uint32_t i = 0; i < characters && status == MOTE_OK; i++) {
        const float *logits;
        status = mote_step(state, token, &logits);
        if (status != MOTE_OK) return status;
        *logits_hash = mote_fnv1a(*logits_hash, logits, sizeof *logits * vocab);
        status = mote_sample(logits, vocab, 0.9f, 0, &rng, &token);
        *text_hash = mote_fnv1a(*text_hash, &token, sizeof token);
    }
    return status;
}

/* The text's surprises, read by a scorer in two rows. */
static mote_status score(const mote_model *model, mote_arena *arena, uint32_t context, uint64_t *hash) {
    enum { ROWS = 2, TIME = 10 };
    uint16_t tokens[ROWS * 32], targets[ROWS * TIME];
    float nats[ROWS * TIME];
    cases_text text;
    mote_scorer *scorer;
    mote_status status = cases_text_load(&text);
    if (status == MOTE_OK) status = mote_scorer_init(&scorer, arena, model, ROWS, TIME);
    *hash = MOTE_FNV_START;
    for (size_t i = 0; i < 2 && status == MOTE_OK; i++) {
        status = mote_stream_batch(text.tokens, text.count, context, ROWS, TIME, i, tokens, targets);
        if (status == MOTE_OK) status = mote_scorer_read(scorer, tokens, targets, nats);
        *hash = mote_fnv1a(*hash, nats, sizeof nats);
    }
    return status;
}

static uint32_t run_case(memory room, const char *name, const mote_config *config, uint32_t precision, float spread,
                         case_set set) {
    mote_arena arena;
    const mote_model *model;
    uint64_t blob, logits, drawn, nats;
    mote_status status = mote_arena_init(&arena, room.bytes, room.count);
    if (status == MOTE_OK) status = make(&model, &arena, config, precision, spread, &blob);
    if (status != MOTE_OK) return report_failure(name, "a blob of integers", status);
    const uint32_t characters = set == SET_TINY ? 5 : set == SET_SMALL ? 40 : 400;
    status = draw(model, &arena, config->vocab, characters, &logits, &drawn);
    if (status == MOTE_OK) status = score(model, &arena, config->context, &nats);
    if (status != MOTE_OK) return report_failure(name, "its steps", status);
    report_case(name);
    report_hash("weights", mote_weights_hash(model));
    report_hash("blob", blob);
    report_hash("logits", logits);
    report_hash("text", drawn);
    report_hash("nats", nats);
    report_end();
    return 0;
}

/* Some steps of learning with weights of integers, and the loss of the quantized model on the batch of the next one. */
static uint32_t run_learning(memory room, const char *name, const mote_config *config, uint32_t precision,
                             case_set set) {
    enum { ROWS = 3, TIME = 5 };
    static const float largest[MOTE_MAX_LAYERS] = {2.5f, 1.5f};
    static const mote_init init = {{MOTE_INIT_NORMAL, 0.3f}, {MOTE_INIT_NORMAL, 0.1f}, {MOTE_INIT_NORMAL, 1.0f}};
    mote_train_config train;
    memset(&train, 0, sizeof train);
    train.batch = ROWS;
    train.time_steps = TIME;
    train.optimizer = MOTE_ADAGRAD;
    train.learning_rate = 0.1f;
    train.eps = 1e-8f;
    train.state = MOTE_STATE_CARRY;
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    cases_text text;
    uint16_t tokens[ROWS * 32], targets[ROWS * TIME];
    uint64_t losses = MOTE_FNV_START;
    mote_status status = mote_arena_init(&arena, room.bytes, room.count);
    if (status == MOTE_OK) status = cases_text_load(&text);
    if (status == MOTE_OK) status = mote_model_random(&model, &arena, config, &text.vocab, &init, 5);
    if (status == MOTE_OK) status = mote_trainer_init(&trainer, &arena, model, &train);
    if (status == MOTE_OK) status = mote_trainer_quantize(trainer, &arena, precision, largest);
    const size_t steps = set == SET_TINY ? 2 : 12;
    for (size_t i = 0; i < steps && status == MOTE_OK; i++) {
        float loss = 0;
        status = mote_stream_batch(text.tokens, text.count, config->context, ROWS, TIME, i % 4, tokens, targets);
        if (status == MOTE_OK) status = mote_train_step(trainer, tokens, targets, &loss);
        losses = mote_fnv1a(losses, &loss, sizeof loss);
    }
    if (status != MOTE_OK) return report_failure(name, "a step", status);
    report_case(name);
    report_hash("losses", losses);
    report_hash("weights", mote_weights_hash(model));
    report_end();
    return 0;
}

uint32_t run_integer_cases(memory room, case_set set) {
    uint32_t failures = 0;
    for (uint32_t precision = MOTE_PRECISION_INT8; precision <= MOTE_PRECISION_INT4; precision++)
        for (size_t i = 0; i < sizeof networks / sizeof *networks; i++)
            failures += run_case(room, networks[i].names[precision - MOTE_PRECISION_INT8], &networks[i].config,
                                 precision, 0.5f, set);
    /* The least scales, and activations that are all the largest. */
    failures += run_case(room, "int8-tiny-weights", &networks[4].config, MOTE_PRECISION_INT8, 0x1p-37f, set);
    failures += run_case(room, "int8-saturated", &networks[6].config, MOTE_PRECISION_INT8, 100.0f, set);
    failures += run_case(room, "int4-tiny-weights", &networks[4].config, MOTE_PRECISION_INT4, 0x1p-37f, set);
    failures += run_case(room, "int4-saturated", &networks[6].config, MOTE_PRECISION_INT4, 100.0f, set);
    failures += run_learning(room, "int8-learning-mlp-relu", &networks[2].config, MOTE_PRECISION_INT8, set);
    failures += run_learning(room, "int4-learning-bigram", &networks[0].config, MOTE_PRECISION_INT4, set);
    failures += run_learning(room, "int4-learning-rnn-embedding", &networks[4].config, MOTE_PRECISION_INT4, set);
    failures += run_learning(room, "int4-learning-gru-embedding", &networks[7].config, MOTE_PRECISION_INT4, set);
    return failures;
}
