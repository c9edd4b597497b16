#include "training_setup.h"

#include "cases_text.h"
#include "report.h"

#include <string.h>

void training_name(training *made, const char *part) {
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
    report_hash("hidden", result->hidden);
    report_hash("scores", result->scores);
    report_text("greedy", result->greedy);
    report_text("drawn", result->drawn);
    report_text("likely", result->likely);
    report_end();
    return 0;
}

uint32_t training_both_ways(const training *made, memory room, case_set set) {
    training shortened = *made;
    const training *const wanted = &shortened;
    outcome straight, resumed;
    uint64_t checkpoint = 0;
    const char *what;
    if (set == SET_TINY) {
        shortened.steps = (shortened.steps + 7) / 8;
        shortened.scored /= 5;
    }
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

training training_begin(const char *name, shape sizes, uint32_t optimizer, uint32_t steps) {
    training made;
    memset(&made, 0, sizeof made);
    training_name(&made, name);
    made.config = (mote_config){MOTE_SHAPE_RNN(TEXT_VOCAB, sizes.embed, sizes.hidden, sizes.layers), MOTE_TANH};
    made.init = (mote_init){{MOTE_INIT_HIDDEN_UNIFORM, 1.0f}, {MOTE_INIT_UNIFORM, 0.1f}, {MOTE_INIT_NORMAL, 1.0f}};
    made.order = ORDER_STREAM;
    made.steps = steps;
    made.scored = 200;
    made.seed = 2024;
    made.train.batch = sizes.batch;
    made.train.time_steps = sizes.time;
    made.train.optimizer = optimizer;
    made.train.momentum = 0.9f;
    made.train.beta1 = 0.9f;
    made.train.beta2 = 0.99f;
    made.train.eps = 1e-8f;
    made.train.weight_decay = 0.01f;
    made.train.clip_norm = 1.0f;
    const float rates[] = {[MOTE_SGD] = 0.1f, [MOTE_MOMENTUM] = 0.02f, [MOTE_ADAGRAD] = 0.1f, [MOTE_ADAMW] = 0.005f};
    made.train.learning_rate = rates[optimizer];
    made.schedule = (mote_schedule){MOTE_SCHEDULE_CONSTANT, 0, 1, 0, rates[optimizer], 0.0f};
    return made;
}

void training_clip_by_value(training *made) {
    made->train.clip_norm = 0.0f;
    made->train.clip_value = 0.5f;
    made->train.loss = MOTE_LOSS_SUM;
}

void training_read_at_random(training *made) {
    made->order = ORDER_RANDOM;
    made->train.state = MOTE_STATE_RESET;
}
