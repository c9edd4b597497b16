#include "training.h"

#include "cases_text.h"
#include "mote_slices.h"

#include <string.h>

typedef struct run {
    const training *wanted;
    cases_text text;
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    mote_slices *slices;
    mote_buffer file; /* the top of the memory: blobs and checkpoints */
    outcome *result;
} run;

/* What a checkpoint keeps beside the trainer. */
typedef struct own_record {
    uint64_t seed;
    mote_schedule schedule;
    uint32_t step, reserved;
} own_record;

static uint64_t file_hash(const run *state) { return mote_fnv1a(MOTE_FNV_START, state->file.bytes, state->file.used); }

static mote_status start(run *state, memory room, uint32_t workspace) {
    mote_train_config train = state->wanted->train;
    train.workspace = workspace;
    const size_t checkpoint = mote_checkpoint_bytes(&state->wanted->config, &train);
    const size_t best = state->wanted->with_best ? 4 * mote_weight_count(&state->wanted->config) : 0;
    const size_t own = (size_t)MOTE_SECTION_BYTES(sizeof(own_record));
    const size_t reserve = (checkpoint + best + own + MOTE_ALIGN - 1) / MOTE_ALIGN * MOTE_ALIGN;
    if (checkpoint == 0) return MOTE_ERR_ARG;
    if (reserve > room.count) return MOTE_ERR_CAPACITY;
    state->file = (mote_buffer){room.bytes + (room.count - reserve), reserve, 0};

    mote_status status = mote_arena_init(&state->arena, room.bytes, room.count - reserve);
    if (status == MOTE_OK) {
        status = mote_model_random(&state->model, &state->arena, &state->wanted->config, &state->text.vocab,
                                   &state->wanted->init, state->wanted->seed);
    }
    if (status == MOTE_OK) status = mote_trainer_init(&state->trainer, &state->arena, state->model, &train);
    return status == MOTE_OK ? mote_slices_init(&state->slices, &state->arena, state->trainer) : status;
}

/* Each pass is a shuffle of its own. */
static mote_status shuffled_batch(run *state, uint32_t step, uint16_t *tokens, uint16_t *targets) {
    static uint32_t chunks[TEXT_TOKENS];
    const training *wanted = state->wanted;
    const cases_text *text = &state->text;
    const uint32_t batch = wanted->train.batch, time = wanted->train.time_steps;
    const uint32_t count = (uint32_t)mote_chunk_count(text->count, time), batches = (count + batch - 1) / batch;
    const uint32_t first = step % batches * batch, left = count - first;
    const mote_status status = mote_shuffle(chunks, count, wanted->seed, step / batches);
    if (status != MOTE_OK) return status;
    return mote_chunk_batch(text->tokens, text->count, wanted->config.context, batch, time, chunks + first,
                            left < batch ? left : batch, tokens, targets);
}

static mote_status next_batch(run *state, uint32_t step, uint16_t *tokens, uint16_t *targets) {
    const training *wanted = state->wanted;
    const cases_text *text = &state->text;
    const uint32_t context = wanted->config.context, batch = wanted->train.batch, time = wanted->train.time_steps;
    if (batch * (context + time) > TRAINING_MAX_BATCH) return MOTE_ERR_CAPACITY;
    if (wanted->order == ORDER_RANDOM) {
        return mote_random_batch(text->tokens, text->count, context, batch, time, wanted->seed, step, tokens, targets);
    }
    if (wanted->order == ORDER_SHUFFLED) return shuffled_batch(state, step, tokens, targets);
    const size_t index = step % mote_stream_batches(text->count, batch, time);
    if (index == 0) mote_trainer_reset_state(state->trainer);
    return mote_stream_batch(text->tokens, text->count, context, batch, time, index, tokens, targets);
}

/* Slices of another budget at each step, from one unit at a time to several layers. */
static mote_status step_in_slices(run *state, uint32_t step, const uint16_t *tokens, const uint16_t *targets,
                                  float *loss) {
    const uint32_t budget = step % 7 == 3 ? 1 : 500 * (1 + step * step % 40);
    uint32_t done = 0;
    mote_status status = mote_train_begin(state->slices, tokens, targets);
    while (status == MOTE_OK && !done) status = mote_train_slice(state->slices, budget, &done, loss);
    return status;
}

