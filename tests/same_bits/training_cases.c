/* Which training runs there are. */
#include "cases_text.h"
#include "console.h"
#include "report.h"
#include "training.h"

#include <string.h>

static void name_append(training *made, const char *part) {
    const size_t used = strlen(made->name), room = sizeof made->name - 1 - used, wanted = strlen(part);
    memcpy(made->name + used, part, wanted < room ? wanted : room);
}

static uint32_t report_training(const training *wanted, const outcome *result, uint64_t checkpoint) {
    report_case(wanted->name);
    report_hash("losses", result->losses);
    report_hash("norms", result->norms);
    report_bits("first", result->first_loss);
    report_bits("last", result->last_loss);
    report_hash("weights", result->weights);
    report_hash("checkpoint", checkpoint);
    report_hash("blob", result->blob);
    report_hash("logits", result->logits);
    report_hash("scores", result->scores);
    report_text("greedy", result->greedy);
    report_text("drawn", result->drawn);
    report_text("likely", result->likely);
    report_end();
    return 0;
}

/* Straight through without a workspace, and resumed with one: the same outcome. */
static uint32_t run_both_ways(const training *wanted, memory room) {
    outcome straight, resumed;
    uint64_t checkpoint = 0;
    const char *what;
    mote_status status = training_run(wanted, room, MOTE_WORKSPACE_NONE, NULL, &straight, &what);
    if (status != MOTE_OK) return report_failure(wanted->name, what, status);
    status = training_run(wanted, room, MOTE_WORKSPACE_PACKED, &checkpoint, &resumed, &what);
    if (status != MOTE_OK) return report_failure(wanted->name, what, status);
    if (memcmp(&straight, &resumed, sizeof straight) != 0) {
        report_training(wanted, &straight, checkpoint);
        report_training(wanted, &resumed, checkpoint);
        return report_failure(wanted->name, "resumed and packed is not straight and unpacked", MOTE_ERR_SELFTEST);
    }
    return report_training(wanted, &straight, checkpoint);
}

/* What most cases share. */
typedef struct shape {
    uint32_t embed, layers, hidden, batch, time;
} shape;
static training begin(const char *name, shape sizes, uint32_t optimizer, uint32_t steps) {
    training made;
    memset(&made, 0, sizeof made);
    name_append(&made, name);
    made.config = (mote_config){MOTE_RNN, MOTE_TANH, TEXT_VOCAB, 0, sizes.embed, sizes.hidden, sizes.layers};
    made.init = (mote_init){{MOTE_INIT_HIDDEN_UNIFORM, 1.0f}, {MOTE_INIT_UNIFORM, 0.1f}, {MOTE_INIT_NORMAL, 1.0f}};
    made.order = MOTE_ORDER_STREAM;
    made.steps = steps;
    made.seed = 2024;
    made.train.batch = sizes.batch;
    made.train.time = sizes.time;
    made.train.optimizer = optimizer;
    made.train.momentum = 0.9f;
    made.train.beta1 = 0.9f;
    made.train.beta2 = 0.99f;
    made.train.eps = 1e-8f;
    made.train.decay = 0.01f;
    made.train.clip_norm = 1.0f;
    const float rates[] = {[MOTE_SGD] = 0.1f, [MOTE_MOMENTUM] = 0.02f, [MOTE_ADAGRAD] = 0.1f, [MOTE_ADAMW] = 0.005f};
    made.train.rate = rates[optimizer];
    made.schedule = (mote_schedule){MOTE_SCHEDULE_CONSTANT, 0, 1, 0, rates[optimizer], 0.0f};
    return made;
}

static void clip_by_value(training *made) {
    made->train.clip_norm = 0.0f;
    made->train.clip_value = 0.5f;
    made->train.loss = MOTE_LOSS_SUM;
}

static void read_at_random(training *made) {
    made->order = MOTE_ORDER_RANDOM;
    made->train.state = MOTE_STATE_RESET;
}

static uint32_t run_cross(memory room, int small, uint32_t optimizer, const char *optimizer_name) {
    uint32_t failures = 0;
    for (uint32_t choice = 0; choice < 32; choice++) {
        const int embedded = choice & 1, stacked = choice >> 1 & 1, rows = choice >> 2 & 1, by_value = choice >> 3 & 1,
                  relu = choice >> 4 & 1;
        const shape sizes = {embedded ? 6 : 0, stacked ? 2 : 1, small ? 20 : 24, rows ? 8 : 1, small ? 3 : 5};
        const uint32_t steps = !small ? 200 : rows ? 16 : 60;
        training made = begin(embedded ? "embedded" : "onehot", sizes, optimizer, steps);
        name_append(&made, stacked ? "-2-layers" : "-1-layer");
        name_append(&made, rows ? "-batch-8-" : "-batch-1-");
        name_append(&made, optimizer_name);
        name_append(&made, by_value ? "-clip-value" : "-clip-norm");
        name_append(&made, relu ? "-relu" : "-tanh");
        if (by_value) clip_by_value(&made);
        if (relu) made.config.activation = MOTE_RELU;
        if (relu && rows) read_at_random(&made);
        failures += run_both_ways(&made, room);
    }
    return failures;
}

