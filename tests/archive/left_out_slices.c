/* A program that takes an RNN's steps in slices and leaves out what these have for GRUs, windows and integers: that is
 * answered with MOTE_ERR_UNSUPPORTED, though the models themselves run and learn. */
#include "mote_slices.h"

#include <stdio.h>

MOTE_WITHOUT_CELL_SLICES(gated);
MOTE_WITHOUT_INPUT_SLICES(window);
MOTE_WITHOUT_PRECISION_SLICES(int8);
MOTE_WITHOUT_PRECISION_SLICES(int4);

static __attribute__((aligned(MOTE_ALIGN))) unsigned char memory[1 << 16];

static int wrong;

static void expect(const char *what, mote_status got, mote_status wanted) {
    if (got == wanted) return;
    printf("%s: %s, wanted %s\n", what, mote_status_name(got), mote_status_name(wanted));
    wrong = 1;
}

static void read_in_slices(mote_arena *arena, const mote_model *model, mote_status wanted) {
    mote_state *state;
    const float *logits = 0;
    expect("mote_state_init", mote_state_init(&state, arena, model), MOTE_OK);
    expect("mote_step_begin", mote_step_begin(state, 1), wanted);
    expect("mote_step_slice", mote_step_slice(state, 1000000, &logits),
           wanted == MOTE_OK ? MOTE_OK : MOTE_ERR_SEQUENCE);
    expect("mote_step", mote_step(state, 1, &logits), MOTE_OK);
}

static void use(const mote_config *config, mote_status learns, mote_status runs) {
    static const mote_init init = {{MOTE_INIT_NORMAL, 0.1f}, {MOTE_INIT_ZERO, 0.0f}, {MOTE_INIT_NORMAL, 0.1f}};
    static const uint16_t tokens[4] = {0, 1, 1, 0}, targets[2] = {1, 0};
    const mote_train_config train = {.batch = 1, .time_steps = 2, .learning_rate = 0.1f};
    mote_arena arena;
    mote_model *model, *integers;
    mote_trainer *trainer;
    mote_slices *slices;
    float loss;
    uint32_t done;
    mote_arena_init(&arena, memory, sizeof memory);
    expect("mote_model_random", mote_model_random(&model, &arena, config, 0, &init, 1), MOTE_OK);
    read_in_slices(&arena, model, runs);
    for (uint32_t precision = MOTE_PRECISION_INT8; precision <= MOTE_PRECISION_INT4; precision++) {
        expect("mote_model_quantize", mote_model_quantize(&integers, &arena, model, precision, 0), MOTE_OK);
        read_in_slices(&arena, integers, MOTE_ERR_UNSUPPORTED);
    }
    expect("mote_trainer_init", mote_trainer_init(&trainer, &arena, model, &train), MOTE_OK);
    const size_t used = arena.used;
    expect("mote_slices_init", mote_slices_init(&slices, &arena, trainer), learns);
    if (learns == MOTE_OK) {
        expect("mote_train_begin", mote_train_begin(slices, tokens, targets), MOTE_OK);
        expect("mote_train_slice", mote_train_slice(slices, 1000000, &done, &loss), MOTE_OK);
    } else if (arena.used != used) {
        expect("mote_slices_init took memory", MOTE_OK, learns);
    }
    expect("mote_train_step", mote_train_step(trainer, tokens, targets, &loss), MOTE_OK);
}

int main(void) {
    static const mote_config rnn = {MOTE_SHAPE_RNN(2, 0, 4, 1), MOTE_TANH},
                             gru = {MOTE_SHAPE_GRU(2, 0, 4, 1), MOTE_TANH},
                             mlp = {MOTE_SHAPE_MLP(2, 2, 1, 4, 1), MOTE_TANH};
    use(&rnn, MOTE_OK, MOTE_OK);
    use(&gru, MOTE_ERR_UNSUPPORTED, MOTE_ERR_UNSUPPORTED);
    use(&mlp, MOTE_ERR_UNSUPPORTED, MOTE_OK);
    return wrong;
}
