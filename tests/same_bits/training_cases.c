/* Which training runs of RNNs and GRUs there are. */
#include "cases_text.h"
#include "training_setup.h"

static uint32_t run_cross(memory room, case_set set, uint32_t optimizer, const char *optimizer_name) {
    const int small = set != SET_FULL;
    const uint32_t next = set == SET_TINY ? 5 : 1; /* of five the multiples have every choice both ways */
    uint32_t failures = 0;
    for (uint32_t choice = 0; choice < 32; choice += next) {
        const int embedded = choice & 1, stacked = choice >> 1 & 1, rows = choice >> 2 & 1, by_value = choice >> 3 & 1,
                  relu = choice >> 4 & 1;
        const shape sizes = {embedded ? 6 : 0, stacked ? 2 : 1, small ? 20 : 24, rows ? 8 : 1, small ? 3 : 5};
        const uint32_t steps = !small ? 200 : rows ? 16 : 60;
        training made = training_begin(embedded ? "embedded" : "onehot", sizes, optimizer, steps);
        training_name(&made, stacked ? "-2-layers" : "-1-layer");
        training_name(&made, rows ? "-batch-8-" : "-batch-1-");
        training_name(&made, optimizer_name);
        training_name(&made, by_value ? "-clip-value" : "-clip-norm");
        training_name(&made, relu ? "-relu" : "-tanh");
        if (by_value) training_clip_by_value(&made);
        if (relu) made.config.activation = MOTE_RELU;
        if (relu && rows) training_read_at_random(&made);
        failures += training_both_ways(&made, room, set);
    }
    return failures;
}

static uint32_t run_optimizers(memory room, case_set set) {
    uint32_t failures = 0;
    training made = training_begin("sgd-cosine", (shape){0, 1, 20, 8, 5}, MOTE_SGD, 60);
    made.schedule = (mote_schedule){MOTE_SCHEDULE_COSINE, 10, 1, 60, 0.2f, 0.1f};
    failures += training_both_ways(&made, room, set);
    made = training_begin("momentum-steps", (shape){6, 2, 20, 1, 5}, MOTE_MOMENTUM, 200);
    made.schedule = (mote_schedule){MOTE_SCHEDULE_STEP, 0, 50, 0, 0.02f, 0.5f};
    made.init.weights = (mote_init_rule){MOTE_INIT_XAVIER_NORMAL, 1.0f};
    failures += training_both_ways(&made, room, set);
    made = training_begin("adagrad-value-and-norm", (shape){6, 1, 20, 8, 5}, MOTE_ADAGRAD, 60);
    made.train.clip_value = 0.01f;
    made.train.clip_norm = 0.05f;
    failures += training_both_ways(&made, room, set);
    made = training_begin("adamw-unclipped-long", (shape){0, 1, 23, 1, 60}, MOTE_ADAMW, 30);
    made.train.clip_norm = 0.0f;
    failures += training_both_ways(&made, room, set);
    return failures;
}

/* Sizes at the edges, and numbers at the edges of what counts. */
static uint32_t run_edges(memory room, case_set set) {
    uint32_t failures = 0;
    training made = training_begin("one-unit", (shape){1, 1, 1, 2, 3}, MOTE_ADAMW, 40);
    failures += training_both_ways(&made, room, set);
    made = training_begin("one-character-a-step", (shape){0, 2, 16, 1, 1}, MOTE_ADAGRAD, 100);
    failures += training_both_ways(&made, room, set);
    made = training_begin("5-layers", (shape){3, 5, 17, 3, 4}, MOTE_ADAMW, 20);
    failures += training_both_ways(&made, room, set);
    made = training_begin("vocabulary-of-2", (shape){0, 1, 9, 4, 6}, MOTE_ADAGRAD, 40);
    made.config.vocab = 2;
    failures += training_both_ways(&made, room, set);
    made = training_begin("vocabulary-of-300", (shape){7, 1, 24, 4, 6}, MOTE_ADAGRAD, 12);
    made.config.vocab = 300;
    failures += training_both_ways(&made, room, set);
    made = training_begin("saturated", (shape){0, 1, 20, 4, 6}, MOTE_ADAGRAD, 60);
    made.init.weights = (mote_init_rule){MOTE_INIT_NORMAL, 8.0f};
    training_clip_by_value(&made);
    failures += training_both_ways(&made, room, set);
    made = training_begin("clipped-to-little", (shape){0, 1, 20, 4, 6}, MOTE_ADAGRAD, 20);
    made.init.weights = (mote_init_rule){MOTE_INIT_NORMAL, 3.0f};
    made.train.clip_norm = 0x1p-34f;
    made.train.eps = 0x1p-40f;
    failures += training_both_ways(&made, room, set);
    /* A row of such an embedding lies in several panels of its table. */
    made = training_begin("embedding-of-3-panels", (shape){33, 1, 12, 1, 6}, MOTE_SGD, 10);
    failures += training_both_ways(&made, room, set);
    made = training_begin("tiny-weights", (shape){6, 2, 20, 4, 6}, MOTE_SGD, 40);
    made.init.weights = made.init.biases = made.init.embedding = (mote_init_rule){MOTE_INIT_NORMAL, 0x1p-37f};
    made.schedule.learning_rate = 0x1p-36f;
    failures += training_both_ways(&made, room, set);
    return failures;
}

