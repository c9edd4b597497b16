/* only_model write BLOB | run BLOB | refuse BLOB: of the model MODEL, a shape and an activation, what a library for it
 * alone has to compute as one for every model does. run.sh compiles it with both, and MODEL differs from one to the
 * next.
 *
 * write makes the blob: random weights, or integers of them. run prints logits, draws, and of weights of float32 what
 * training makes of them. refuse has a blob of another model, and expects MOTE_ERR_UNSUPPORTED of everything. */
#include <mote.h>
#include <stdio.h>
#include <string.h>

static __attribute__((aligned(MOTE_ALIGN))) unsigned char blob[1 << 17], memory[1 << 22];
static const mote_config config = {MODEL};
static size_t bytes;

static int failed(const char *what, mote_status status) {
    if (status == MOTE_OK) return 0;
    printf("%s: %s\n", what, mote_status_name(status));
    return 1;
}

static mote_status keep(void *user, const void *data, size_t count) {
    (void)user;
    if (count > sizeof blob - bytes) return MOTE_ERR_WRITE;
    memcpy(blob + bytes, data, count);
    bytes += count;
    return MOTE_OK;
}

static int write_blob(const char *path) {
    static const mote_init init = {{MOTE_INIT_XAVIER_NORMAL, 1.0f}, {MOTE_INIT_ZERO, 0.0f}, {MOTE_INIT_NORMAL, 1.0f}};
    static const float largest[MOTE_MAX_LAYERS] = {4.0f, 4.0f, 4.0f, 4.0f};
    static uint32_t characters[MOTE_MAX_VOCAB];
    const mote_vocab vocab = {characters, config.vocab, 0};
    mote_config floats = config;
    mote_arena arena;
    mote_model *model;
    FILE *file;
    for (uint32_t i = 0; i < config.vocab; i++) characters[i] = ' ' + i;
    floats.precision = MOTE_PRECISION_FLOAT32;
    mote_arena_init(&arena, memory, sizeof memory);
    if (failed("random", mote_model_random(&model, &arena, &floats, &vocab, &init, 7))) return 1;
    if (config.precision != MOTE_PRECISION_FLOAT32 &&
        failed("quantize", mote_model_quantize(&model, &arena, model, config.precision, largest)))
        return 1;
    if (failed("save", mote_model_save(model, 0, 0, &arena, keep, 0))) return 1;
    file = fopen(path, "wb");
    if (file == 0 || fwrite(blob, 1, bytes, file) != bytes) return 1;
    return fclose(file) != 0;
}

static int read_blob(const char *path) {
    FILE *const file = fopen(path, "rb");
    if (file == 0) return 1;
    bytes = fread(blob, 1, sizeof blob, file);
    return fclose(file) != 0 || bytes == 0;
}

static int steps(mote_arena *arena, const mote_model *model) {
    uint64_t hash = MOTE_FNV_START;
    uint16_t token = 0;
    mote_state *state;
    mote_rng rng;
    const float *logits;
    mote_rng_init(&rng, 1, 0);
    if (failed("state", mote_state_init(&state, arena, model))) return 1;
    for (int i = 0; i < 100; i++) {
        if (failed("step", mote_step(state, token, &logits)) ||
            failed("sample", mote_sample(logits, config.vocab, 1.0f, i % 2 == 0 ? 0 : 5, &rng, &token)))
            return 1;
        hash = mote_fnv1a(hash, logits, config.vocab * sizeof *logits);
        hash = mote_fnv1a(hash, &token, sizeof token);
    }
    printf("steps %016llx, a state of %lu bytes\n", (unsigned long long)hash, (unsigned long)mote_state_bytes(&config));
    return 0;
}

static int training(mote_arena *arena, const mote_model *base, uint32_t optimizer, uint32_t workspace) {
    enum { BATCH = 3, TIME = 7 };
    static uint16_t tokens[BATCH * (TIME + MOTE_MAX_CONTEXT)], targets[BATCH * TIME];
    const mote_train_config train = {.batch = BATCH,
                                     .time_steps = TIME,
                                     .state = MOTE_STATE_CARRY,
                                     .workspace = workspace,
                                     .optimizer = optimizer,
                                     .clip_norm = 1.0f,
                                     .learning_rate = 0.01f,
                                     .beta1 = 0.9f,
                                     .beta2 = 0.999f,
                                     .eps = 1e-8f};
    const size_t mark = mote_arena_mark(arena);
    uint64_t hash = MOTE_FNV_START;
    mote_model *model;
    mote_trainer *trainer;
    float loss;
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) tokens[i] = (uint16_t)(i * i % config.vocab);
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) targets[i] = (uint16_t)(i * 5 % config.vocab);
    if (failed("copy", mote_model_copy(&model, arena, base)) ||
        failed("trainer", mote_trainer_init(&trainer, arena, model, &train)))
        return 1;
    for (int i = 0; i < 10; i++) {
        if (failed("train", mote_train_step(trainer, tokens, targets, &loss))) return 1;
        hash = mote_fnv1a(hash, &loss, sizeof loss);
    }
    printf("optimizer %u: losses %016llx, weights %016llx, a trainer of %lu bytes\n", (unsigned)optimizer,
           (unsigned long long)hash, (unsigned long long)mote_weights_hash(model),
           (unsigned long)mote_trainer_bytes(&config, &train));
    mote_arena_rewind(arena, mark);
    return 0;
}