static mote_status one_step(run *state, uint32_t step, int pieces, float *loss) {
    static uint16_t tokens[TRAINING_MAX_BATCH], targets[TRAINING_MAX_BATCH];
    float rate;
    mote_status status = next_batch(state, step, tokens, targets);
    if (status == MOTE_OK) status = mote_schedule_learning_rate(&state->wanted->schedule, step, &rate);
    if (status == MOTE_OK) status = mote_trainer_set_learning_rate(state->trainer, rate);
    if (status != MOTE_OK) return status;
    if (!pieces) return mote_train_step(state->trainer, tokens, targets, loss);
    if (step % 2 != 0) return step_in_slices(state, step, tokens, targets, loss);
    status = mote_forward_backward(state->trainer, tokens, targets, loss);
    if (status == MOTE_OK) status = mote_trainer_apply(state->trainer);
    return status;
}

static mote_status learn(run *state, uint32_t from, uint32_t to, int pieces) {
    outcome *const result = state->result;
    for (uint32_t step = from; step < to; step++) {
        float loss = 0.0f;
        const mote_status status = one_step(state, step, pieces, &loss);
        if (status != MOTE_OK) return status;
        const float norm = mote_trainer_norm(state->trainer);
        result->losses = mote_fnv1a(result->losses, &loss, sizeof loss);
        result->norms = mote_fnv1a(result->norms, &norm, sizeof norm);
        if (step == 0) result->first_loss = loss;
        result->last_loss = loss;
    }
    return MOTE_OK;
}

/* The best weights are those of the step of the checkpoint: giving them back changes nothing. */
static mote_status take_best(run *state) {
    const uint64_t before = mote_weights_hash(state->model);
    const mote_status status = mote_checkpoint_best(state->model, state->file.bytes, state->file.used);
    if (!state->wanted->with_best) return status == MOTE_ERR_MISSING ? MOTE_OK : MOTE_ERR_SELFTEST;
    if (status != MOTE_OK) return status;
    return mote_weights_hash(state->model) == before ? MOTE_OK : MOTE_ERR_SELFTEST;
}

static mote_status resume(run *state, uint32_t step, uint32_t workspace, uint64_t *checkpoint) {
    const own_record own = {state->wanted->seed, state->wanted->schedule, step, 0};
    const mote_section section = {MOTE_SECTION_ID('o', 'w', 'n', ' '), &own, sizeof own};
    const void *loaded;
    size_t loaded_bytes;
    state->file.used = 0;
    mote_status status = mote_checkpoint_save(state->trainer, state->wanted->with_best ? state->model : NULL, &section,
                                              1, &state->arena, mote_buffer_write, &state->file);
    if (status != MOTE_OK) return status;
    *checkpoint = file_hash(state);
    /* Nothing may be left that only the memory remembers. */
    memset(state->arena.base, 0xA5, state->arena.size);
    mote_arena_rewind(&state->arena, 0);
    status = mote_checkpoint_load(&state->trainer, &state->model, &state->arena, state->file.bytes, state->file.used,
                                  workspace);
    if (status == MOTE_OK)
        status = mote_blob_section(state->file.bytes, state->file.used, section.id, &loaded, &loaded_bytes);
    if (status == MOTE_OK && (loaded_bytes != sizeof own || memcmp(&own, loaded, sizeof own) != 0))
        return MOTE_ERR_FORMAT;
    if (status == MOTE_OK) status = mote_slices_init(&state->slices, &state->arena, state->trainer);
    return status == MOTE_OK ? take_best(state) : status;
}

static void hash_hidden(run *state, const mote_state *reader) {
    const float *hidden;
    uint32_t count;
    for (uint32_t layer = 0; mote_state_hidden(reader, layer, &hidden, &count) == MOTE_OK; layer++) {
        state->result->hidden = mote_fnv1a(state->result->hidden, hidden, count * sizeof *hidden);
    }
}

/* A step at once, and where the run came to its checkpoint, every other one in slices. */
static mote_status read_character(const run *state, mote_state *reader, size_t i, const float **logits) {
    const uint16_t token = state->text.tokens[i];
    if (state->file.used == 0 || i % 2 == 0) return mote_step(reader, token, logits);
    const uint32_t budget = 1 + (uint32_t)(i * i % 4000);
    mote_status status = mote_step_begin(reader, token);
    *logits = NULL;
    while (status == MOTE_OK && *logits == NULL) status = mote_step_slice(reader, budget, logits);
    return status;
}

