/* Training steps and steps of inference in slices: what a step takes at once, and for each budget what it takes in
 * slices and what its longest call takes. Prints rows as instructions.c does. */
#include "mote_slices.h"

#include "console.h"
#include "networks.h"
#include "rows.h"
#include "timer.h"

#include <stdbool.h>
#include <string.h>

enum { TIME = 16, STEPS = 2, BUDGETS = 5, NAME = 32 };
static const uint32_t budgets[BUDGETS] = {1000, 3000, 10000, 30000, 100000};

static __attribute__((aligned(MOTE_ALIGN))) unsigned char memory[1024 * 1024];
static mote_arena arena;

/* A row's name: a prefix, the budget, what it is. */
static const char *name_of(const char *prefix, uint32_t budget, const char *what) {
    static char name[NAME];
    char digits[11];
    size_t at = sizeof digits - 1, length = strlen(prefix);
    digits[at] = 0;
    for (; budget != 0; budget /= 10) digits[--at] = (char)('0' + budget % 10);
    memcpy(name, prefix, length);
    memcpy(name + length, digits + at, sizeof digits - at);
    strcat(name, what);
    return name;
}

static mote_trainer *trainer;
static mote_slices *slices;
static mote_state *state;
static uint16_t tokens[TIME], targets[TIME];
static uint32_t longest;

static mote_status learn_at_once(uint32_t budget) {
    float loss;
    (void)budget;
    return mote_train_step(trainer, tokens, targets, &loss);
}

static mote_status learn(uint32_t budget) {
    float loss;
    uint32_t done = 0;
    mote_status status = mote_train_begin(slices, tokens, targets);
    while (status == MOTE_OK && done == 0) status = mote_train_slice(slices, budget, &done, &loss);
    return status;
}

static mote_status learn_timed(uint32_t budget) {
    float loss;
    uint32_t done = 0;
    mote_status status = mote_train_begin(slices, tokens, targets);
    while (status == MOTE_OK && done == 0) {
        timer_start();
        status = mote_train_slice(slices, budget, &done, &loss);
        const uint32_t ticks = timer_ticks();
        if (ticks > longest) longest = ticks;
    }
    return status;
}

static mote_status read_at_once(uint32_t budget) {
    const float *logits;
    (void)budget;
    return mote_step(state, 5, &logits);
}

static mote_status read_character(uint32_t budget) {
    const float *logits = 0;
    mote_status status = mote_step_begin(state, 5);
    while (status == MOTE_OK && logits == 0) status = mote_step_slice(state, budget, &logits);
    return status;
}

static mote_status read_timed(uint32_t budget) {
    const float *logits = 0;
    mote_status status = mote_step_begin(state, 5);
    while (status == MOTE_OK && logits == 0) {
        timer_start();
        status = mote_step_slice(state, budget, &logits);
        const uint32_t ticks = timer_ticks();
        if (ticks > longest) longest = ticks;
    }
    return status;
}

typedef mote_status (*work)(uint32_t budget);

/* The model of every run, and how it is trained; an optimizer of none: it reads a character. */
enum { NONE = MOTE_OPTIMIZER_COUNT };
static const mote_config *config;
static uint32_t optimizer;
static float clip_norm;

/* A model anew, so that each run does the same work. */
static mote_status begin(void) {
    const mote_train_config train = {.batch = 1,
                                     .time_steps = TIME,
                                     .loss = MOTE_LOSS_MEAN,
                                     .state = MOTE_STATE_CARRY,
                                     .workspace = MOTE_WORKSPACE_NONE,
                                     .optimizer = optimizer,
                                     .clip_norm = clip_norm,
                                     .learning_rate = 0.01f,
                                     .beta1 = 0.9f,
                                     .beta2 = 0.999f,
                                     .eps = 1e-8f};
    mote_model *model;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = network_make(&model, &arena, config);
    if (status == MOTE_OK && optimizer == NONE) return mote_state_init(&state, &arena, model);
    for (uint32_t i = 0; i < TIME; i++) tokens[i] = (uint16_t)(i * 5 % config->vocab);
    for (uint32_t i = 0; i < TIME; i++) targets[i] = (uint16_t)((i + 1) * 5 % config->vocab);
    if (status == MOTE_OK) status = mote_trainer_init(&trainer, &arena, model, &train);
    return status == MOTE_OK ? mote_slices_init(&slices, &arena, trainer) : status;
}

static mote_status run(work steps, uint32_t budget) {
    mote_status status = begin();
    timer_start();
    for (uint32_t i = 0; i < STEPS && status == MOTE_OK; i++) status = steps(budget);
    return status;
}

static mote_status measure(const char *prefix, const mote_config *c, uint32_t trained_with, float clip) {
    const bool learns = trained_with != NONE;
    config = c;
    optimizer = trained_with;
    clip_norm = clip;
    mote_status status = run(learns ? learn_at_once : read_at_once, 0);
    rows_ticks(name_of(prefix, 0, "step"), STEPS);
    for (uint32_t b = 0; b < BUDGETS && status == MOTE_OK; b++) {
        status = run(learns ? learn : read_character, budgets[b]);
        rows_ticks(name_of(prefix, budgets[b], "-step"), STEPS);
        longest = 0;
        if (status == MOTE_OK) status = run(learns ? learn_timed : read_timed, budgets[b]);
        rows_number(name_of(prefix, budgets[b], "-longest"), 1, longest);
    }
    return status;
}

int main(void) {
    rows_clock();
    mote_status status = measure("slices-sgd-", &network_rnn, MOTE_SGD, 0);
    if (status == MOTE_OK) status = measure("slices-adamw-", &network_rnn, MOTE_ADAMW, 1);
    if (status == MOTE_OK) status = measure("slices-gru-", &network_gru, MOTE_SGD, 0);
    if (status == MOTE_OK) status = measure("slices-wide-", &network_wide, NONE, 0);
    if (status == MOTE_OK) status = measure("slices-wide-int8-", &network_wide_int8, NONE, 0);
    console_text(mote_status_name(status));
    console_text("\n");
    return status == MOTE_OK ? 0 : 1;
}
