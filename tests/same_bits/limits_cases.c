/* Numbers outside of what the promise of equal bits covers, put where weights, gradients and logits lie: NaN and
 * infinity end in the same status on every target, and what is too small or too large comes to the same bits. */
#include "cases.h"
#include "mote.h"
#include "report.h"

#include <string.h>

enum { VOCAB = 21, BATCH = 3, TIME = 7, CONTEXT = 2, TOKENS = BATCH * (CONTEXT + TIME), TENSORS = 32 };

#define EVERY UINT32_MAX /* instead of an index: all weights */

typedef struct outsider {
    const char *name;
    uint32_t bits;
} outsider;
static const outsider outsiders[] = {
    {"nan", 0x7fc00000u},         {"minus-nan", 0xffc00001u},      {"signalling-nan", 0x7f800001u},
    {"infinity", 0x7f800000u},    {"minus-infinity", 0xff800000u}, {"3e38", 0x7f61b1e6u},
    {"minus-1e30", 0xf149f2cau},  {"3e-38", 0x01235767u},          {"minus-1e-40", 0x800116c2u},
    {"smallest", 0x00000001u},    {"2^-41", 0x2b000000u},          {"minus-zero", 0x80000000u},
    {"under-2^-40", 0x2b7fffffu}, {"minus-2^-40", 0xab800000u},
};
enum { OUTSIDERS = sizeof outsiders / sizeof *outsiders };

typedef struct subject {
    const char *name;
    mote_config config;
    uint32_t optimizer;
} subject;
static const subject subjects[] = {
    {"bigram", {MOTE_SHAPE_BIGRAM(VOCAB), 0}, MOTE_ADAMW},
    {"mlp", {MOTE_SHAPE_MLP(VOCAB, CONTEXT, 3, 18, 2), MOTE_TANH}, MOTE_SGD},
    {"mlp-relu", {MOTE_SHAPE_MLP(VOCAB, CONTEXT, 3, 18, 1), MOTE_RELU}, MOTE_MOMENTUM},
    {"rnn", {MOTE_SHAPE_RNN(VOCAB, 3, 18, 2), MOTE_TANH}, MOTE_ADAGRAD},
    {"gru", {MOTE_SHAPE_GRU(VOCAB, 3, 18, 2), MOTE_TANH}, MOTE_ADAMW},
    {"rnn-relu", {MOTE_SHAPE_RNN(VOCAB, 0, 18, 1), MOTE_RELU}, MOTE_ADAMW},
};

/* The outcome of all calls: every status in order, how many were MOTE_ERR_NUMERIC, and the bits of the results of every
 * call that succeeded. */
typedef struct outcome {
    uint64_t statuses, results;
    uint32_t calls, refused;
} outcome;
static const outcome nothing = {MOTE_FNV_START, MOTE_FNV_START, 0, 0};

static int is_finite(uint32_t bits) { return (bits & 0x7f800000u) != 0x7f800000u; }

/* Every weight a denormal is beyond what equal bits can be had for: in an update it breaks a tie, or does not. */
static int is_normal(uint32_t bits) { return (bits & 0x7f800000u) != 0; }

static void note(outcome *all, mote_status status) {
    const int32_t number = status;
    all->statuses = mote_fnv1a(all->statuses, &number, sizeof number);
    all->calls++;
    all->refused += status == MOTE_ERR_NUMERIC;
}

static void report_outcome(const char *what, const outcome *all) {
    report_count(what, all->calls);
    report_count("refused", all->refused);
    report_hash("statuses", all->statuses);
    report_hash("results", all->results);
}

static void note_floats(outcome *all, const float *values, size_t count) {
    all->results = mote_fnv1a(all->results, values, count * sizeof *values);
}

static void put(float *at, uint32_t bits) { memcpy(at, &bits, sizeof bits); }

static void make_batch(uint16_t *tokens, uint16_t *targets) {
    for (uint32_t i = 0; i < TOKENS; i++) tokens[i] = (uint16_t)(i * 5 % VOCAB);
    for (uint32_t i = 0; i < BATCH * TIME; i++) targets[i] = (uint16_t)((i * 8 + 1) % VOCAB);
}