static uint32_t run_optimizers(memory room) {
    uint32_t failures = 0;
    training made = begin("sgd-cosine", (shape){0, 1, 20, 8, 5}, MOTE_SGD, 60);
    made.schedule = (mote_schedule){MOTE_SCHEDULE_COSINE, 10, 1, 60, 0.2f, 0.1f};
    failures += run_both_ways(&made, room);
    made = begin("momentum-steps", (shape){6, 2, 20, 1, 5}, MOTE_MOMENTUM, 200);
    made.schedule = (mote_schedule){MOTE_SCHEDULE_STEP, 0, 50, 0, 0.02f, 0.5f};
    made.init.weights = (mote_init_rule){MOTE_INIT_XAVIER_NORMAL, 1.0f};
    failures += run_both_ways(&made, room);
    made = begin("adagrad-value-and-norm", (shape){6, 1, 20, 8, 5}, MOTE_ADAGRAD, 60);
    made.train.clip_value = 0.01f;
    made.train.clip_norm = 0.05f;
    failures += run_both_ways(&made, room);
    made = begin("adamw-unclipped-long", (shape){0, 1, 23, 1, 60}, MOTE_ADAMW, 30);
    made.train.clip_norm = 0.0f;
    failures += run_both_ways(&made, room);
    return failures;
}

/* Sizes at the edges, and numbers at the edges of what counts. */
static uint32_t run_edges(memory room) {
    uint32_t failures = 0;
    training made = begin("one-unit", (shape){1, 1, 1, 2, 3}, MOTE_ADAMW, 40);
    failures += run_both_ways(&made, room);
    made = begin("one-character-a-step", (shape){0, 2, 16, 1, 1}, MOTE_ADAGRAD, 100);
    failures += run_both_ways(&made, room);
    made = begin("5-layers", (shape){3, 5, 17, 3, 4}, MOTE_ADAMW, 20);
    failures += run_both_ways(&made, room);
    made = begin("vocabulary-of-2", (shape){0, 1, 9, 4, 6}, MOTE_ADAGRAD, 40);
    made.config.vocab = 2;
    failures += run_both_ways(&made, room);
    made = begin("vocabulary-of-300", (shape){7, 1, 24, 4, 6}, MOTE_ADAGRAD, 12);
    made.config.vocab = 300;
    failures += run_both_ways(&made, room);
    made = begin("saturated", (shape){0, 1, 20, 4, 6}, MOTE_ADAGRAD, 60);
    made.init.weights = (mote_init_rule){MOTE_INIT_NORMAL, 8.0f};
    clip_by_value(&made);
    failures += run_both_ways(&made, room);
    made = begin("clipped-to-little", (shape){0, 1, 20, 4, 6}, MOTE_ADAGRAD, 20);
    made.init.weights = (mote_init_rule){MOTE_INIT_NORMAL, 3.0f};
    made.train.clip_norm = 0x1p-34f;
    made.train.eps = 0x1p-40f;
    failures += run_both_ways(&made, room);
    made = begin("tiny-weights", (shape){6, 2, 20, 4, 6}, MOTE_SGD, 40);
    made.init.weights = made.init.biases = made.init.embedding = (mote_init_rule){MOTE_INIT_NORMAL, 0x1p-37f};
    made.schedule.rate = 0x1p-36f;
    failures += run_both_ways(&made, room);
    return failures;
}

/* Wider than the blocks and tiles of the matrix products. */
static uint32_t run_wide(memory room) {
    uint32_t failures = 0;
    training made = begin("wide-272-batch-16", (shape){70, 2, 272, 16, 2}, MOTE_ADAMW, 4);
    failures += run_both_ways(&made, room);
    made = begin("wide-530-batch-3", (shape){0, 2, 530, 3, 2}, MOTE_ADAGRAD, 2);
    failures += run_both_ways(&made, room);
    made = begin("wide-64-batch-37", (shape){33, 1, 64, 37, 3}, MOTE_MOMENTUM, 6);
    failures += run_both_ways(&made, room);
    made = begin("vocabulary-of-1000", (shape){24, 1, 49, 13, 5}, MOTE_ADAGRAD, 6);
    made.config.vocab = 1000;
    clip_by_value(&made);
    failures += run_both_ways(&made, room);
    return failures;
}

uint32_t run_training_cases(memory room, int small) {
    uint32_t failures = 0;
    failures += run_cross(room, small, MOTE_ADAGRAD, "adagrad");
    failures += run_cross(room, small, MOTE_ADAMW, "adamw");
    failures += run_optimizers(room);
    failures += run_edges(room);
    if (!small) failures += run_wide(room);
    return failures;
}
