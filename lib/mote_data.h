/* mote_data.h: batches of a text, learning rates, and counts of pairs. mote.h includes this file. */
#ifndef MOTE_API_DATA_H
#define MOTE_API_DATA_H

#include "mote_model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- data: functions of seed and step --------------------------------------------------------------------------- */

/* Cuts 0 … count into train, dev and test: part i is bounds[i] … bounds[i+1]-1. `percent` must add up to 100. */
mote_status mote_split(size_t count, const uint32_t percent[3], size_t bounds[4]);

/* order = 0 … count-1, shuffled (Fisher-Yates, unbiased) by the generator of
 * (seed, MOTE_PURPOSE_SHUFFLE, epoch). */
mote_status mote_shuffle(uint32_t *order, uint32_t count, uint64_t seed, uint64_t epoch);

/* Items between boundary tokens (token 0): starts[i] is the index of the first token of the i-th item that is not
 * empty. *found: how many; MOTE_ERR_CAPACITY when there are more than `capacity`. */
mote_status mote_items_find(const uint16_t *tokens, size_t count, uint32_t *starts, size_t capacity, size_t *found);
/* Writes 0 item 0 item 0 … 0 in the given order of items; *written: how many tokens. */
mote_status mote_items_arrange(const uint16_t *tokens, size_t count, const uint32_t *starts, const uint32_t *order,
                               size_t items, uint16_t *arranged, size_t capacity, size_t *written);

/* Batches of a text. `context` is mote_config.context: tokens are [B][T] where it is 0 or 1, else [B][context + T - 1].
 * What a context has before the text's beginning is token 0; what is missing at a row's end is token 0 and, as a
 * target, MOTE_IGNORE. Places in a text are 32 bits; mote_text.h takes longer ones, and such as are not in memory. */

/* Reading in order: row b of B predicts targets floor(b (count-1) / B) + 1 … floor((b+1) (count-1) / B) of the text, T
 * a batch. Batches a pass: every target once; but where 100 or more are full, a last one that is not is left out. 0: a
 * text too short. */
size_t mote_stream_batches(size_t count, uint32_t batch, uint32_t time);
/* The index-th batch of a pass. At index 0 a trainer's hidden state is to be reset. */
mote_status mote_stream_batch(const uint16_t *text, size_t count, uint32_t context, uint32_t batch, uint32_t time,
                              size_t index, uint16_t *tokens, uint16_t *targets);
/* B chunks of T at random places, from the generator of (seed, MOTE_PURPOSE_BATCH, step). count > T. */
mote_status mote_random_batch(const uint16_t *text, size_t count, uint32_t context, uint32_t batch, uint32_t time,
                              uint64_t seed, uint64_t step, uint16_t *tokens, uint16_t *targets);
/* Chunk i of a text predicts targets i T + 1 … (i + 1) T: so many, the last may be shorter. 0: a text too short. */
size_t mote_chunk_count(size_t count, uint32_t time);
/* The given chunks, `rows` of them, at most `batch`; further rows are empty. In the order of mote_shuffle, `batch` at a
 * time, they are a pass that meets every target once. */
mote_status mote_chunk_batch(const uint16_t *text, size_t count, uint32_t context, uint32_t batch, uint32_t time,
                             const uint32_t *chunks, uint32_t rows, uint16_t *tokens, uint16_t *targets);

/* --- schedules -------------------------------------------------------------------------------------------------- */

/* Learning-rate schedules. `total` and `warmup` are in steps. */
enum {
    MOTE_SCHEDULE_CONSTANT = 0,
    MOTE_SCHEDULE_STEP = 1, /* learning_rate * factor^floor(step / period) */
    MOTE_SCHEDULE_COSINE =
        2 /* from learning_rate down to learning_rate * factor along half a cosine between warmup and total */
};
typedef struct mote_schedule {
    uint32_t kind;
    uint32_t warmup;     /* steps over which it rises linearly to learning_rate; 0: none */
    uint32_t period;     /* of MOTE_SCHEDULE_STEP, >= 1 */
    uint32_t total;      /* of MOTE_SCHEDULE_COSINE, > warmup */
    float learning_rate; /* > 0 */
    float factor;        /* 0 … 1 */
} mote_schedule;
/* The learning rate for the given step (0 is the first), never below 2^-40. MOTE_ERR_ARG: a schedule that cannot be
 * used. */
mote_status mote_schedule_learning_rate(const mote_schedule *schedule, uint32_t step, float *learning_rate);

/* --- counting --------------------------------------------------------------------------------------------------- */

/* pairs[a * vocab + b] += how often b follows a. A text may be counted in pieces that overlap by one token.
 * MOTE_ERR_TOKEN, MOTE_ERR_CAPACITY (a count would exceed 32 bits): pairs is as it was. */
mote_status mote_count_pairs(const uint16_t *tokens, size_t count, uint32_t vocab, uint32_t *pairs);

/* Makes a bigram in RAM of counts [V][V]: ln((count + smoothing) / (sum of the row + V * smoothing)), -87 for a pair
 * that was never seen at smoothing 0. smoothing: 0, or 2^-20 … 2^20. MOTE_ERR_CAPACITY: the counts of a row exceed 32
 * bits in all; nothing is changed. */
mote_status mote_bigram_count(mote_model *model, const uint32_t *pairs, float smoothing);

#ifdef __cplusplus
}
#endif

#endif