static mote_status read_text(run *state, mote_state *reader) {
    static float nats[TEXT_TOKENS];
    const float *logits;
    for (size_t i = 0; i < state->wanted->scored / 4; i++) {
        const mote_status status = read_character(state, reader, i, &logits);
        if (status != MOTE_OK) return status;
        state->result->logits = mote_fnv1a(state->result->logits, logits, state->wanted->config.vocab * sizeof *logits);
        hash_hidden(state, reader);
    }
    mote_state_reset(reader);
    const mote_status status = mote_score(reader, state->text.tokens, state->wanted->scored, nats, NULL);
    state->result->scores = mote_fnv1a(MOTE_FNV_START, nats, (state->wanted->scored - 1) * sizeof *nats);
    return status;
}

static size_t append_visible(const mote_vocab *vocab, uint16_t token, char *text) {
    const size_t bytes = mote_decode(vocab, token, text);
    if (bytes == 1 && *text == ' ') *text = '_';
    if (bytes == 1 && *text == '\n') *text = '/';
    return bytes;
}

static mote_status generate(run *state, mote_state *reader, float temperature, uint32_t top_k, char *text) {
    enum { CHARACTERS = 15 }; /* of up to four bytes, in 64 */
    mote_rng rng;
    uint16_t token = 0;
    mote_rng_init(&rng, state->wanted->seed, top_k);
    mote_state_reset(reader);
    for (int i = 0; i < CHARACTERS; i++) {
        const float *logits;
        mote_status status = mote_step(reader, token, &logits);
        if (status == MOTE_OK) {
            status = mote_sample(logits, state->wanted->config.vocab, temperature, top_k, &rng, &token);
        }
        if (status != MOTE_OK) return status;
        text += append_visible(&state->text.vocab, token, text);
    }
    return MOTE_OK;
}

static mote_status use_model(run *state) {
    mote_state *reader;
    mote_status status = mote_state_init(&reader, &state->arena, state->model);
    if (status == MOTE_OK) status = read_text(state, reader);
    if (status == MOTE_OK) status = generate(state, reader, 0.0f, 0, state->result->greedy);
    if (status == MOTE_OK) status = generate(state, reader, 0.8f, 0, state->result->drawn);
    if (status == MOTE_OK) status = generate(state, reader, 1.3f, 5, state->result->likely);
    return status;
}

/* Saved, opened in place and put to its own test: the same model. */
static mote_status save_and_open(run *state) {
    const mote_model *opened;
    state->file.used = 0;
    mote_status status = mote_model_save(state->model, NULL, 0, &state->arena, mote_buffer_write, &state->file);
    if (status == MOTE_OK) status = mote_model_open(&opened, &state->arena, state->file.bytes, state->file.used);
    if (status == MOTE_OK) status = mote_selftest(opened, &state->arena);
    if (status != MOTE_OK) return status;
    state->result->blob = file_hash(state);
    state->result->weights = mote_weights_hash(state->model);
    return mote_weights_hash(opened) == state->result->weights ? MOTE_OK : MOTE_ERR_SELFTEST;
}

static mote_status load_text(run *state) {
    if (state->wanted->config.vocab == TEXT_VOCAB) return cases_text_load(&state->text);
    cases_text_invent(&state->text, state->wanted->config.vocab);
    return MOTE_OK;
}

static mote_status learn_all(run *state, uint32_t workspace, uint64_t *checkpoint, const char **what) {
    const uint32_t steps = state->wanted->steps, half = steps / 2;
    *what = "learning";
    if (checkpoint == NULL) return learn(state, 0, steps, 0);
    mote_status status = learn(state, 0, half, 1);
    if (status == MOTE_OK) *what = "resuming", status = resume(state, half, workspace, checkpoint);
    if (status == MOTE_OK) *what = "learning on", status = learn(state, half, steps, 1);
    return status;
}

mote_status training_run(const training *wanted, memory room, uint32_t workspace, uint64_t *checkpoint, outcome *result,
                         const char **what) {
    run state;
    memset(result, 0, sizeof *result);
    result->losses = result->norms = result->logits = result->hidden = MOTE_FNV_START;
    state.wanted = wanted;
    state.result = result;
    *what = "starting";
    mote_status status = load_text(&state);
    if (status == MOTE_OK) status = start(&state, room, workspace);
    if (status == MOTE_OK) status = learn_all(&state, workspace, checkpoint, what);
    if (status == MOTE_OK) *what = "running", status = use_model(&state);
    if (status == MOTE_OK) *what = "saving", status = save_and_open(&state);
    return status;
}
