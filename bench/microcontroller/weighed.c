/* weighed FILE: reads a blob. With NETWORK defined, and WITH_ and its name, it generates text; with OPTIMIZER, the same
 * way, it learns first, with LEARNED only a part, which it saves; with ADAPTED it opens an adapter behind the blob;
 * with IN_SLICES it does the one that comes last of the first two in slices. What the program then has more than
 * without is what the library brings. */
#include "console.h"
#include "parts_left_out.h"
#include "semihosting.h"
#include "shapes.h"

#include <string.h>

static __attribute__((aligned(MOTE_ALIGN))) unsigned char blob[128 * 1024];

#ifdef NETWORK
#define SHAPE_OF(network) OF_PRECISION(network##_SHAPE)
#define SHAPE(network) SHAPE_OF(network)
#define OPTIMIZER_OF(name) MOTE_##name
#define OPTIMIZER_NAMED(name) OPTIMIZER_OF(name)

#ifdef OPTIMIZER
enum { TIME = 16, CONTEXT = 3 };
static const mote_train_config train = {.batch = 1,
                                        .time_steps = TIME,
                                        .loss = MOTE_LOSS_MEAN,
                                        .state = MOTE_STATE_CARRY,
                                        .workspace = MOTE_WORKSPACE_NONE,
                                        .optimizer = OPTIMIZER_NAMED(OPTIMIZER),
                                        .clip_value = 5.0f,
                                        .clip_norm = 0.0f,
                                        .learning_rate = 0.01f,
                                        .momentum = 0.9f,
                                        .beta1 = 0.9f,
                                        .beta2 = 0.999f,
                                        .eps = 1e-8f,
                                        .weight_decay = 0.0f};
#ifdef LEARNED
#define MOTE_LEARN_BOTH (MOTE_LEARN_OUTPUT | MOTE_LEARN_BIASES)
#define PART_OF(name) MOTE_LEARN_##name
#define PART(name) PART_OF(name)
#define MEMORY                                                                                                         \
    (MOTE_OPEN_BYTES + MOTE_ADAPTER_BYTES(SHAPE(NETWORK), PART(LEARNED)) + MOTE_STATE_BYTES(SHAPE(NETWORK)) +          \
     MOTE_LEARNER_BYTES(SHAPE(NETWORK), PART(LEARNED), 1, TIME, OPTIMIZER_NAMED(OPTIMIZER)))

static mote_status learn(mote_arena *arena, const mote_model **model) {
    uint16_t tokens[TIME] = {1, 2, 3, 1, 2, 3}, targets[TIME] = {2, 3, 1, 2, 3};
    mote_buffer flash = {blob + sizeof blob / 2, sizeof blob / 2, 0};
    mote_adapter *adapter;
    mote_learner *learner;
    float loss;
    mote_status status = mote_adapter_init(&adapter, arena, *model, PART(LEARNED));
    if (status == MOTE_OK) status = mote_learner_init(&learner, arena, adapter, &train);
    if (status == MOTE_OK) status = mote_learn_step(learner, tokens, targets, &loss);
    if (status == MOTE_OK) status = mote_adapter_save(adapter, mote_buffer_write, &flash);
    *model = mote_adapter_model(adapter);
    return status;
}
#else
#define MEMORY                                                                                                         \
    (MOTE_OPEN_BYTES + MOTE_MODEL_BYTES(SHAPE(NETWORK)) + MOTE_STATE_BYTES(SHAPE(NETWORK)) +                           \
     MOTE_TRAINER_BYTES(SHAPE(NETWORK), 1, TIME, OPTIMIZER_NAMED(OPTIMIZER), MOTE_WORKSPACE_NONE) + SLICES_MEMORY)

#ifdef IN_SLICES
#define SLICES_MEMORY MOTE_SLICES_BYTES

static mote_status train_once(mote_arena *arena, mote_trainer *trainer, const uint16_t *tokens,
                              const uint16_t *targets) {
    mote_slices *slices;
    uint32_t done = 0;
    float loss;
    mote_status status = mote_slices_init(&slices, arena, trainer);
    if (status == MOTE_OK) status = mote_train_begin(slices, tokens, targets);
    while (status == MOTE_OK && done == 0) status = mote_train_slice(slices, 10000, &done, &loss);
    return status;
}
#else
#define SLICES_MEMORY 0

