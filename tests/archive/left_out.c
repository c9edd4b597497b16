/* A program without the layers of an MLP or a GRU, without embeddings, weights of integers, Adagrad and biases that
 * learn alone, clipping by the norm and transposed weights: the RNN runs, completes and learns as ever, what was left
 * out is answered with MOTE_ERR_UNSUPPORTED.
 * left_out.sh looks for what was linked all the same. */
#include "mote_adapter.h"

#include <stdio.h>

MOTE_WITHOUT_INPUT(embedding);
MOTE_WITHOUT_INPUT(window);
MOTE_WITHOUT_CELL(dense);
MOTE_WITHOUT_CELL(gated);
MOTE_WITHOUT_PRECISION(int8);
MOTE_WITHOUT_PRECISION(int4);
MOTE_WITHOUT_OPTIMIZER(adagrad);
MOTE_WITHOUT_CLIPPING(norm);
MOTE_WITHOUT_WORKSPACE(packed);
MOTE_WITHOUT_LEARNING(biases);

static __attribute__((aligned(MOTE_ALIGN))) unsigned char memory[1 << 16];

static int wrong;

static void expect(const char *what, mote_status got, mote_status wanted) {
    if (got == wanted) return;
    printf("%s: %s, wanted %s\n", what, mote_status_name(got), mote_status_name(wanted));
    wrong = 1;
}

static mote_status refuse(void *user, const void *bytes, size_t count) {
    (void)user;
    (void)bytes;
    (void)count;
    return MOTE_ERR_WRITE;
}

static void use(const mote_config *config, uint32_t optimizer, mote_status runs, mote_status trains) {
    static const mote_init init = {{MOTE_INIT_NORMAL, 0.1f}, {MOTE_INIT_ZERO, 0.0f}, {MOTE_INIT_NORMAL, 0.1f}};
    static const uint32_t characters[2] = {' ', 'b'};
    static const mote_completer_options width = {2, 2, 2};
    static const uint16_t tokens[4] = {0, 1, 1, 0}, targets[2] = {1, 0};
    const mote_vocab vocab = {characters, 2, 0};
    const mote_train_config train = {
        .batch = 1, .time_steps = 2, .optimizer = optimizer, .learning_rate = 0.1f, .eps = 1e-8f};
    mote_arena arena;
    mote_model *model;
    mote_state *state;
    mote_trainer *trainer;
    mote_completer *completer;
    const float *logits;
    float loss;
    uint32_t found = 0;
    mote_arena_init(&arena, memory, sizeof memory);
    expect("mote_model_random", mote_model_random(&model, &arena, config, &vocab, &init, 1), MOTE_OK);
    expect("mote_model_save", mote_model_save(model, 0, 0, &arena, refuse, 0), runs == MOTE_OK ? MOTE_ERR_WRITE : runs);
    const size_t used = arena.used;
    expect("mote_state_init", mote_state_init(&state, &arena, model), runs);
    if (runs == MOTE_OK) expect("mote_step", mote_step(state, 1, &logits), MOTE_OK);
    if (runs != MOTE_OK && arena.used != used) expect("mote_state_init took memory", MOTE_OK, runs);
    expect("mote_completer_init", mote_completer_init(&completer, &arena, model, &width), runs);
    if (runs == MOTE_OK) {
        expect("mote_complete", mote_complete(completer, "b", 1, MOTE_UNTIL_WORD, &found), MOTE_OK);
        if (found == 0) expect("no ending", MOTE_OK, MOTE_ERR_MISSING);
    } else if (arena.used != used) {
        expect("mote_completer_init took memory", MOTE_OK, runs);
    }
    expect("mote_trainer_init", mote_trainer_init(&trainer, &arena, model, &train), trains);
    if (trains == MOTE_OK) expect("mote_train_step", mote_train_step(trainer, tokens, targets, &loss), MOTE_OK);
}

/* Its weights as integers, which nothing here runs. */
static void use_integers(const mote_config *config, uint32_t precision) {
    static const mote_init init = {{MOTE_INIT_NORMAL, 0.1f}, {MOTE_INIT_ZERO, 0.0f}, {MOTE_INIT_NORMAL, 0.1f}};
    static const uint32_t characters[2] = {'a', 'b'};
    const mote_vocab vocab = {characters, 2, 0};
    mote_arena arena;
    mote_model *model, *quantized;
    mote_state *state;
    mote_scorer *scorer;
    mote_arena_init(&arena, memory, sizeof memory);
    expect("mote_model_random", mote_model_random(&model, &arena, config, &vocab, &init, 1), MOTE_OK);
    expect("mote_model_quantize", mote_model_quantize(&quantized, &arena, model, precision, 0), MOTE_OK);
    expect("mote_state_init of integers", mote_state_init(&state, &arena, quantized), MOTE_ERR_UNSUPPORTED);
    expect("mote_scorer_init of integers", mote_scorer_init(&scorer, &arena, quantized, 1, 1), MOTE_ERR_UNSUPPORTED);
    expect("mote_model_save of integers", mote_model_save(quantized, 0, 0, &arena, refuse, 0), MOTE_ERR_UNSUPPORTED);
}

