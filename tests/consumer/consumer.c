/* Learns a sentence in static memory, says what it learned, and prints the hash of what it knows. */
#include "console.h"

#include <mote.h>

enum { BATCH = 1, TIME = 8, STEPS = 120, LENGTH = 40 };

static const char text[] = "many a mote makes a mountain, and many a minute a moment. ";
static const uint32_t code_points[] = {' ', ',', '.', 'a', 'd', 'e', 'i', 'k', 'm', 'n', 'o', 's', 't', 'u', 'y'};
#define VOCAB (sizeof code_points / sizeof *code_points)
#define SHAPE MOTE_SHAPE_RNN(VOCAB, 0, 12, 1)
static const mote_vocab vocab = {code_points, VOCAB, 0};

static uint16_t tokens[sizeof text - 1];
static uint16_t inputs[BATCH * TIME], targets[BATCH * TIME];
static unsigned char memory[MOTE_MODEL_BYTES(SHAPE) +
                            MOTE_TRAINER_BYTES(SHAPE, BATCH, TIME, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE) +
                            MOTE_STATE_BYTES(SHAPE)] __attribute__((aligned(MOTE_ALIGN)));

static mote_status learn(mote_trainer *trainer, size_t count, float *loss) {
    const size_t batches = mote_stream_batches(count, BATCH, TIME);
    for (size_t step = 0; step < STEPS; step++) {
        const size_t index = step % batches;
        if (index == 0) mote_trainer_reset_state(trainer);
        mote_status status = mote_stream_batch(tokens, count, 0, BATCH, TIME, index, inputs, targets);
        if (status == MOTE_OK) status = mote_train_step(trainer, inputs, targets, loss);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

static mote_status print_sample(mote_state *state, uint16_t token) {
    mote_rng rng;
    mote_rng_init(&rng, 1, 0);
    for (int i = 0; i < LENGTH; i++) {
        char utf8[4];
        const float *logits;
        console_write(utf8, mote_decode(&vocab, token, utf8));
        mote_status status = mote_step(state, token, &logits);
        if (status == MOTE_OK) status = mote_sample(logits, VOCAB, 0.5f, 0, &rng, &token);
        if (status != MOTE_OK) return status;
    }
    console_text("\n");
    return MOTE_OK;
}

static mote_status run(void) {
    const mote_config config = {SHAPE, MOTE_TANH};
    const mote_init init = {{MOTE_INIT_NORMAL, 0.1f}, {MOTE_INIT_ZERO, 0}, {MOTE_INIT_ZERO, 0}};
    const mote_train_config train = {.batch = BATCH,
                                     .time_steps = TIME,
                                     .optimizer = MOTE_ADAGRAD,
                                     .clip_value = 5,
                                     .learning_rate = 0.1f,
                                     .eps = 1e-8f};
    mote_arena arena;
    mote_model *model = NULL;
    mote_trainer *trainer = NULL;
    mote_state *state = NULL;
    size_t count = 0;
    float loss = 0;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = mote_encode(&vocab, text, sizeof text - 1, tokens, sizeof text - 1, &count);
    if (status == MOTE_OK) status = mote_model_random(&model, &arena, &config, &vocab, &init, 1);
    if (status == MOTE_OK) status = mote_trainer_init(&trainer, &arena, model, &train);
    if (status == MOTE_OK) status = learn(trainer, count, &loss);
    if (status == MOTE_OK) status = mote_state_init(&state, &arena, model);
    if (status == MOTE_OK) status = print_sample(state, tokens[0]);
    if (status != MOTE_OK) return status;
    console_text("loss ");
    console_decimal(loss);
    console_text("\nweights_hash ");
    console_hex(mote_weights_hash(model), 16);
    console_text("\n");
    return MOTE_OK;
}

int main(void) {
    const mote_status status = run();
    if (status == MOTE_OK) return 0;
    console_text(mote_status_name(status));
    console_text("\n");
    return 1;
}