static mote_status train_once(mote_arena *arena, mote_trainer *trainer, const uint16_t *tokens,
                              const uint16_t *targets) {
    float loss;
    (void)arena;
    return mote_train_step(trainer, tokens, targets, &loss);
}
#endif

static mote_status learn(mote_arena *arena, const mote_model **model) {
    uint16_t tokens[TIME + CONTEXT] = {1, 2, 3, 1, 2, 3}, targets[TIME] = {2, 3, 1, 2, 3};
    mote_model *copy;
    mote_trainer *trainer;
    mote_status status = mote_model_copy(&copy, arena, *model);
    if (status == MOTE_OK) status = mote_trainer_init(&trainer, arena, copy, &train);
    if (status == MOTE_OK) status = train_once(arena, trainer, tokens, targets);
    *model = copy;
    return status;
}
#endif
#elif defined(ADAPTED)
#define MEMORY (MOTE_OPEN_BYTES + MOTE_ADAPTER_OPEN_BYTES(SHAPE(NETWORK)) + MOTE_STATE_BYTES(SHAPE(NETWORK)))

static mote_status learn(mote_arena *arena, const mote_model **model) {
    const mote_adapter *adapter;
    const mote_status status = mote_adapter_open(&adapter, arena, *model, blob + sizeof blob / 2, sizeof blob / 2);
    if (status == MOTE_OK) *model = mote_adapter_model(adapter);
    return status;
}
#else
#define MEMORY (MOTE_OPEN_BYTES + MOTE_STATE_BYTES(SHAPE(NETWORK)))

static mote_status learn(mote_arena *arena, const mote_model **model) {
    (void)arena;
    (void)model;
    return MOTE_OK;
}
#endif

static __attribute__((aligned(MOTE_ALIGN))) unsigned char memory[MEMORY];

#if defined(IN_SLICES) && !defined(OPTIMIZER)
static mote_status next_step(mote_state *state, uint16_t token, const float **logits) {
    mote_status status = mote_step_begin(state, token);
    *logits = 0;
    while (status == MOTE_OK && *logits == 0) status = mote_step_slice(state, 10000, logits);
    return status;
}
#else
#define next_step mote_step
#endif

static mote_status generate(mote_arena *arena, const mote_model *model, uint32_t vocab) {
    mote_state *state;
    mote_rng rng;
    uint16_t token = 0;
    const float *logits;
    mote_rng_init(&rng, 1, 0);
    mote_status status = mote_state_init(&state, arena, model);
    for (uint32_t i = 0; i < 10 && status == MOTE_OK; i++) {
        status = next_step(state, token, &logits);
        if (status == MOTE_OK) status = mote_sample(logits, vocab, 1.0f, 0, &rng, &token);
        if (status == MOTE_OK) console_text(token < vocab ? "." : "?");
    }
    return status;
}

static mote_status run(size_t bytes) {
    mote_arena arena;
    const mote_model *model;
    mote_config config;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = mote_model_open(&model, &arena, blob, bytes);
    if (status == MOTE_OK) status = mote_model_config(model, &config);
    if (status == MOTE_OK) status = learn(&arena, &model);
    return status == MOTE_OK ? generate(&arena, model, config.vocab) : status;
}
#else
static mote_status run(size_t bytes) { return bytes > 0 ? MOTE_OK : MOTE_ERR_FORMAT; }
#endif

int main(void) {
    static char line[256];
    const char *file = semihosting_command_line(line, sizeof line) == 0 ? strchr(line, ' ') : 0;
    const long bytes = file != 0 ? semihosting_read_file(file + 1, blob, sizeof blob) : -1;
    if (bytes < 0) return 2;
    const mote_status status = run((size_t)bytes);
    console_text(status == MOTE_OK ? "\n" : " failed\n");
    return status == MOTE_OK ? 0 : 1;
}
