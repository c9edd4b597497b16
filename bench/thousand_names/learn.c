/* Learns from the names of lesson.h, each once and in order, and prints the loss of names that it has not seen. What it
 * prints is the same on every machine but for the instructions, which only a board counts. */
#include "console.h"
#include "lesson.h" /* lesson[], held_out[]: names, a line feed behind each; SEED */
#include "mote.h"
#include "rows.h"
#include "timer.h"

#define VOCAB 27 /* a to z, and the boundary between names */
#define TIME 8   /* characters a step */
#define SHAPE MOTE_SHAPE_GRU(VOCAB, 0, 23, 1)
#define MODEL_BYTES MOTE_MODEL_BYTES(SHAPE)
#define TRAINER_BYTES MOTE_TRAINER_BYTES(SHAPE, 1, TIME, MOTE_ADAMW, MOTE_WORKSPACE_NONE)
#define BATCHES (sizeof lesson / TIME) /* what is left at the end is too short for a step */

static __attribute__((aligned(MOTE_ALIGN))) unsigned char memory[MODEL_BYTES + TRAINER_BYTES + MOTE_STATE_BYTES(SHAPE)];
static uint64_t ticks;

static uint16_t token_of(char c) { return c == '\n' ? 0 : (uint16_t)(c - 'a' + 1); }

static mote_status make_model(mote_arena *arena, mote_model **model) {
    static const mote_config config = {SHAPE, MOTE_TANH};
    static const mote_init init = {
        {MOTE_INIT_HIDDEN_UNIFORM, 1.5f}, {MOTE_INIT_HIDDEN_UNIFORM, 1.5f}, {MOTE_INIT_ZERO, 0.0f}};
    static uint32_t characters[VOCAB] = {'\n'};
    const mote_vocab vocab = {characters, VOCAB, 1};
    for (uint32_t i = 1; i < VOCAB; i++) characters[i] = 'a' + i - 1;
    return mote_model_random(model, arena, &config, &vocab, &init, SEED);
}

static mote_status make_trainer(mote_arena *arena, mote_model *model, mote_trainer **trainer) {
    const mote_train_config config = {.batch = 1,
                                      .time_steps = TIME,
                                      .loss = MOTE_LOSS_MEAN,
                                      .state = MOTE_STATE_CARRY,
                                      .workspace = MOTE_WORKSPACE_NONE,
                                      .optimizer = MOTE_ADAMW,
                                      .clip_norm = 1.0f,
                                      .learning_rate = 0.025f,
                                      .beta1 = 0.9f,
                                      .beta2 = 0.999f,
                                      .eps = 1e-8f};
    return mote_trainer_init(trainer, arena, model, &config);
}

/* The characters after `at`, a boundary before the first. */
static void read_batch(size_t at, uint16_t *tokens, uint16_t *targets) {
    for (size_t i = 0; i < TIME; i++) {
        tokens[i] = at + i == 0 ? 0 : token_of(lesson[at + i - 1]);
        targets[i] = token_of(lesson[at + i]);
    }
}

static mote_status learn(mote_trainer *trainer) {
    static const mote_schedule schedule = {MOTE_SCHEDULE_COSINE, 0, 1, BATCHES, 0.025f, 0.02f};
    mote_status status = MOTE_OK;
    for (uint32_t step = 0; step < BATCHES && status == MOTE_OK; step++) {
        uint16_t tokens[TIME], targets[TIME];
        float rate, loss;
        timer_start();
        read_batch((size_t)step * TIME, tokens, targets);
        status = mote_schedule_learning_rate(&schedule, step, &rate);
        if (status == MOTE_OK) status = mote_trainer_set_learning_rate(trainer, rate);
        if (status == MOTE_OK) status = mote_train_step(trainer, tokens, targets, &loss);
        ticks += timer_ticks();
    }
    return status;
}

/* The mean surprise of the characters of the names held out, their ends included, in nats. */
static mote_status print_loss(mote_arena *arena, const mote_model *model) {
    mote_state *state;
    double sum = 0.0;
    uint16_t pair[2] = {0, 0};
    mote_status status = mote_state_init(&state, arena, model);
    for (size_t i = 0; i < sizeof held_out && status == MOTE_OK; i++) {
        float nats;
        pair[0] = pair[1];
        pair[1] = token_of(held_out[i]);
        status = mote_score(state, pair, 2, &nats, NULL);
        sum += (double)nats;
    }
    console_text("loss ");
    console_decimal((float)(sum / (double)sizeof held_out));
    console_text("\n");
    return status;
}

static mote_status run(void) {
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = make_model(&arena, &model);
    if (status == MOTE_OK) status = make_trainer(&arena, model, &trainer);
    if (status == MOTE_OK) status = learn(trainer);
    if (status == MOTE_OK) status = print_loss(&arena, model);
    if (status != MOTE_OK) return status;
    console_text("weights ");
    console_hex(mote_weights_hash(model), 16);
    console_text("\n");
    rows_number("parameters", 1, MOTE_PARAMS(SHAPE));
    rows_number("memory", 1, sizeof memory);
    rows_number("step", BATCHES, ticks);
    return MOTE_OK;
}

int main(void) {
    rows_clock();
    const mote_status status = run();
    console_text(mote_status_name(status));
    console_text("\n");
    return status == MOTE_OK ? 0 : 1;
}
