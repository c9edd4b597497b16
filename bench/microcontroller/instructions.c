/* The rows of the workloads that are counted in instructions. Prints, a line each, a name, how often the work was done
 * and the ticks that took; the first line is a loop of so many instructions. */
#include "console.h"
#include "matrix_vector.h"
#include "networks.h"
#include "rows.h"
#include "timer.h"

static __attribute__((aligned(MOTE_ALIGN))) unsigned char memory[512 * 1024];
static mote_arena arena;

/* Characters one after the other, each drawn from what the network made of the one before. */
static mote_status run_model(const char *name, const char *score_name, const char *step_name,
                             const mote_config *config) {
    enum { TIMES = 32 };
    static const uint16_t tokens[TIMES + 1] = {1, 2, 3, 5, 8, 13, 21};
    static float nats[TIMES];
    mote_model *model;
    mote_state *state;
    mote_rng rng;
    const float *logits;
    uint16_t token = 0;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = network_make(&model, &arena, config);
    if (status == MOTE_OK) status = mote_state_init(&state, &arena, model);
    mote_rng_init(&rng, 1, 0);
    timer_start();
    for (uint32_t i = 0; i < TIMES && status == MOTE_OK; i++) {
        status = mote_step(state, token, &logits);
        if (status == MOTE_OK) status = mote_sample(logits, config->vocab, 1.0f, 0, &rng, &token);
    }
    rows_ticks(name, TIMES);
    timer_start();
    if (status == MOTE_OK) status = mote_score(state, tokens, TIMES + 1, nats, 0);
    rows_ticks(score_name, TIMES);
    timer_start();
    for (uint32_t i = 0; i < TIMES && status == MOTE_OK; i++) status = mote_step(state, (uint16_t)i % 27, &logits);
    rows_ticks(step_name, TIMES);
    return status;
}

static mote_status learn(const char *name, const mote_config *config, uint32_t batch, uint32_t time,
                         uint32_t optimizer) {
    enum { TIMES = 2 };
    const mote_train_config train = {.batch = batch,
                                     .time_steps = time,
                                     .loss = MOTE_LOSS_MEAN,
                                     .state = MOTE_STATE_CARRY,
                                     .workspace = MOTE_WORKSPACE_NONE,
                                     .optimizer = optimizer,
                                     .learning_rate = 0.01f,
                                     .momentum = 0.9f,
                                     .beta1 = 0.9f,
                                     .beta2 = 0.999f,
                                     .eps = 1e-8f};
    uint16_t tokens[32], targets[32];
    mote_model *model;
    mote_trainer *trainer;
    float loss;
    for (uint32_t i = 0; i < 32; i++) tokens[i] = (uint16_t)(i * 5 % config->vocab);
    for (uint32_t i = 0; i < 32; i++) targets[i] = (uint16_t)((i + 1) * 5 % config->vocab);
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = network_make(&model, &arena, config);
    if (status == MOTE_OK) status = mote_trainer_init(&trainer, &arena, model, &train);
    timer_start();
    for (uint32_t i = 0; i < TIMES && status == MOTE_OK; i++) status = mote_train_step(trainer, tokens, targets, &loss);
    rows_ticks(name, TIMES);
    return status;
}

static void multiply(void) {
    enum { TIMES = 64, N = MATRIX_VECTOR_SIZE };
    float *const w = (float *)memory, *const x = w + N * N, *const y = x + N;
    for (uint32_t i = 0; i < N * N; i++) w[i] = 0.001f * (float)(i % 97);
    for (uint32_t i = 0; i < N; i++) x[i] = 0.01f * (float)i;
    for (uint32_t i = 0; i < N; i++) y[i] = 0.0f;
    timer_start();
    for (uint32_t i = 0; i < TIMES; i++) matrix_vector(y, x, w);
    rows_ticks("M6", TIMES * N * N);
}

static void multiply_quantized(const char *name, const char *quantize_name, uint32_t n) {
    enum { TIMES = 16 };
    int8_t *const w = (int8_t *)memory, *const q = w + quant_weights(w, n);
    float *const x = (float *)(q + n), *const y = x + n;
    for (uint32_t i = 0; i < n; i++) x[i] = 0.007f * (float)(int32_t)(i - n / 2);
    timer_start();
    for (uint32_t i = 0; i < TIMES; i++) quantize(q, x, n);
    rows_ticks(quantize_name, TIMES * n);
    timer_start();
    for (uint32_t i = 0; i < TIMES; i++) quant_matrix_vector(y, q, w, n, 0.001f);
    rows_ticks(name, TIMES * n * n);
}

/* Model and trainer of M2, and what its goal allows: parameters and gradients, activations, 2%. */
static void report_ram(void) {
    enum { TIME = 16, HIDDEN = 64, PADDED_VOCAB = 80 };
    const uint64_t bytes =
        MOTE_MODEL_BYTES(RNN_SHAPE) + MOTE_TRAINER_BYTES(RNN_SHAPE, 1, TIME, MOTE_SGD, MOTE_WORKSPACE_NONE);
    /* Of each time step its logits, activations and their gradients; and the state carried into the batch. */
    const uint64_t activations = TIME * (PADDED_VOCAB + 2 * HIDDEN) + HIDDEN;
    const uint64_t floats = 2 * MOTE_PARAMS(RNN_SHAPE) + activations;
    console_text("M8 ");
    console_number(bytes);
    console_text(" ");
    console_number(floats * 4 * 102 / 100);
    console_text("\n");
}

int main(void) {
    rows_clock();
    mote_status status = run_model("M1", "M1-score", "M1-step", &network_rnn);
    if (status == MOTE_OK) status = run_model("M1-int8", "M1-int8-score", "M1-int8-step", &network_rnn_int8);
    if (status == MOTE_OK) status = run_model("M1-int4", "M1-int4-score", "M1-int4-step", &network_rnn_int4);
    if (status == MOTE_OK) status = learn("M2", &network_rnn, 1, 16, MOTE_SGD);
    if (status == MOTE_OK) status = learn("M2-adagrad", &network_rnn, 1, 16, MOTE_ADAGRAD);
    if (status == MOTE_OK) status = run_model("gru", "gru-score", "gru-step", &network_gru);
    if (status == MOTE_OK) status = learn("gru-training", &network_gru, 1, 16, MOTE_SGD);
    if (status == MOTE_OK) status = run_model("M3", "M3-score", "M3-step", &network_mlp);
    if (status == MOTE_OK) status = learn("M4-1", &network_mlp, 1, 1, MOTE_SGD);
    if (status == MOTE_OK) status = learn("M4-4", &network_mlp, 4, 1, MOTE_SGD);
    multiply_quantized("M5-64", "M5-quantize-64", 64);
    multiply_quantized("M5-128", "M5-quantize-128", 128);
    multiply();
    report_ram();
    console_text(mote_status_name(status));
    console_text("\n");
    return status == MOTE_OK ? 0 : 1;
}