static training begin_gru(const char *name, shape sizes, uint32_t optimizer, uint32_t steps) {
    training made = training_begin(name, sizes, optimizer, steps);
    made.config = (mote_config){MOTE_SHAPE_GRU(TEXT_VOCAB, sizes.embed, sizes.hidden, sizes.layers), MOTE_TANH};
    return made;
}

/* Inputs, layers, rows and optimizers take turns; then numbers at the edges. */
static uint32_t run_gated(memory room, case_set set) {
    uint32_t failures = 0;
    for (uint32_t choice = 0; choice < 8; choice++) {
        const uint32_t layers = 1 + choice / 2 % 2, rows = choice / 4 ? 8 : 1;
        const shape sizes = {choice % 2 ? 6 : 0, layers, choice % 3 ? 20 : 17, rows, set == SET_FULL ? 5 : 3};
        training made = begin_gru("gru-", sizes, choice % 4, set == SET_FULL ? 100 : 16);
        training_name(&made, choice % 2 ? "embedded" : "onehot");
        training_name(&made, layers == 2 ? "-2-layers" : "-1-layer");
        training_name(&made, rows == 8 ? "-batch-8" : "-batch-1");
        if (choice % 3 == 2) training_clip_by_value(&made);
        if (choice == 6) training_read_at_random(&made);
        made.with_best = choice % 2;
        failures += training_both_ways(&made, room, set);
    }
    training made = begin_gru("gru-one-unit", (shape){1, 1, 1, 2, 3}, MOTE_ADAMW, 40);
    failures += training_both_ways(&made, room, set);
    made = begin_gru("gru-saturated", (shape){0, 1, 20, 4, 6}, MOTE_ADAGRAD, 40);
    made.init.weights = (mote_init_rule){MOTE_INIT_NORMAL, 8.0f};
    training_clip_by_value(&made);
    failures += training_both_ways(&made, room, set);
    made = begin_gru("gru-tiny-weights", (shape){6, 2, 20, 4, 6}, MOTE_SGD, 40);
    made.init.weights = made.init.biases = made.init.embedding = (mote_init_rule){MOTE_INIT_NORMAL, 0x1p-37f};
    made.schedule.learning_rate = 0x1p-36f;
    failures += training_both_ways(&made, room, set);
    if (set != SET_FULL) return failures;
    made = begin_gru("gru-wide-272-batch-16", (shape){70, 2, 272, 16, 2}, MOTE_ADAMW, 3);
    return failures + training_both_ways(&made, room, set);
}

/* Wider than the blocks and tiles of the matrix products. */
static uint32_t run_wide(memory room, case_set set) {
    uint32_t failures = 0;
    training made = training_begin("wide-272-batch-16", (shape){70, 2, 272, 16, 2}, MOTE_ADAMW, 4);
    failures += training_both_ways(&made, room, set);
    made = training_begin("wide-530-batch-3", (shape){0, 2, 530, 3, 2}, MOTE_ADAGRAD, 2);
    failures += training_both_ways(&made, room, set);
    made = training_begin("wide-64-batch-37", (shape){33, 1, 64, 37, 3}, MOTE_MOMENTUM, 6);
    failures += training_both_ways(&made, room, set);
    made = training_begin("vocabulary-of-1000", (shape){24, 1, 49, 13, 5}, MOTE_ADAGRAD, 6);
    made.config.vocab = 1000;
    training_clip_by_value(&made);
    failures += training_both_ways(&made, room, set);
    return failures;
}

uint32_t run_training_cases(memory room, case_set set) {
    uint32_t failures = 0;
    failures += run_cross(room, set, MOTE_ADAGRAD, "adagrad");
    failures += run_cross(room, set, MOTE_ADAMW, "adamw");
    failures += run_optimizers(room, set);
    failures += run_edges(room, set);
    failures += run_gated(room, set);
    if (set == SET_FULL) failures += run_wide(room, set);
    return failures;
}
