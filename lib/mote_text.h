/* mote_text.h: batches of a text that is not in memory whole, as of a file or a flash chip.
 *
 * The text is read where a batch needs it, by a function of the caller's. The batches are those of mote_stream_batch,
 * mote_random_batch and mote_chunk_batch (mote_data.h), token for token, for every text that these take; a text of
 * 2^32 tokens or more, which they refuse, may be read here.
 *
 *     const mote_text text = {count, read_tokens, &file};
 *     batches = mote_text_stream_batches(count, batch, time);
 *     mote_text_stream_batch(&text, context, batch, time, step % batches, tokens, targets);
 *
 * Nothing is allocated; no call uses more than 1 KiB of stack.
 */
#ifndef MOTE_TEXT_H
#define MOTE_TEXT_H

#include "mote.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the tokens first … first + count - 1 of the text, count 1 or more, all within it. What it returns but MOTE_OK
 * ends the call for which it reads, which returns that. */
typedef mote_status (*mote_text_fn)(void *user, uint64_t first, size_t count, uint16_t *tokens);

typedef struct mote_text {
    uint64_t count; /* tokens: 2 … 2^48; a batch has at most 65536 rows */
    mote_text_fn read;
    void *user; /* handed to `read` */
} mote_text;

/* As mote_stream_batches. */
uint64_t mote_text_stream_batches(uint64_t count, uint32_t batch, uint32_t time);
/* As mote_stream_batch. The tokens of a row are read by one call of text->read and its last target by another. On an
 * error of that function the rows before are written. */
mote_status mote_text_stream_batch(const mote_text *text, uint32_t context, uint32_t batch, uint32_t time,
                                   uint64_t index, uint16_t *tokens, uint16_t *targets);
/* As mote_random_batch. Where count - time is 2^32 or more, a place is two draws of the generator, the first of which
 * is the upper half, drawn again where a remainder would be likelier than others. */
mote_status mote_text_random_batch(const mote_text *text, uint32_t context, uint32_t batch, uint32_t time,
                                   uint64_t seed, uint64_t step, uint16_t *tokens, uint16_t *targets);
/* As mote_chunk_count. 0 also where there are 2^32 chunks or more. */
uint32_t mote_text_chunk_count(uint64_t count, uint32_t time);
/* As mote_chunk_batch. */
mote_status mote_text_chunk_batch(const mote_text *text, uint32_t context, uint32_t batch, uint32_t time,
                                  const uint32_t *chunks, uint32_t rows, uint16_t *tokens, uint16_t *targets);

#ifdef __cplusplus
}
#endif

#endif
