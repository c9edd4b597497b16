#include "watcher.h"

const mote_train_config watcher_training = {
    .batch = 1,
    .time_steps = WATCHER_TIME,
    .loss = MOTE_LOSS_MEAN,
    .state = MOTE_STATE_CARRY,
    .workspace = MOTE_WORKSPACE_NONE,
    .optimizer = MOTE_ADAGRAD,
    .clip_value = 1.0f,
    .learning_rate = 0.02f,
    .eps = 1e-8f,
};

static const float bits_of_a_nat = 1.442695f;

/* Of a character that the model has no token for, and that is not learned. */
static const float unknown_bits = 16.0f;

/* Lines before which none is called unusual, and the weight of a line in the mean later. */
enum { FIRST_LINES = 24, REMEMBERED = 64 };

/* A line is unusual that lies so many deviations above the mean. */
static const float deviations = 3.0f;

/* Tokens of the line behind a boundary. Returns the characters that have none. */
static uint32_t take_tokens(watcher *w, const char *text, size_t bytes) {
    uint32_t unknown = 0;
    w->tokens[0] = 0;
    w->count = 1;
    if (bytes > WATCHER_LINE_BYTES) bytes = WATCHER_LINE_BYTES;
    for (size_t i = 0; i < bytes; i++) {
        size_t taken;
        if (mote_encode(w->vocab, text + i, 1, &w->tokens[w->count], 1, &taken) == MOTE_OK)
            w->count++;
        else
            unknown++;
    }
    w->tokens[w->count] = 0;
    return unknown;
}

static int is_unusual(const watcher_record *record, float bits) {
    const float above = bits - record->mean;
    return record->lines >= FIRST_LINES && above > 0.0f && above * above > deviations * deviations * record->variance;
}

/* Mean and variance as of all lines while these are few, later with weights that fall from line to line. */
static void remember(watcher_record *record, float bits) {
    record->lines++;
    const float share = 1.0f / (float)(record->lines < REMEMBERED ? record->lines : REMEMBERED);
    const float from_mean = bits - record->mean;
    const float step = from_mean * share;
    const float squares = from_mean * step;
    record->mean += step;
    record->variance = (1.0f - share) * (record->variance + squares);
}

mote_status watcher_read(watcher *w, const char *text, size_t bytes, line_score *score) {
    static float nats[WATCHER_LINE_BYTES + 1];
    const uint32_t unknown = take_tokens(w, text, bytes);
    float sum = 0.0f;
    mote_state_reset(w->state);
    const mote_status status = mote_score(w->state, w->tokens, w->count + 1, nats, NULL);
    if (status != MOTE_OK) {
        w->count = w->learned = 0;
        w->record.lines++;
        return status;
    }
    for (uint32_t i = 0; i < w->count; i++) sum += nats[i];
    const float known = sum * bits_of_a_nat, others = (float)unknown * unknown_bits;
    score->bits = (known + others) / (float)(w->count + unknown);
    score->is_unusual = is_unusual(&w->record, score->bits);
    remember(&w->record, score->bits);
    w->learned = 0;
    mote_trainer_reset_state(w->trainer);
    return MOTE_OK;
}

/* The next characters of the line; those behind its end are not learned. */
static mote_status begin_step(watcher *w) {
    static uint16_t targets[WATCHER_TIME];
    for (uint32_t i = 0; i < WATCHER_TIME; i++) {
        const uint32_t at = w->learned + i;
        targets[i] = at < w->count ? w->tokens[at + 1] : MOTE_IGNORE;
        if (at > w->count) w->tokens[at] = 0;
    }
    return mote_train_begin(w->slices, w->tokens + w->learned, targets);
}

mote_status watcher_learn(watcher *w, uint32_t budget, int *left) {
    mote_status status = MOTE_OK;
    *left = w->learned < w->count;
    if (!*left) return MOTE_OK;
    if (!w->in_step) status = begin_step(w);
    uint32_t done = 1;
    if (status == MOTE_OK) {
        float loss;
        status = mote_train_slice(w->slices, budget, &done, &loss);
    }
    w->in_step = status == MOTE_OK && !done;
    if (!w->in_step) w->learned += WATCHER_TIME;
    *left = w->learned < w->count;
    return status;
}