static mote_status make_trainer(memory room, const subject *what, mote_arena *arena, mote_model **model,
                                mote_trainer **trainer) {
    const mote_init init = {{MOTE_INIT_NORMAL, 0.5f}, {MOTE_INIT_NORMAL, 0.1f}, {MOTE_INIT_NORMAL, 1.0f}};
    mote_train_config train;
    memset(&train, 0, sizeof train);
    train.batch = BATCH;
    train.time_steps = TIME;
    train.optimizer = what->optimizer;
    train.learning_rate = 0.01f;
    train.momentum = 0.9f;
    train.beta1 = 0.9f;
    train.beta2 = 0.99f;
    train.eps = 1e-8f;
    mote_status status = mote_arena_init(arena, room.bytes, room.count);
    if (status == MOTE_OK) status = mote_model_random(model, arena, &what->config, NULL, &init, 11);
    if (status == MOTE_OK) status = mote_trainer_init(trainer, arena, *model, &train);
    return status;
}

/* Reads every character. */
static mote_status read_all(mote_arena *arena, const mote_model *model, outcome *all) {
    mote_state *state;
    float nats[VOCAB];
    uint16_t tokens[VOCAB];
    mote_status status = mote_state_init(&state, arena, model);
    if (status != MOTE_OK) return status;
    for (uint32_t token = 0; token < VOCAB; token++) {
        const float *logits;
        tokens[token] = (uint16_t)token;
        const mote_status returned = mote_step(state, tokens[token], &logits);
        note(all, returned);
        if (returned == MOTE_OK) note_floats(all, logits, VOCAB);
    }
    mote_state_reset(state);
    const mote_status returned = mote_score(state, tokens, VOCAB, nats, NULL);
    note(all, returned);
    if (returned == MOTE_OK) note_floats(all, nats, VOCAB - 1);
    return MOTE_OK;
}

/* The index of an element of a tensor in the flat array of weights. */
static uint32_t index_of(const mote_tensor *tensor, uint32_t stored_row, uint32_t stored_column, uint32_t rows) {
    return tensor->offset + (stored_column / 16 * rows + stored_row) * 16 + stored_column % 16;
}

static uint32_t stored_rows(const mote_tensor *tensor) {
    return tensor->layout == MOTE_LAYOUT_PANELS ? tensor->shape[0] : tensor->shape[1];
}

static uint32_t stored_columns(const mote_tensor *tensor) {
    return tensor->layout == MOTE_LAYOUT_PANELS ? tensor->shape[1] : tensor->shape[0];
}

static void put_all(mote_model *model, uint32_t bits) {
    float *const weights = mote_model_weights(model, NULL);
    mote_tensor tensor;
    for (uint32_t i = 0; mote_model_tensor(model, i, &tensor) == MOTE_OK; i++) {
        const uint32_t rows = stored_rows(&tensor), columns = stored_columns(&tensor);
        for (uint32_t row = 0; row < rows; row++) {
            for (uint32_t column = 0; column < columns; column++) {
                put(weights + index_of(&tensor, row, column, rows), bits);
            }
        }
    }
}

/* One weight, or with EVERY all of them: reading, and learning twice. A step that fails leaves the weights alone, and
 * none may succeed with what is not finite. */
static mote_status with_weight(memory room, const subject *what, uint32_t at, uint32_t bits, outcome *all) {
    uint16_t tokens[TOKENS], targets[BATCH * TIME];
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    mote_status status = make_trainer(room, what, &arena, &model, &trainer);
    if (status != MOTE_OK) return status;
    if (at == EVERY) {
        put_all(model, bits);
    } else {
        put(mote_model_weights(model, NULL) + at, bits);
    }
    status = read_all(&arena, model, all);
    make_batch(tokens, targets);
    for (int step = 0; status == MOTE_OK && step < 2; step++) {
        float loss;
        const uint64_t before = mote_weights_hash(model);
        const mote_status returned = mote_train_step(trainer, tokens, targets, &loss);
        const uint64_t after = mote_weights_hash(model);
        note(all, returned);
        all->results = mote_fnv1a(all->results, &after, sizeof after);
        if (returned == MOTE_OK) note_floats(all, &loss, 1);
        if (returned == MOTE_OK ? !is_finite(bits) : after != before) status = MOTE_ERR_SELFTEST;
    }
    return status;
}

static mote_status with_gradient(memory room, const subject *what, uint32_t at, uint32_t bits, outcome *all) {
    uint16_t tokens[TOKENS], targets[BATCH * TIME];
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    float loss;
    mote_status status = make_trainer(room, what, &arena, &model, &trainer);
    make_batch(tokens, targets);
    if (status == MOTE_OK) status = mote_forward_backward(trainer, tokens, targets, &loss);
    if (status != MOTE_OK) return status;
    put(mote_gradients(trainer, NULL) + at, bits);
    const uint64_t before = mote_weights_hash(model);
    const mote_status returned = mote_trainer_apply(trainer);
    const uint64_t after = mote_weights_hash(model);
    note(all, returned);
    all->results = mote_fnv1a(all->results, &after, sizeof after);
    return (returned == MOTE_OK ? !is_finite(bits) : after != before) ? MOTE_ERR_SELFTEST : MOTE_OK;
}

