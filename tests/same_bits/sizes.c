/* The sizes that mote needs, as macros and as functions: each pair must agree, and every target must print the same. */
#include "console.h"
#include "mote.h"

enum { CONFIGS = 160 };

/* All sizes of one configuration, by the macros: a list for the initializer of an array. */
#define ALL_SIZES(V, E, H, L, B, T, O, W)                                                                              \
    {                                                                                                                  \
        MOTE_RNN_PARAMS(V, E, H, L), MOTE_RNN_WEIGHTS(V, E, H, L), MOTE_RNN_MODEL_BYTES(V, E, H, L),                   \
            MOTE_RNN_STATE_BYTES(V, E, H, L), MOTE_RNN_SCRATCH_BYTES(V, E, H, L), MOTE_RNN_BLOB_BYTES(V, E, H, L),     \
            MOTE_RNN_TRAINER_BYTES(V, E, H, L, B, T, O, W), MOTE_RNN_CHECKPOINT_BYTES(V, E, H, L, B, O)                \
    }
enum { SIZES = 8, MODEL = 2, TRAINER = 6, CHECKPOINT = 7 };
static const char *const names[SIZES] = {"params",  "weights", "model",   "state",
                                         "scratch", "blob",    "trainer", "checkpoint"};

typedef struct shape {
    uint32_t V, E, H, L, B, T, O, W;
} shape;

/* The macros as constant expressions: what gives a static array its length. */
#define CONSTANT(V, E, H, L, B, T, O, W)                                                                               \
    { {V, E, H, L, B, T, O, W}, ALL_SIZES(V, E, H, L, B, T, O, W) }
static const struct constant {
    shape of;
    uint64_t sizes[SIZES];
} constants[] = {
    CONSTANT(2, 0, 1, 1, 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT(27, 0, 30, 1, 1, 25, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE),
    CONSTANT(27, 10, 64, 2, 1, 25, MOTE_ADAMW, MOTE_WORKSPACE_NONE),
    CONSTANT(65, 0, 256, 1, 32, 64, MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT(65, 17, 100, 3, 8, 16, MOTE_MOMENTUM, MOTE_WORKSPACE_PACKED),
    CONSTANT(MOTE_MAX_VOCAB, 1, 1, MOTE_MAX_LAYERS, 1, 1, MOTE_SGD, MOTE_WORKSPACE_PACKED),
    CONSTANT(MOTE_MAX_VOCAB, MOTE_MAX_WIDTH, MOTE_MAX_WIDTH, MOTE_MAX_LAYERS, 65536, 65536, MOTE_ADAMW,
             MOTE_WORKSPACE_PACKED),
};
typedef unsigned char arena[MOTE_RNN_MODEL_BYTES(27, 10, 64, 2) + MOTE_RNN_STATE_BYTES(27, 10, 64, 2)];

/* Mostly what a user would choose, and now and then as large as the limits allow. */
static uint32_t draw(mote_rng *rng, uint32_t usual, uint32_t limit) {
    return mote_rng_below(rng, 8) == 0 ? limit - mote_rng_below(rng, 3) : mote_rng_below(rng, usual);
}

static shape draw_shape(mote_rng *rng) {
    shape drawn;
    drawn.V = 2 + draw(rng, 300, MOTE_MAX_VOCAB - 2);
    drawn.E = mote_rng_below(rng, 2) * draw(rng, 100, MOTE_MAX_WIDTH);
    drawn.H = 1 + draw(rng, 600, MOTE_MAX_WIDTH - 1);
    drawn.L = 1 + draw(rng, 4, MOTE_MAX_LAYERS - 1);
    drawn.B = 1 + draw(rng, 64, 65535);
    drawn.T = 1 + draw(rng, 100, 65535);
    drawn.O = mote_rng_below(rng, 4);
    drawn.W = mote_rng_below(rng, 2);
    return drawn;
}

static void call_functions(const shape *of, size_t sizes[SIZES]) {
    const mote_config config = {MOTE_RNN, MOTE_TANH, of->V, 0, of->E, of->H, of->L};
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

static uint32_t report(const shape *of, const uint64_t macros[SIZES]) {
    const uint32_t numbers[] = {of->V, of->E, of->H, of->L, of->B, of->T, of->O, of->W};
    size_t functions[SIZES];
    uint32_t failures = 0;
    call_functions(of, functions);
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
        failures += report(&constants[i].of, constants[i].sizes);
    }
    mote_rng_init(&rng, 160, 0);
    for (int i = 0; i < CONFIGS; i++) {
        const shape s = draw_shape(&rng);
        const uint64_t sizes[SIZES] = ALL_SIZES(s.V, s.E, s.H, s.L, s.B, s.T, s.O, s.W);
        failures += report(&s, sizes);
    }
    console_text("end failures=");
    console_number(failures);
    console_text("\n");
    return failures == 0 ? 0 : 1;
}
