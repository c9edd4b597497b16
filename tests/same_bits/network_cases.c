/* Training runs of bigrams and MLPs, and bigrams made of counts. */
#include "cases_text.h"
#include "report.h"
#include "training_setup.h"

#include <string.h>

static const char *const optimizers[] = {
    [MOTE_SGD] = "sgd", [MOTE_MOMENTUM] = "momentum", [MOTE_ADAGRAD] = "adagrad", [MOTE_ADAMW] = "adamw"};

static training begin_bigram(const char *name, uint32_t batch, uint32_t time, uint32_t optimizer, uint32_t steps) {
    training made = training_begin(name, (shape){0, 1, 1, batch, time}, optimizer, steps);
    made.config = (mote_config){MOTE_SHAPE_BIGRAM(TEXT_VOCAB), 0};
    made.init.weights = (mote_init_rule){MOTE_INIT_NORMAL, 0.1f};
    return made;
}

static training begin_mlp(const char *name, uint32_t context, shape sizes, uint32_t optimizer, uint32_t steps) {
    training made = training_begin(name, sizes, optimizer, steps);
    made.config =
        (mote_config){MOTE_SHAPE_MLP(TEXT_VOCAB, context, sizes.embed, sizes.hidden, sizes.layers), MOTE_TANH};
    made.init.weights = made.init.biases = (mote_init_rule){MOTE_INIT_FAN_IN_UNIFORM, 1.0f};
    return made;
}

static uint32_t run_bigrams(memory room, case_set set) {
    uint32_t failures = 0;
    for (uint32_t optimizer = MOTE_SGD; optimizer <= MOTE_ADAMW; optimizer++) {
        training made = begin_bigram("bigram-", 8, 3, optimizer, 40);
        training_name(&made, optimizers[optimizer]);
        made.order = optimizer % 2 ? ORDER_SHUFFLED : ORDER_RANDOM;
        made.with_best = optimizer / 2;
        failures += training_both_ways(&made, room, set);
    }
    training made = begin_bigram("bigram-of-zeros", 1, 20, MOTE_ADAGRAD, 17);
    made.init.weights = (mote_init_rule){MOTE_INIT_ZERO, 0.0f};
    failures += training_both_ways(&made, room, set);
    made = begin_bigram("bigram-vocabulary-of-2", 3, 7, MOTE_SGD, 20);
    made.config.vocab = 2;
    training_clip_by_value(&made);
    failures += training_both_ways(&made, room, set);
    return failures;
}

/* Each optimizer with one and two layers; the orders, activations, contexts and widths take turns. */
static uint32_t run_mlps(memory room, case_set set) {
    static const uint32_t contexts[] = {3, 8, 1, 5}, embeds[] = {10, 2, 17, 16}, hidden[] = {20, 33, 16};
    uint32_t failures = 0;
    for (uint32_t choice = 0; choice < 8; choice++) {
        const uint32_t optimizer = choice / 2, layers = 1 + choice % 2, time = 1 + choice % 3;
        const shape sizes = {embeds[choice % 4], layers, hidden[choice % 3], 8, time};
        training made = begin_mlp(layers == 1 ? "mlp-1-layer-" : "mlp-2-layers-", contexts[choice % 4], sizes,
                                  optimizer, set == SET_FULL ? 120 : 16);
        training_name(&made, optimizers[optimizer]);
        if (choice % 3 == 1) made.config.activation = MOTE_RELU;
        made.order = choice % 3;
        made.with_best = choice / 4;
        if (choice % 4 == 3) training_clip_by_value(&made);
        failures += training_both_ways(&made, room, set);
    }
    return failures;
}

