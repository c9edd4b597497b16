/* Learns on the device: a model out of flash goes on learning from a text of its own, in RAM that is reserved when the
 * program is linked. Every line printed is the same, to the last bit, on every machine. */
#include "console.h"
#include "mote.h"
#include "names.h"
#include "print_sample.h"

#define TIME 16   /* characters a step */
#define STEPS 200 /* a few passes over the text */
#define REPORT 20 /* print every so many losses */

/* Tokens of a row: an MLP's first prediction has the rest of its context before it. */
#define ROW (TIME + (NAMES_CONTEXT > 1 ? NAMES_CONTEXT - 1 : 0))

static const char lesson[] = "zumora\nzumiri\nzumelle\nzumano\nzumetta\nzumika\nzumolin\nzumara\n";

/* The model in flash, its copy in RAM, the trainer, and a state to generate text with. */
static NAMES_ALIGNED unsigned char memory[NAMES_OPEN_BYTES + NAMES_MODEL_BYTES +
                                          NAMES_TRAINER_BYTES(1, TIME, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE) +
                                          NAMES_STATE_BYTES];

static void print_hash(const char *when, const mote_model *model) {
    console_text("weights ");
    console_text(when);
    console_text(" ");
    console_hex(mote_weights_hash(model), 16);
    console_text("\n");
}

static void print_loss(uint32_t step, float loss) {
    console_text("step ");
    console_number(step);
    console_text(" loss ");
    console_decimal(loss);
    console_text(" bits ");
    console_bits(loss);
    console_text("\n");
}

/* The model in RAM, that may be changed, of the one in flash, that may not. */
static mote_status copy_model(mote_arena *arena, mote_model **model) {
    const mote_model *in_flash;
    const mote_status status = mote_model_open(&in_flash, arena, names_blob, sizeof names_blob);
    return status == MOTE_OK ? mote_model_copy(model, arena, in_flash) : status;
}

static mote_status make_trainer(mote_arena *arena, mote_model *model, mote_trainer **trainer) {
    const mote_train_config config = {
        .batch = 1,
        .time_steps = TIME,
        .loss = MOTE_LOSS_MEAN,
        .state = MOTE_STATE_CARRY,
        .workspace = MOTE_WORKSPACE_NONE,
        .optimizer = MOTE_ADAGRAD,
        .clip_value = 1.0f,
        .learning_rate = 0.01f,
        .eps = 1e-8f,
    };
    return mote_trainer_init(trainer, arena, model, &config);
}

static mote_status learn(mote_trainer *trainer, const uint16_t *text, size_t count) {
    const size_t batches = mote_stream_batches(count, 1, TIME);
    for (uint32_t step = 0; step < STEPS; step++) {
        uint16_t tokens[ROW], targets[TIME];
        float loss;
        if (step % batches == 0) mote_trainer_reset_state(trainer);
        mote_status status = mote_stream_batch(text, count, NAMES_CONTEXT, 1, TIME, step % batches, tokens, targets);
        if (status == MOTE_OK) status = mote_train_step(trainer, tokens, targets, &loss);
        if (status != MOTE_OK) return status;
        if (step % REPORT == 0 || step + 1 == STEPS) print_loss(step, loss);
    }
    return MOTE_OK;
}

static mote_status print_text(mote_arena *arena, const mote_model *model, const mote_vocab *vocab) {
    static const sample_options options = {40, 0.8f, 0};
    mote_state *state;
    mote_status status = mote_state_init(&state, arena, model);
    for (uint32_t i = 0; i < 5 && status == MOTE_OK; i++) {
        mote_rng rng;
        mote_rng_init(&rng, 1, i);
        status = print_sample(state, vocab, &options, &rng);
    }
    return status;
}

int main(void) {
    static uint16_t text[sizeof lesson];
    size_t count;
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    mote_vocab vocab;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = copy_model(&arena, &model);
    if (status == MOTE_OK) status = make_trainer(&arena, model, &trainer);
    if (status != MOTE_OK) return report_failure("there can be no trainer", status);

    status = mote_model_vocab(model, &vocab);
    if (status == MOTE_OK) status = mote_encode(&vocab, lesson, sizeof lesson - 1, text, sizeof lesson, &count);
    if (status != MOTE_OK) return report_failure("the model does not know the characters of the lesson", status);

    print_hash("before", model);
    status = learn(trainer, text, count);
    if (status != MOTE_OK) return report_failure("learning failed", status);
    print_hash("after", model);

    status = print_text(&arena, model, &vocab);
    return status == MOTE_OK ? 0 : report_failure("the model cannot generate text", status);
}
