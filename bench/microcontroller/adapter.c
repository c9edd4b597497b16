/* What learning a part of a model takes: the RNN of networks.h, one row of 16 characters a step, SGD. Prints, a line
 * each, a name, how often the work was done and the ticks that took; the first line is a loop of so many instructions.
 * Of RAM the number are bytes: the base opened in place, what learns, and a state to run both. */
#include "mote_adapter.h"

#include "console.h"
#include "networks.h"
#include "rows.h"
#include "timer.h"

enum { TIME = 16, TIMES = 2 };
#define BOTH (MOTE_LEARN_OUTPUT | MOTE_LEARN_BIASES)
#define RAM(shape, learned)                                                                                            \
    (MOTE_OPEN_BYTES + MOTE_ADAPTER_BYTES(shape, learned) + MOTE_LEARNER_BYTES(shape, learned, 1, TIME, MOTE_SGD) +    \
     MOTE_STATE_BYTES(shape))
#define INT8_SHAPE MOTE_SHAPE_INT8(RNN_SHAPE)

static __attribute__((aligned(MOTE_ALIGN))) unsigned char memory[256 * 1024];
static const mote_train_config train = {.batch = 1,
                                        .time_steps = TIME,
                                        .loss = MOTE_LOSS_MEAN,
                                        .state = MOTE_STATE_CARRY,
                                        .workspace = MOTE_WORKSPACE_NONE,
                                        .optimizer = MOTE_SGD,
                                        .learning_rate = 0.01f};
static uint16_t tokens[TIME], targets[TIME];

static mote_status learn_all(void) {
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    float loss;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = network_make(&model, &arena, &network_rnn);
    if (status == MOTE_OK) status = mote_trainer_init(&trainer, &arena, model, &train);
    timer_start();
    for (int i = 0; i < TIMES && status == MOTE_OK; i++) status = mote_train_step(trainer, tokens, targets, &loss);
    rows_ticks("all", TIMES);
    return status;
}

static mote_status learn(const char *name, const mote_config *config, uint32_t learned) {
    mote_arena arena;
    mote_model *base;
    mote_adapter *adapter;
    mote_learner *learner;
    float loss;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = network_make(&base, &arena, config);
    if (status == MOTE_OK) status = mote_adapter_init(&adapter, &arena, base, learned);
    if (status == MOTE_OK) status = mote_learner_init(&learner, &arena, adapter, &train);
    timer_start();
    for (int i = 0; i < TIMES && status == MOTE_OK; i++) status = mote_learn_step(learner, tokens, targets, &loss);
    rows_ticks(name, TIMES);
    return status;
}

int main(void) {
    for (uint16_t i = 0; i < TIME; i++) tokens[i] = (uint16_t)(i * 5 % 65);
    for (uint16_t i = 0; i < TIME; i++) targets[i] = (uint16_t)((i + 1) * 5 % 65);
    rows_clock();
    mote_status status = learn("biases", &network_rnn, MOTE_LEARN_BIASES);
    if (status == MOTE_OK) status = learn("output", &network_rnn, MOTE_LEARN_OUTPUT);
    if (status == MOTE_OK) status = learn("both", &network_rnn, BOTH);
    if (status == MOTE_OK) status = learn("output-int8", &network_rnn_int8, MOTE_LEARN_OUTPUT);
    if (status == MOTE_OK) status = learn_all();
    rows_number("ram-biases", 1, RAM(RNN_SHAPE, MOTE_LEARN_BIASES));
    rows_number("ram-output", 1, RAM(RNN_SHAPE, MOTE_LEARN_OUTPUT));
    rows_number("ram-both", 1, RAM(RNN_SHAPE, BOTH));
    rows_number("ram-output-int8", 1, RAM(INT8_SHAPE, MOTE_LEARN_OUTPUT));
    rows_number("ram-all", 1,
                MOTE_MODEL_BYTES(RNN_SHAPE) + MOTE_TRAINER_BYTES(RNN_SHAPE, 1, TIME, MOTE_SGD, MOTE_WORKSPACE_NONE) +
                    MOTE_STATE_BYTES(RNN_SHAPE));
    console_text(mote_status_name(status));
    console_text("\n");
    return status == MOTE_OK ? 0 : 1;
}