/* The output layer learns, and biases where they may. */
static int adapting(mote_arena *arena, const mote_model *base) {
    static const uint16_t tokens[4 + MOTE_MAX_CONTEXT] = {0, 1, 1}, targets[4] = {1, 0, 1, 1};
    const mote_train_config train = {.batch = 1, .time_steps = 4, .learning_rate = 0.1f};
    const uint32_t biases = config.precision == MOTE_PRECISION_FLOAT32 ? MOTE_LEARN_BIASES : 0;
    const uint32_t learned = MOTE_LEARN_OUTPUT | biases;
    mote_adapter *adapter;
    mote_learner *learner;
    const float *weights;
    size_t count;
    float loss;
    if (config.layers == 0) return 0;
    if (failed("adapter", mote_adapter_init(&adapter, arena, base, learned)) ||
        failed("learner", mote_learner_init(&learner, arena, adapter, &train)) ||
        failed("learn", mote_learn_step(learner, tokens, targets, &loss)))
        return 1;
    weights = mote_adapter_weights(adapter, &count);
    printf("adapter %016llx\n", (unsigned long long)mote_fnv1a(MOTE_FNV_START, weights, count * sizeof *weights));
    return 0;
}

static int run(void) {
    mote_arena arena;
    const mote_model *model;
    mote_config opened;
    mote_arena_init(&arena, memory, sizeof memory);
    if (failed("open", mote_model_open(&model, &arena, blob, bytes)) ||
        failed("config", mote_model_config(model, &opened)) || failed("selftest", mote_selftest(model, &arena)))
        return 1;
    if (memcmp(&opened, &config, sizeof config) != 0) return 1;
    printf("weights %016llx, %lu tensors\n", (unsigned long long)mote_weights_hash(model),
           (unsigned long)mote_tensor_count(&config));
    if (steps(&arena, model)) return 1;
    for (uint32_t optimizer = 0; config.precision == MOTE_PRECISION_FLOAT32 && optimizer < MOTE_OPTIMIZER_COUNT;
         optimizer++)
        if (training(&arena, model, optimizer, optimizer % 2 == 0 ? MOTE_WORKSPACE_NONE : MOTE_WORKSPACE_PACKED))
            return 1;
    return adapting(&arena, model);
}

static int unsupported(const char *what, mote_status status) {
    if (status == MOTE_ERR_UNSUPPORTED) return 0;
    printf("%s of another model: %s, not MOTE_ERR_UNSUPPORTED\n", what, mote_status_name(status));
    return 1;
}

static int refuse(void) {
    static const mote_init init = {{MOTE_INIT_NORMAL, 0.1f}, {MOTE_INIT_ZERO, 0.0f}, {MOTE_INIT_NORMAL, 0.1f}};
    mote_config other = config;
    mote_arena arena;
    const mote_model *model = 0;
    mote_model *made, *quantized;
    const void *data;
    size_t size;
    int wrong = 0;
    other.vocab++;
    mote_arena_init(&arena, memory, sizeof memory);
    wrong |= unsupported("mote_model_open", mote_model_open(&model, &arena, blob, bytes));
    wrong |= unsupported("mote_blob_section", mote_blob_section(blob, bytes, 1, &data, &size));
    wrong |= unsupported("mote_model_random", mote_model_random(&made, &arena, &other, 0, &init, 1));
    wrong |= unsupported("mote_model_quantize", mote_model_quantize(&quantized, &arena, model, MOTE_PRECISION_INT8, 0));
    if (mote_state_bytes(&other) == 0 && mote_tensor_count(&other) == 0 && arena.used == 0) return wrong;
    printf("another model has a size, or took memory\n");
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    if (strcmp(argv[1], "write") == 0) return write_blob(argv[2]);
    if (read_blob(argv[2])) return 2;
    return strcmp(argv[1], "run") == 0 ? run() : refuse();
}
