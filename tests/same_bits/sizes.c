/* The sizes that mote needs, as macros and as functions: each pair must agree, and every target must print the same. */
#include "console.h"
#include "mote.h"

enum { CONFIGS = 160 }; /* of each model */

/* All sizes of one configuration, by the macros: a list for the initializer of an array. SHAPE is one of
 * mote_sizes.h's, in parentheses. */
#define EACH(...) __VA_ARGS__
/* Of a completer, from what is drawn for a trainer. */
#define WIDTH_OF(n) ((n) % MOTE_COMPLETER_MAX_WIDTH + 1)
#define LENGTH_OF(n) ((n) % MOTE_COMPLETER_MAX_LENGTH + 1)
#define ALL_SIZES(SHAPE, B, T, O, W)                                                                                   \
    {                                                                                                                  \
        MOTE_PARAMS(EACH SHAPE), MOTE_WEIGHTS(EACH SHAPE), MOTE_MODEL_BYTES(EACH SHAPE), MOTE_STATE_BYTES(EACH SHAPE), \
            MOTE_SCRATCH_BYTES(EACH SHAPE), MOTE_BLOB_BYTES(EACH SHAPE), MOTE_TRAINER_BYTES(EACH SHAPE, B, T, O, W),   \
            MOTE_CHECKPOINT_BYTES(EACH SHAPE, B, O), MOTE_CODEC_BYTES(EACH SHAPE),                                     \
            MOTE_COMPLETER_BYTES(EACH SHAPE, WIDTH_OF(B), LENGTH_OF(T), WIDTH_OF(T))                                   \
    }
enum { SIZES = 10, MODEL = 2, TRAINER = 6, CHECKPOINT = 7, CODEC = 8, COMPLETER = 9 };
static const char *const names[SIZES] = {"params", "weights", "model",      "state", "scratch",
                                         "blob",   "trainer", "checkpoint", "codec", "completer"};

typedef struct sized {
    mote_config config;
    uint32_t B, T, O, W;
} sized;
typedef struct size_list {
    uint64_t of[SIZES];
} size_list;

/* The macros as constant expressions: what gives a static array its length. */
#define CONSTANT(SHAPE, B, T, O, W)                                                                                    \
    {                                                                                                                  \
        {{EACH SHAPE, 0}, B, T, O, W}, { ALL_SIZES(SHAPE, B, T, O, W) }                                                \
    }
static const struct constant {
    sized what;
    size_list sizes;
} constants[] = {
    CONSTANT((MOTE_SHAPE_RNN(2, 0, 1, 1)), 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_RNN(27, 0, 30, 1)), 1, 25, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_RNN(27, 10, 64, 2)), 1, 25, MOTE_ADAMW, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_RNN(65, 0, 256, 1)), 32, 64, MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT((MOTE_SHAPE_RNN(65, 17, 100, 3)), 8, 16, MOTE_MOMENTUM, MOTE_WORKSPACE_PACKED),
    CONSTANT((MOTE_SHAPE_RNN(MOTE_MAX_VOCAB, 1, 1, MOTE_MAX_LAYERS)), 1, 1, MOTE_SGD, MOTE_WORKSPACE_PACKED),
    CONSTANT((MOTE_SHAPE_RNN(MOTE_MAX_VOCAB, MOTE_MAX_WIDTH, MOTE_MAX_WIDTH, MOTE_MAX_LAYERS)), 65536, 65536,
             MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT((MOTE_SHAPE_GRU(2, 0, 1, 1)), 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_GRU(27, 10, 70, 2)), 32, 16, MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT((MOTE_SHAPE_GRU(MOTE_MAX_VOCAB, MOTE_MAX_WIDTH, MOTE_MAX_WIDTH, MOTE_MAX_LAYERS)), 65536, 65536,
             MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT((MOTE_SHAPE_MLP(2, 1, 1, 1, 1)), 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_MLP(27, 3, 10, 200, 1)), 32, 1, MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT((MOTE_SHAPE_MLP(2, MOTE_MAX_CONTEXT, 1, 1, 1)), 65536, 1, MOTE_SGD, MOTE_WORKSPACE_PACKED),
    CONSTANT((MOTE_SHAPE_MLP(MOTE_MAX_VOCAB, MOTE_MAX_CONTEXT, MOTE_MAX_WIDTH, MOTE_MAX_WIDTH, MOTE_MAX_LAYERS)), 65536,
             65536, MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT((MOTE_SHAPE_BIGRAM(2)), 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_BIGRAM(27)), 32, 8, MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT((MOTE_SHAPE_BIGRAM(MOTE_MAX_VOCAB)), 65536, 65536, MOTE_ADAMW, MOTE_WORKSPACE_PACKED),
    CONSTANT((MOTE_SHAPE_INT8(MOTE_SHAPE_RNN(27, 10, 64, 2))), 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_INT8(MOTE_SHAPE_GRU(65, 0, 70, 1))), 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_INT8(MOTE_SHAPE_MLP(27, 3, 10, 64, 2))), 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_INT8(MOTE_SHAPE_RNN(MOTE_MAX_VOCAB, MOTE_MAX_WIDTH, MOTE_MAX_WIDTH, MOTE_MAX_LAYERS))), 1, 1,
             MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_INT8(MOTE_SHAPE_BIGRAM(MOTE_MAX_VOCAB))), 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_INT4(MOTE_SHAPE_RNN(27, 10, 70, 2))), 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_INT4(MOTE_SHAPE_GRU(MOTE_MAX_VOCAB, MOTE_MAX_WIDTH, MOTE_MAX_WIDTH, MOTE_MAX_LAYERS))), 1, 1,
             MOTE_SGD, MOTE_WORKSPACE_NONE),
    CONSTANT((MOTE_SHAPE_INT4(MOTE_SHAPE_BIGRAM(130))), 1, 1, MOTE_SGD, MOTE_WORKSPACE_NONE),
};
typedef unsigned char
    arena[MOTE_MODEL_BYTES(MOTE_SHAPE_RNN(27, 10, 64, 2)) + MOTE_STATE_BYTES(MOTE_SHAPE_RNN(27, 10, 64, 2)) +
          MOTE_MODEL_BYTES(MOTE_SHAPE_MLP(27, 3, 10, 64, 2)) + MOTE_STATE_BYTES(MOTE_SHAPE_MLP(27, 3, 10, 64, 2)) +
          MOTE_MODEL_BYTES(MOTE_SHAPE_BIGRAM(27)) + MOTE_STATE_BYTES(MOTE_SHAPE_BIGRAM(27))];

