/* The sizes that mote needs, as macros and as functions: each pair must agree, and every target must print the same. */
#include "console.h"
#include "mote.h"

enum { CONFIGS = 160 }; /* of each model */

/* All sizes of one configuration, by the macros: lists for the initializer of an array. */
#define BIGRAM_SIZES(V, C, E, H, L, B, T, O, W)                                                                        \
    {                                                                                                                  \
        MOTE_BIGRAM_PARAMS(V), MOTE_BIGRAM_WEIGHTS(V), MOTE_BIGRAM_MODEL_BYTES(V), MOTE_BIGRAM_STATE_BYTES(V),         \
            MOTE_BIGRAM_SCRATCH_BYTES(V), MOTE_BIGRAM_BLOB_BYTES(V), MOTE_BIGRAM_TRAINER_BYTES(V, B, T, O, W),         \
            MOTE_BIGRAM_CHECKPOINT_BYTES(V, O)                                                                         \
    }
#define MLP_SIZES(V, C, E, H, L, B, T, O, W)                                                                           \
    {                                                                                                                  \
        MOTE_MLP_PARAMS(V, C, E, H, L), MOTE_MLP_WEIGHTS(V, C, E, H, L), MOTE_MLP_MODEL_BYTES(V, C, E, H, L),          \
            MOTE_MLP_STATE_BYTES(V, C, E, H, L), MOTE_MLP_SCRATCH_BYTES(V, C, E, H, L),                                \
            MOTE_MLP_BLOB_BYTES(V, C, E, H, L), MOTE_MLP_TRAINER_BYTES(V, C, E, H, L, B, T, O, W),                     \
            MOTE_MLP_CHECKPOINT_BYTES(V, C, E, H, L, O)                                                                \
    }
#define RNN_SIZES(V, C, E, H, L, B, T, O, W)                                                                           \
    {                                                                                                                  \
        MOTE_RNN_PARAMS(V, E, H, L), MOTE_RNN_WEIGHTS(V, E, H, L), MOTE_RNN_MODEL_BYTES(V, E, H, L),                   \
            MOTE_RNN_STATE_BYTES(V, E, H, L), MOTE_RNN_SCRATCH_BYTES(V, E, H, L), MOTE_RNN_BLOB_BYTES(V, E, H, L),     \
            MOTE_RNN_TRAINER_BYTES(V, E, H, L, B, T, O, W), MOTE_RNN_CHECKPOINT_BYTES(V, E, H, L, B, O)                \
    }
enum { SIZES = 8, MODEL = 2, TRAINER = 6, CHECKPOINT = 7 };
static const char *const names[SIZES] = {"params",  "weights", "model",   "state",
                                         "scratch", "blob",    "trainer", "checkpoint"};

typedef struct shape {
    uint32_t V, C, E, H, L, B, T, O, W;
} shape;
typedef struct size_list {
    uint64_t of[SIZES];
} size_list;

/* The macros as constant expressions: what gives a static array its length. */
#define CONSTANT(arch, V, C, E, H, L, B, T, O, W)                                                                      \
    {                                                                                                                  \
        MOTE_##arch, {V, C, E, H, L, B, T, O, W}, { arch##_SIZES(V, C, E, H, L, B, T, O, W) }                          \
    }
