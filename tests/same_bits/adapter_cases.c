/* Learning a part of a model beside its base: losses, what was learned, the adapter's bytes, and both as one model. */
#include "mote_adapter.h"

#include "cases.h"
#include "cases_text.h"
#include "report.h"

#include <string.h>

#define BOTH (MOTE_LEARN_OUTPUT | MOTE_LEARN_BIASES)
#define INT8 MOTE_PRECISION_INT8
#define INT4 MOTE_PRECISION_INT4

static const struct adapter_case {
    const char *name;
    mote_config config;
    uint32_t precision, learned, optimizer;
} wanted[] = {
    {"adapter-rnn-output", {MOTE_SHAPE_RNN(TEXT_VOCAB, 0, 48, 1), MOTE_TANH}, 0, MOTE_LEARN_OUTPUT, MOTE_SGD},
    {"adapter-rnn-biases", {MOTE_SHAPE_RNN(TEXT_VOCAB, 0, 48, 1), MOTE_TANH}, 0, MOTE_LEARN_BIASES, MOTE_ADAGRAD},
    {"adapter-rnn-relu-both", {MOTE_SHAPE_RNN(TEXT_VOCAB, 7, 33, 3), MOTE_RELU}, 0, BOTH, MOTE_ADAMW},
    {"adapter-gru-output", {MOTE_SHAPE_GRU(TEXT_VOCAB, 10, 20, 2), MOTE_TANH}, 0, MOTE_LEARN_OUTPUT, MOTE_MOMENTUM},
    {"adapter-gru-both", {MOTE_SHAPE_GRU(TEXT_VOCAB, 10, 20, 2), MOTE_TANH}, 0, BOTH, MOTE_SGD},
    {"adapter-mlp-both", {MOTE_SHAPE_MLP(TEXT_VOCAB, 3, 5, 33, 2), MOTE_TANH}, 0, BOTH, MOTE_ADAGRAD},
    {"adapter-int8-rnn", {MOTE_SHAPE_RNN(TEXT_VOCAB, 7, 33, 2), MOTE_TANH}, INT8, MOTE_LEARN_OUTPUT, MOTE_SGD},
    {"adapter-int8-mlp", {MOTE_SHAPE_MLP(TEXT_VOCAB, 5, 16, 20, 1), MOTE_RELU}, INT8, MOTE_LEARN_OUTPUT, MOTE_ADAMW},
    {"adapter-int4-gru", {MOTE_SHAPE_GRU(TEXT_VOCAB, 0, 33, 1), MOTE_TANH}, INT4, MOTE_LEARN_OUTPUT, MOTE_SGD}};

enum { ROWS = 3, TIME = 5 };

static mote_status make_base(mote_model **base, mote_arena *arena, const cases_text *text,
                             const struct adapter_case *c) {
    static const float largest[MOTE_MAX_LAYERS] = {2.5f, 1.5f};
    static const mote_init init = {{MOTE_INIT_NORMAL, 0.3f}, {MOTE_INIT_NORMAL, 0.1f}, {MOTE_INIT_NORMAL, 1.0f}};
    mote_model *floats;
    const mote_status status = mote_model_random(&floats, arena, &c->config, &text->vocab, &init, 5);
    *base = floats;
    if (status != MOTE_OK || c->precision == MOTE_PRECISION_FLOAT32) return status;
    return mote_model_quantize(base, arena, floats, c->precision, largest);
}

static mote_status learn(mote_adapter *adapter, mote_arena *arena, const cases_text *text, const struct adapter_case *c,
                         size_t steps, uint64_t *losses) {
    mote_train_config train;
    mote_learner *learner;
    uint16_t tokens[ROWS * 32], targets[ROWS * TIME];
    memset(&train, 0, sizeof train);
    train.batch = ROWS;
    train.time_steps = TIME;
    train.optimizer = c->optimizer;
    train.learning_rate = 0.1f;
    train.momentum = train.beta1 = 0.9f;
    train.beta2 = 0.99f;
    train.eps = 1e-8f;
    train.clip_norm = 1;
    train.state = MOTE_STATE_CARRY;
    *losses = MOTE_FNV_START;
    mote_status status = mote_learner_init(&learner, arena, adapter, &train);
    for (size_t i = 0; i < steps && status == MOTE_OK; i++) {
        float loss = 0;
        status = mote_stream_batch(text->tokens, text->count, c->config.context, ROWS, TIME, i % 4, tokens, targets);
        if (status == MOTE_OK) status = mote_learn_step(learner, tokens, targets, &loss);
        *losses = mote_fnv1a(*losses, &loss, sizeof loss);
    }
    return status;
}

/* The logits of the beginning of the text. */
static mote_status run_both(const mote_adapter *adapter, const mote_model *base, mote_arena *arena,
                            const cases_text *text, uint64_t *logits_hash) {
    const mote_model *const both = mote_adapter_model(adapter);
    mote_state *state;
    *logits_hash = MOTE_FNV_START;
    mote_status status = mote_state_init(&state, arena, both != NULL ? both : base);
    for (size_t i = 0; i < 8 && status == MOTE_OK; i++) {
        const float *logits;
        status = mote_adapter_step(adapter, state, text->tokens[i], &logits);
        if (status == MOTE_OK) *logits_hash = mote_fnv1a(*logits_hash, logits, sizeof *logits * TEXT_VOCAB);
    }
    return status;
}

static uint32_t run_case(memory room, const struct adapter_case *c, case_set set) {
    mote_arena arena;
    cases_text text;
    mote_model *base;
    mote_adapter *adapter;
    const mote_adapter *opened;
    uint64_t losses, learned_logits, logits;
    mote_status status = mote_arena_init(&arena, room.bytes, room.count);
    if (status == MOTE_OK) status = cases_text_load(&text);
    if (status == MOTE_OK) status = make_base(&base, &arena, &text, c);
    if (status == MOTE_OK) status = mote_adapter_init(&adapter, &arena, base, c->learned);
    if (status == MOTE_OK) status = learn(adapter, &arena, &text, c, set == SET_TINY ? 2 : 12, &losses);
    if (status != MOTE_OK) return report_failure(c->name, "a step", status);
    mote_config config;
    mote_model_config(base, &config);
    mote_buffer blob = {arena.base + arena.used, mote_adapter_blob_bytes(&config, c->learned), 0};
    arena.used += blob.capacity;
    if (arena.used > arena.size) return report_failure(c->name, "room for a blob", MOTE_ERR_ARENA);
    status = mote_adapter_save(adapter, mote_buffer_write, &blob);
    if (status == MOTE_OK) status = mote_adapter_open(&opened, &arena, base, blob.bytes, blob.used);
    if (status == MOTE_OK) status = run_both(adapter, base, &arena, &text, &learned_logits);
    if (status == MOTE_OK) status = run_both(opened, base, &arena, &text, &logits);
    if (status == MOTE_OK && logits != learned_logits) status = MOTE_ERR_SELFTEST;
    if (status != MOTE_OK) return report_failure(c->name, "the adapter opened", status);
    report_case(c->name);
    report_hash("losses", losses);
    if (c->precision == MOTE_PRECISION_FLOAT32) report_hash("weights", mote_weights_hash(mote_adapter_model(opened)));
    report_hash("blob", mote_fnv1a(MOTE_FNV_START, blob.bytes, blob.used));
    report_hash("logits", logits);
    report_end();
    return 0;
}

uint32_t run_adapter_cases(memory room, case_set set) {
    uint32_t failures = 0;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) failures += run_case(room, wanted + i, set);
    return failures;
}