/* The output layer learns as ever, biases do not. */
static void use_adapter(const mote_config *config, uint32_t learned, mote_status learns) {
    static const mote_init init = {{MOTE_INIT_NORMAL, 0.1f}, {MOTE_INIT_ZERO, 0.0f}, {MOTE_INIT_NORMAL, 0.1f}};
    static const uint16_t tokens[2] = {0, 1}, targets[2] = {1, 0};
    const mote_train_config train = {.batch = 1, .time_steps = 2, .learning_rate = 0.1f};
    mote_arena arena;
    mote_model *model;
    mote_adapter *adapter;
    mote_learner *learner;
    float loss;
    mote_arena_init(&arena, memory, sizeof memory);
    expect("mote_model_random", mote_model_random(&model, &arena, config, 0, &init, 1), MOTE_OK);
    expect("mote_adapter_init", mote_adapter_init(&adapter, &arena, model, learned), MOTE_OK);
    expect("mote_learner_init", mote_learner_init(&learner, &arena, adapter, &train), learns);
    if (learns == MOTE_OK) expect("mote_learn_step", mote_learn_step(learner, tokens, targets, &loss), MOTE_OK);
}

/* A trainer and a learner that clip by the norm, and a trainer with transposed weights. */
static void use_training(const mote_config *config) {
    static const mote_init init = {{MOTE_INIT_NORMAL, 0.1f}, {MOTE_INIT_ZERO, 0.0f}, {MOTE_INIT_NORMAL, 0.1f}};
    mote_train_config train = {.batch = 1, .time_steps = 2, .clip_norm = 1.0f, .learning_rate = 0.1f};
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    mote_adapter *adapter;
    mote_learner *learner;
    mote_arena_init(&arena, memory, sizeof memory);
    expect("mote_model_random", mote_model_random(&model, &arena, config, 0, &init, 1), MOTE_OK);
    expect("mote_adapter_init", mote_adapter_init(&adapter, &arena, model, MOTE_LEARN_OUTPUT), MOTE_OK);
    expect("a trainer by the norm", mote_trainer_init(&trainer, &arena, model, &train), MOTE_ERR_UNSUPPORTED);
    expect("a learner by the norm", mote_learner_init(&learner, &arena, adapter, &train), MOTE_ERR_UNSUPPORTED);
    train.clip_norm = 0.0f;
    train.workspace = MOTE_WORKSPACE_PACKED;
    expect("a packed trainer", mote_trainer_init(&trainer, &arena, model, &train), MOTE_ERR_UNSUPPORTED);
    train.workspace = MOTE_WORKSPACE_NONE;
    train.clip_value = 1.0f;
    expect("a trainer by the value", mote_trainer_init(&trainer, &arena, model, &train), MOTE_OK);
}

int main(void) {
    static const mote_config rnn = {MOTE_SHAPE_RNN(2, 0, 4, 1), MOTE_TANH},
                             embedded = {MOTE_SHAPE_RNN(2, 3, 4, 1), MOTE_TANH},
                             gru = {MOTE_SHAPE_GRU(2, 0, 4, 1), MOTE_TANH},
                             mlp = {MOTE_SHAPE_MLP(2, 2, 1, 4, 1), MOTE_TANH};
    use(&rnn, MOTE_SGD, MOTE_OK, MOTE_OK);
    use(&rnn, MOTE_ADAMW, MOTE_OK, MOTE_OK);
    use(&rnn, MOTE_ADAGRAD, MOTE_OK, MOTE_ERR_UNSUPPORTED);
    use(&embedded, MOTE_SGD, MOTE_ERR_UNSUPPORTED, MOTE_ERR_UNSUPPORTED);
    use(&gru, MOTE_SGD, MOTE_ERR_UNSUPPORTED, MOTE_ERR_UNSUPPORTED);
    use(&mlp, MOTE_SGD, MOTE_ERR_UNSUPPORTED, MOTE_ERR_UNSUPPORTED);
    use_training(&rnn);
    use_integers(&rnn, MOTE_PRECISION_INT8);
    use_integers(&rnn, MOTE_PRECISION_INT4);
    use_adapter(&rnn, MOTE_LEARN_OUTPUT, MOTE_OK);
    use_adapter(&rnn, MOTE_LEARN_BIASES, MOTE_ERR_UNSUPPORTED);
    use_adapter(&rnn, MOTE_LEARN_OUTPUT | MOTE_LEARN_BIASES, MOTE_ERR_UNSUPPORTED);
    return wrong;
}
