/* What mote computes of two batches, in text, for compare.py to hold against PyTorch.
 *
 * Reads numbers from stdin: the fields of mote_config, batch, time, loss, boundary, seed; then, for each of two
 * batches, its tokens and its targets. Writes a line for each tensor, "tensor NAME ROWS COLUMNS" and its weights in
 * logical order, and for each batch a line "loss NUMBER" and a line for each tensor's gradient. */
#include "mote.h"

#include <stdio.h>
#include <stdlib.h>

enum { ARENA = 64 << 20, TOKENS = 1 << 16 };

static void fail(const char *what, mote_status status) {
    fprintf(stderr, "gradients: %s: %s\n", what, mote_status_name(status));
    exit(1);
}

static uint32_t read_number(void) {
    unsigned long number;
    if (scanf("%lu", &number) != 1) fail("stdin ends too early", MOTE_ERR_FORMAT);
    return (uint32_t)number;
}

static void read_tokens(uint16_t *tokens, size_t count) {
    if (count > TOKENS) fail("a batch is too large", MOTE_ERR_CAPACITY);
    for (size_t i = 0; i < count; i++) tokens[i] = (uint16_t)read_number();
}

/* Each tensor of an array in the layout of the weights. */
static void print_tensors(const mote_model *model, const float *array, const char *word) {
    mote_tensor tensor;
    for (uint32_t i = 0; mote_model_tensor(model, i, &tensor) == MOTE_OK; i++) {
        tensor.data = array + tensor.offset;
        printf("%s %s %u %u", word, tensor.name, (unsigned)tensor.shape[0], (unsigned)tensor.shape[1]);
        for (uint32_t r = 0; r < tensor.shape[0]; r++) {
            for (uint32_t c = 0; c < tensor.shape[1]; c++) printf(" %.9g", (double)mote_tensor_at(&tensor, r, c));
        }
        printf("\n");
    }
}

static mote_vocab invent_vocab(uint32_t count, uint32_t boundary) {
    static uint32_t code_points[MOTE_MAX_VOCAB];
    for (uint32_t i = 0; i < count; i++) code_points[i] = 0x4e00 + i;
    if (boundary) code_points[0] = 0x0a;
    return (mote_vocab){code_points, count, boundary};
}

static mote_model *make_model(mote_arena *arena, const mote_config *config, uint32_t boundary, uint64_t seed) {
    const mote_vocab vocab = invent_vocab(config->vocab, boundary);
    const mote_init init = {{MOTE_INIT_FAN_IN_NORMAL, 1.0f}, {MOTE_INIT_UNIFORM, 0.5f}, {MOTE_INIT_NORMAL, 1.0f}};
    mote_model *model;
    const mote_status status = mote_model_random(&model, arena, config, &vocab, &init, seed);
    if (status != MOTE_OK) fail("mote_model_random", status);
    return model;
}

static mote_trainer *make_trainer(mote_arena *arena, mote_model *model, uint32_t batch, uint32_t time, uint32_t loss) {
    mote_train_config train = {0};
    mote_trainer *trainer;
    train.batch = batch;
    train.time_steps = time;
    train.loss = loss;
    train.learning_rate = 0.1f;
    const mote_status status = mote_trainer_init(&trainer, arena, model, &train);
    if (status != MOTE_OK) fail("mote_trainer_init", status);
    return trainer;
}

int main(void) {
    static unsigned char memory[ARENA] __attribute__((aligned(MOTE_ALIGN)));
    static uint16_t tokens[TOKENS], targets[TOKENS];
    mote_arena arena;
    mote_config config;
    uint32_t *const fields[] = {&config.input, &config.cell,   &config.vocab,  &config.context,
                                &config.embed, &config.hidden, &config.layers, &config.activation};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) *fields[i] = read_number();
    const uint32_t batch = read_number(), time = read_number(), loss_kind = read_number(), boundary = read_number(),
                   seed = read_number();
    const size_t row = time + (config.context > 1 ? config.context - 1 : 0);
    if (mote_arena_init(&arena, memory, ARENA) != MOTE_OK) fail("mote_arena_init", MOTE_ERR_ALIGN);
    mote_model *const model = make_model(&arena, &config, boundary, seed);
    mote_trainer *const trainer = make_trainer(&arena, model, batch, time, loss_kind);
    print_tensors(model, mote_model_weights(model, NULL), "tensor");
    for (int i = 0; i < 2; i++) {
        float loss;
        read_tokens(tokens, batch * row);
        read_tokens(targets, (size_t)batch * time);
        const mote_status status = mote_forward_backward(trainer, tokens, targets, &loss);
        if (status != MOTE_OK) fail("mote_forward_backward", status);
        printf("loss %.9g\n", (double)loss);
        print_tensors(model, mote_gradients(trainer, NULL), "gradient");
    }
    return 0;
}
