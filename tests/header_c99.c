/* mote.h is C99, and a C program gets by with it alone: a model and a trainer in static buffers, sized at compile time.
 */
#include "mote.h"

#define V 5
#define E 0
#define H 8
#define L 1
#define B 2
#define T 3

#define SHAPE MOTE_SHAPE_RNN(V, E, H, L)

enum { MODEL = MOTE_MODEL_BYTES(SHAPE), STATE = MOTE_STATE_BYTES(SHAPE) };
enum { TRAINER = MOTE_TRAINER_BYTES(SHAPE, B, T, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE) };

/* C99 has no _Alignas: room to align by hand. */
static unsigned char memory[MODEL + STATE + TRAINER + MOTE_ALIGN];

static void *aligned_memory(void) { return memory + (MOTE_ALIGN - (uintptr_t)memory % MOTE_ALIGN) % MOTE_ALIGN; }

/* Learns that token i is followed by token i + 1, and says what follows token 0; -1 where a call fails. */
int mote_header_c99(void);
int mote_header_c99(void) {
    static const uint16_t tokens[B * T] = {0, 1, 2, 3, 4, 0};
    static const uint16_t targets[B * T] = {1, 2, 3, 4, 0, 1};
    const mote_config config = {SHAPE, MOTE_TANH};
    const mote_init init = {{MOTE_INIT_HIDDEN_UNIFORM, 1.0f}, {MOTE_INIT_ZERO, 0.0f}, {MOTE_INIT_ZERO, 0.0f}};
    mote_train_config train = {0};
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    mote_state *state;
    const float *logits;
    mote_rng rng;
    uint16_t token;
    float loss;
    int i;

    train.batch = B;
    train.time_steps = T;
    train.state = MOTE_STATE_RESET;
    train.optimizer = MOTE_ADAGRAD;
    train.learning_rate = 0.2f;
    train.eps = 1e-8f;
    if (mote_arena_init(&arena, aligned_memory(), MODEL + STATE + TRAINER) != MOTE_OK) return -1;
    if (mote_model_random(&model, &arena, &config, NULL, &init, 1) != MOTE_OK) return -1;
    if (mote_trainer_init(&trainer, &arena, model, &train) != MOTE_OK) return -1;
    for (i = 0; i < 100; ++i)
        if (mote_train_step(trainer, tokens, targets, &loss) != MOTE_OK) return -1;
    if (mote_state_init(&state, &arena, model) != MOTE_OK) return -1;
    if (mote_step(state, 0, &logits) != MOTE_OK) return -1;
    mote_rng_init(&rng, 1, 1);
    if (mote_sample(logits, V, 0.0f, 0, &rng, &token) != MOTE_OK) return -1;
    return arena.used == arena.size ? token : -1;
}