static const struct constant {
    uint32_t arch;
    shape shape;
    size_list sizes;
} constants[] = {
    CONSTANT(RNN, 2, 0, 0, 1, 1, 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT(RNN, 27, 0, 0, 30, 1, 1, 25, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE),
    CONSTANT(RNN, 27, 0, 10, 64, 2, 1, 25, MOTE_ADAMW, MOTE_WORKSPACE_NONE),
    CONSTANT(RNN, 65, 0, 0, 256, 1, 32, 64, MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT(RNN, 65, 0, 17, 100, 3, 8, 16, MOTE_MOMENTUM, MOTE_WORKSPACE_PACKED),
    CONSTANT(RNN, MOTE_MAX_VOCAB, 0, 1, 1, MOTE_MAX_LAYERS, 1, 1, MOTE_SGD, MOTE_WORKSPACE_PACKED),
    CONSTANT(RNN, MOTE_MAX_VOCAB, 0, MOTE_MAX_WIDTH, MOTE_MAX_WIDTH, MOTE_MAX_LAYERS, 65536, 65536, MOTE_ADAMW,
             MOTE_WORKSPACE_PACKED),
    CONSTANT(MLP, 2, 1, 1, 1, 1, 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT(MLP, 27, 3, 10, 200, 1, 32, 1, MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT(MLP, 2, MOTE_MAX_CONTEXT, 1, 1, 1, 65536, 1, MOTE_SGD, MOTE_WORKSPACE_PACKED),
    CONSTANT(MLP, MOTE_MAX_VOCAB, MOTE_MAX_CONTEXT, MOTE_MAX_WIDTH, MOTE_MAX_WIDTH, MOTE_MAX_LAYERS, 65536, 65536,
             MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT(BIGRAM, 2, 0, 0, 0, 0, 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT(BIGRAM, 27, 0, 0, 0, 0, 32, 8, MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT(BIGRAM, MOTE_MAX_VOCAB, 0, 0, 0, 0, 65536, 65536, MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
};
typedef unsigned char arena[MOTE_RNN_MODEL_BYTES(27, 10, 64, 2) + MOTE_RNN_STATE_BYTES(27, 10, 64, 2) +
                            MOTE_MLP_MODEL_BYTES(27, 3, 10, 64, 2) + MOTE_MLP_STATE_BYTES(27, 3, 10, 64, 2) +
                            MOTE_BIGRAM_MODEL_BYTES(27) + MOTE_BIGRAM_STATE_BYTES(27)];

/* Mostly what a user would choose, and now and then as large as the limits allow. */
static uint32_t draw(mote_rng *rng, uint32_t usual, uint32_t limit) {
    return mote_rng_below(rng, 8) == 0 ? limit - mote_rng_below(rng, 3) : mote_rng_below(rng, usual);
}

static shape draw_shape(mote_rng *rng) {
    shape drawn;
    drawn.V = 2 + draw(rng, 300, MOTE_MAX_VOCAB - 2);
    drawn.C = 1 + draw(rng, 16, MOTE_MAX_CONTEXT - 1);
    drawn.E = draw(rng, 100, MOTE_MAX_WIDTH);
    if (mote_rng_below(rng, 2) == 0) drawn.E = 0;
    drawn.H = 1 + draw(rng, 600, MOTE_MAX_WIDTH - 1);
    drawn.L = 1 + draw(rng, 4, MOTE_MAX_LAYERS - 1);
    drawn.B = 1 + draw(rng, 64, 65535);
    drawn.T = 1 + draw(rng, 100, 65535);
    drawn.O = mote_rng_below(rng, 4);
    drawn.W = mote_rng_below(rng, 2);
    return drawn;
}

static mote_config config_of(uint32_t arch, const shape *of) {
    if (arch == MOTE_BIGRAM) return (mote_config){MOTE_BIGRAM, 0, of->V, 0, 0, 0, 0};
    return (mote_config){arch, MOTE_TANH, of->V, arch == MOTE_MLP ? of->C : 0, of->E, of->H, of->L};
}

static size_list macros_of(uint32_t arch, const shape *of) {
    const uint32_t V = of->V, C = of->C, E = of->E, H = of->H, L = of->L, B = of->B, T = of->T, O = of->O, W = of->W;
    const size_list bigram = {BIGRAM_SIZES(V, C, E, H, L, B, T, O, W)}, mlp = {MLP_SIZES(V, C, E, H, L, B, T, O, W)},
                    rnn = {RNN_SIZES(V, C, E, H, L, B, T, O, W)};
    return arch == MOTE_BIGRAM ? bigram : arch == MOTE_MLP ? mlp : rnn;
}

static void call_functions(uint32_t arch, const shape *of, size_t sizes[SIZES]) {
    const mote_config config = config_of(arch, of);
    mote_train_config train = {0};
    train.batch = of->B;
    train.time = of->T;
    train.optimizer = of->O;
    train.workspace = of->W;
    train.rate = 0.1f;
    train.momentum = train.beta1 = train.beta2 = 0.9f;
    train.eps = 1e-8f;
    sizes[0] = mote_param_count(&config);
    sizes[1] = mote_weight_count(&config);
    sizes[MODEL] = mote_model_bytes(&config);
    sizes[3] = mote_state_bytes(&config);
    sizes[4] = mote_scratch_bytes(&config);
    sizes[5] = mote_blob_bytes(&config);
    sizes[TRAINER] = mote_trainer_bytes(&config, &train);
    sizes[CHECKPOINT] = mote_checkpoint_bytes(&config, &train);
}

/* What the functions must say: 0 for what is larger than 2^32 - 1, for everything of a model that is, and for the
 * checkpoint of a trainer that is. */
static uint64_t expected(const uint64_t macros[SIZES], size_t i) {
    const uint64_t limit = 0xFFFFFFFFu;
    if (macros[MODEL] > limit || macros[i] > limit || (i == CHECKPOINT && macros[TRAINER] > limit)) return 0;
    return macros[i];
}

static uint32_t report(uint32_t arch, const shape *of, const uint64_t macros[SIZES]) {
    const uint32_t numbers[] = {arch, of->V, of->C, of->E, of->H, of->L, of->B, of->T, of->O, of->W};
    size_t functions[SIZES];
    uint32_t failures = 0;
    call_functions(arch, of, functions);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (i != 0) console_text(",");
        console_number(numbers[i]);
    }
    for (size_t i = 0; i < SIZES; i++) {
        console_text(" ");
        console_text(names[i]);
        console_text("=");
        console_number(macros[i]);
        console_text("/");
        console_number(functions[i]);
        if (functions[i] == expected(macros, i)) continue;
        console_text("(wrong)");
        failures++;
    }
    console_text("\n");
    return failures;
}

static void report_structs(void) {
    console_text("static ");
    console_number(sizeof(arena));
    console_text(" structs");
    const size_t sizes[] = {sizeof(mote_config),   sizeof(mote_train_config), sizeof(mote_init),
                            sizeof(mote_schedule), sizeof(mote_run),          sizeof(mote_rng)};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        console_text(" ");
        console_number(sizes[i]);
    }
    console_text("\n");
}

int main(void) {
    mote_rng rng;
    uint32_t failures = 0;
    report_structs();
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        failures += report(constants[i].arch, &constants[i].shape, constants[i].sizes.of);
    }
    mote_rng_init(&rng, 160, 0);
    for (int i = 0; i < CONFIGS; i++) {
        for (uint32_t arch = MOTE_BIGRAM; arch <= MOTE_RNN; arch++) {
            shape drawn = draw_shape(&rng);
            if (arch == MOTE_MLP && drawn.E == 0) drawn.E = 1;
            const size_list macros = macros_of(arch, &drawn);
            failures += report(arch, &drawn, macros.of);
        }
    }
    console_text("end failures=");
    console_number(failures);
    console_text("\n");
    return failures == 0 ? 0 : 1;
}