typedef mote_status (*trial)(memory room, const subject *what, uint32_t at, uint32_t bits, outcome *all);

/* In the tiny set a model takes one number in so many, and of these what is finite is put into every other tensor,
 * where a model has several. */
enum { TINY_STEP = 4 };

/* The first and the last element of every tensor; in the tiny set one of them, in turn. */
static mote_status try_everywhere(memory room, const subject *what, const outsider *number, case_set set, trial attempt,
                                  outcome *all) {
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    mote_tensor tensor;
    uint32_t first[TENSORS], last[TENSORS], count = 0;
    mote_status status = make_trainer(room, what, &arena, &model, &trainer);
    /* All of them before the first attempt, which makes another model in the same memory. */
    for (; status == MOTE_OK && mote_model_tensor(model, count, &tensor) == MOTE_OK; count++) {
        const uint32_t rows = stored_rows(&tensor);
        if (count == TENSORS) return MOTE_ERR_CAPACITY;
        first[count] = tensor.offset;
        last[count] = index_of(&tensor, rows - 1, stored_columns(&tensor) - 1, rows);
    }
    const uint32_t turn = (uint32_t)(number - outsiders) / TINY_STEP % 2;
    for (uint32_t i = 0; status == MOTE_OK && i < count; i++) {
        const int all_tensors = set != SET_TINY, is_first = i / 2 % 2 == 0;
        const int is_taken = count == 1 || !is_finite(number->bits) || i % 2 == turn;
        if (all_tensors || (is_taken && is_first)) status = attempt(room, what, first[i], number->bits, all);
        if (status == MOTE_OK && (all_tensors || (is_taken && !is_first)))
            status = attempt(room, what, last[i], number->bits, all);
    }
    return status;
}

static uint32_t subject_case(memory room, const subject *what, const outsider *number, case_set set) {
    char name[64] = "limits-";
    outcome weights = nothing, gradients = nothing;
    strcat(name, what->name);
    strcat(name, "-");
    strcat(name, number->name);
    mote_status status = try_everywhere(room, what, number, set, with_weight, &weights);
    if (status == MOTE_OK && is_normal(number->bits)) status = with_weight(room, what, EVERY, number->bits, &weights);
    if (status != MOTE_OK) return report_failure(name, "a weight", status);
    status = try_everywhere(room, what, number, set, with_gradient, &gradients);
    if (status != MOTE_OK) return report_failure(name, "a gradient", status);
    report_case(name);
    report_outcome("weights", &weights);
    report_outcome("gradients", &gradients);
    report_end();
    return 0;
}

static uint32_t logits_case(const outsider *number) {
    char name[64] = "limits-logits-";
    outcome all = nothing;
    float logits[VOCAB];
    mote_rng rng;
    strcat(name, number->name);
    mote_rng_init(&rng, 3, 0);
    for (uint32_t at = 0; at < VOCAB; at++) {
        for (uint32_t i = 0; i < VOCAB; i++) logits[i] = mote_rng_normal(&rng);
        put(logits + at, number->bits);
        for (uint32_t way = 0; way < 4; way++) {
            uint16_t token = 0;
            const mote_status returned =
                mote_sample(logits, VOCAB, way % 2 == 0 ? 0.0f : 0.7f, way < 2 ? 0 : 4, &rng, &token);
            note(&all, returned);
            all.results = mote_fnv1a(all.results, &token, sizeof token);
            if (returned == MOTE_OK && !is_finite(number->bits))
                return report_failure(name, "a logit", MOTE_ERR_SELFTEST);
        }
    }
    report_case(name);
    report_outcome("draws", &all);
    report_end();
    return 0;
}

uint32_t run_limits_cases(memory room, case_set set) {
    uint32_t failures = 0;
    const uint32_t next = set == SET_TINY ? TINY_STEP : 1;
    for (uint32_t i = 0; i < OUTSIDERS; i++) failures += logits_case(&outsiders[i]);
    for (uint32_t s = 0; s < sizeof subjects / sizeof *subjects; s++) {
        for (uint32_t i = s % next; i < OUTSIDERS; i += next) {
            failures += subject_case(room, &subjects[s], &outsiders[i], set);
        }
    }
    return failures;
}