/* Mostly what a user would choose, and now and then as large as the limits allow. */
static uint32_t draw(mote_rng *rng, uint32_t usual, uint32_t limit) {
    return mote_rng_below(rng, 8) == 0 ? limit - mote_rng_below(rng, 3) : mote_rng_below(rng, usual);
}

/* The configuration of each kind that fits what is drawn. */
static sized draw_sized(mote_rng *rng, uint32_t cell) {
    const uint32_t vocab = 2 + draw(rng, 300, MOTE_MAX_VOCAB - 2), context = 1 + draw(rng, 16, MOTE_MAX_CONTEXT - 1);
    uint32_t embed = draw(rng, 100, MOTE_MAX_WIDTH);
    if (mote_rng_below(rng, 2) == 0) embed = 0;
    const uint32_t hidden = 1 + draw(rng, 600, MOTE_MAX_WIDTH - 1), layers = 1 + draw(rng, 4, MOTE_MAX_LAYERS - 1);
    sized drawn;
    drawn.config = (mote_config){MOTE_SHAPE_RNN(vocab, embed, hidden, layers), MOTE_TANH};
    if (cell == MOTE_CELL_NONE) drawn.config = (mote_config){MOTE_SHAPE_BIGRAM(vocab), 0};
    if (cell == MOTE_CELL_DENSE)
        drawn.config = (mote_config){MOTE_SHAPE_MLP(vocab, context, embed == 0 ? 1 : embed, hidden, layers), MOTE_TANH};
    if (cell == MOTE_CELL_GATED) drawn.config = (mote_config){MOTE_SHAPE_GRU(vocab, embed, hidden, layers), MOTE_TANH};
    if (mote_rng_below(rng, 4) == 0 && (uint64_t)context * embed <= MOTE_MAX_INTEGER_INPUTS)
        drawn.config.precision = 1 + mote_rng_below(rng, MOTE_PRECISION_COUNT - 1);
    drawn.B = 1 + draw(rng, 64, 65535);
    drawn.T = 1 + draw(rng, 100, 65535);
    drawn.O = mote_rng_below(rng, 4);
    drawn.W = mote_rng_below(rng, 2);
    return drawn;
}

static size_list macros_of(const sized *s) {
    const size_list sizes = {ALL_SIZES((MOTE_SHAPE_OF(s->config)), s->B, s->T, s->O, s->W)};
    return sizes;
}

static void call_functions(const sized *of, size_t sizes[SIZES]) {
    mote_config config = of->config;
    config.activation = config.layers != 0 ? MOTE_TANH : 0;
    mote_train_config train = {0};
    train.batch = of->B;
    train.time_steps = of->T;
    train.optimizer = of->O;
    train.workspace = of->W;
    train.learning_rate = 0.1f;
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
    sizes[CODEC] = mote_codec_bytes(&config);
    const mote_completer_options options = {WIDTH_OF(of->B), LENGTH_OF(of->T), WIDTH_OF(of->T)};
    sizes[COMPLETER] = mote_completer_bytes(&config, &options);
}

/* What the functions must say: 0 for what is larger than 2^32 - 1, for everything of a model that is, for the
 * checkpoint of a trainer that is, for the training of what does not learn, and for a codec of too many tokens. */
static uint64_t expected(const mote_config *config, const uint64_t macros[SIZES], size_t i) {
    if (config->precision != MOTE_PRECISION_FLOAT32 && (i == TRAINER || i == CHECKPOINT)) return 0;
    const uint64_t limit = 0xFFFFFFFFu;
    if (i == CODEC && config->vocab > MOTE_CODEC_MAX_VOCAB) return 0;
    if (macros[MODEL] > limit || macros[i] > limit || (i == CHECKPOINT && macros[TRAINER] > limit)) return 0;
    return macros[i];
}

static uint32_t report(const sized *of, const uint64_t macros[SIZES]) {
    const mote_config *c = &of->config;
    const uint32_t numbers[] = {c->input,  c->cell,      c->vocab, c->context, c->embed, c->hidden,
                                c->layers, c->precision, of->B,    of->T,      of->O,    of->W};
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
        if (functions[i] == expected(c, macros, i)) continue;
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
    const size_t sizes[] = {sizeof(mote_config), sizeof(mote_train_config), sizeof(mote_init), sizeof(mote_schedule),
                            sizeof(mote_rng)};
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
        failures += report(&constants[i].what, constants[i].sizes.of);
    }
    mote_rng_init(&rng, 160, 0);
    for (int i = 0; i < CONFIGS; i++) {
        for (uint32_t cell = MOTE_CELL_NONE; cell <= MOTE_CELL_COUNT; cell++) {
            const sized drawn = draw_sized(&rng, cell);
            const size_list macros = macros_of(&drawn);
            failures += report(&drawn, macros.of);
        }
    }
    console_text("end failures=");
    console_number(failures);
    console_text("\n");
    return failures == 0 ? 0 : 1;
}