static uint32_t run_edges(memory room, case_set set) {
    uint32_t failures = 0;
    training made = begin_mlp("mlp-one-unit", 1, (shape){1, 1, 1, 2, 3}, MOTE_ADAMW, 20);
    failures += training_both_ways(&made, room, set);
    made = begin_mlp("mlp-without-boundary", 4, (shape){5, 1, 17, 5, 2}, MOTE_ADAGRAD, 20);
    made.config.vocab = 30;
    failures += training_both_ways(&made, room, set);
    made = begin_mlp("mlp-long-context", 60, (shape){1, 1, 20, 2, 3}, MOTE_ADAGRAD, 12);
    made.config.vocab = 30;
    failures += training_both_ways(&made, room, set);
    made = begin_mlp("mlp-tiny-weights", 3, (shape){6, 2, 20, 4, 2}, MOTE_SGD, 12);
    made.init.weights = made.init.biases = made.init.embedding = (mote_init_rule){MOTE_INIT_NORMAL, 0x1p-37f};
    made.schedule.learning_rate = 0x1p-36f;
    failures += training_both_ways(&made, room, set);
    return failures;
}

/* Wider than the blocks and tiles of the matrix products. */
static uint32_t run_wide(memory room, case_set set) {
    uint32_t failures = 0;
    training made = begin_mlp("mlp-wide-272", 8, (shape){24, 2, 272, 37, 3}, MOTE_ADAMW, 6);
    failures += training_both_ways(&made, room, set);
    made = begin_mlp("mlp-wide-context-16", 16, (shape){33, 1, 70, 13, 2}, MOTE_ADAGRAD, 6);
    made.config.vocab = 1000;
    failures += training_both_ways(&made, room, set);
    made = begin_bigram("bigram-vocabulary-of-1000", 16, 9, MOTE_ADAMW, 6);
    made.config.vocab = 1000;
    failures += training_both_ways(&made, room, set);
    return failures;
}

/* Of every smoothing, the weights and what they score. */
static uint32_t run_counting(memory room) {
    static uint32_t pairs[TEXT_VOCAB * TEXT_VOCAB];
    static float nats[TEXT_TOKENS];
    const float smoothings[] = {0.0f, 1.0f, 0x1p-20f, 0.37f, 0x1p20f};
    const mote_config config = {MOTE_SHAPE_BIGRAM(TEXT_VOCAB), 0};
    const mote_init init = {{MOTE_INIT_ZERO, 0.0f}, {MOTE_INIT_ZERO, 0.0f}, {MOTE_INIT_ZERO, 0.0f}};
    uint64_t weights = MOTE_FNV_START, scores = MOTE_FNV_START;
    cases_text text;
    mote_arena arena;
    mote_model *model;
    mote_state *state;
    memset(pairs, 0, sizeof pairs);
    mote_status status = cases_text_load(&text);
    if (status == MOTE_OK) status = mote_count_pairs(text.tokens, text.count, TEXT_VOCAB, pairs);
    if (status == MOTE_OK) status = mote_arena_init(&arena, room.bytes, room.count);
    if (status == MOTE_OK) status = mote_model_random(&model, &arena, &config, &text.vocab, &init, 1);
    if (status == MOTE_OK) status = mote_state_init(&state, &arena, model);
    for (size_t i = 0; status == MOTE_OK && i < sizeof smoothings / sizeof *smoothings; i++) {
        status = mote_bigram_count(model, pairs, smoothings[i]);
        if (status == MOTE_OK) status = mote_score(state, text.tokens, text.count, nats, NULL);
        const uint64_t hash = mote_weights_hash(model);
        weights = mote_fnv1a(weights, &hash, sizeof hash);
        scores = mote_fnv1a(scores, nats, (text.count - 1) * sizeof *nats);
    }
    if (status != MOTE_OK) return report_failure("counting", "counting or scoring", status);
    report_case("counting");
    report_hash("pairs", mote_fnv1a(MOTE_FNV_START, pairs, sizeof pairs));
    report_hash("weights", weights);
    report_hash("scores", scores);
    report_end();
    return 0;
}

uint32_t run_network_cases(memory room, case_set set) {
    uint32_t failures = run_counting(room);
    failures += run_bigrams(room, set);
    failures += run_mlps(room, set);
    failures += run_edges(room, set);
    if (set == SET_FULL) failures += run_wide(room, set);
    return failures;
}
