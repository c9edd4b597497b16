/* mote_run.h: steps of a model, surprises, drawn text and likely endings. mote.h includes this file. */
#ifndef MOTE_API_RUN_H
#define MOTE_API_RUN_H

#include "mote_model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- running ---------------------------------------------------------------------------------------------------- */

/* One state a stream. Needs mote_state_bytes. The model must outlive it. */
typedef struct mote_state mote_state;
mote_status mote_state_init(mote_state **state, mote_arena *arena, const mote_model *model);
/* Back to the beginning: hidden states of zero, or a context of token 0. NULL is allowed. */
void mote_state_reset(mote_state *state);
/* The activations [H] of a layer after the last step, in the state until the next one; after a step that failed, or a
 * reset, they mean nothing. MOTE_ERR_ARG: a bigram has none, and no model has a layer past its last. */
mote_status mote_state_hidden(const mote_state *state, uint32_t layer, const float **hidden, uint32_t *count);

/* Reads one character and gives the logits [V] of the next one, in the state until the next step (16-aligned,
 * zero-padded to a multiple of 16). MOTE_ERR_TOKEN, MOTE_ERR_NUMERIC: the state is as it was before; earlier logits are
 * lost. */
mote_status mote_step(mote_state *state, uint16_t token, const float **logits);

/* Reads tokens[0 … count-2]; nats[i] (i < count-1) is the surprise of tokens[i+1] after them, -ln p. count >= 2. The
 * last token is not read, so a text may be scored in pieces that overlap by one. *scored (NULL: not wanted) is how many
 * tokens were read, also on failure: the state then stands after them, and as many of `nats` are good. MOTE_ERR_TOKEN:
 * none was read. */
mote_status mote_score(mote_state *state, const uint16_t *tokens, size_t count, float *nats, size_t *scored);

/* Texts read side by side, in B rows of T characters a call: several times as fast as one after the other, but with
 * weights of integers no faster, and each surprise has the bits of mote_score's. Needs mote_scorer_bytes (0: not valid,
 * or above 2^32 - 1); the model, in place or in RAM, must outlive the scorer. batch and time_steps: 1 … 65536. Of
 * float32 it computes as a training does: MOTE_ERR_UNSUPPORTED where what trains the model's layers was left out. */
typedef struct mote_scorer mote_scorer;
size_t mote_scorer_bytes(const mote_config *config, uint32_t batch, uint32_t time_steps);
mote_status mote_scorer_init(mote_scorer **scorer, mote_arena *arena, const mote_model *model, uint32_t batch,
                             uint32_t time_steps);
/* The hidden state of all rows to zero. NULL is allowed. */
void mote_scorer_reset(mote_scorer *scorer);
/* The next T characters of each row. tokens and targets as for mote_train_step: of an MLP a row has the last C
 * characters before its first target, token 0 for those before its text. nats [B][T]: the surprise of each target, +0
 * for MOTE_IGNORE. MOTE_ERR_TOKEN, MOTE_ERR_NUMERIC: the hidden state is as it was before. */
mote_status mote_scorer_read(mote_scorer *scorer, const uint16_t *tokens, const uint16_t *targets, float *nats);

/* Draws a token from softmax(logits / temperature). temperature 0: the largest logit, the lowest token on a tie, no
 * random number drawn; otherwise 2^-20 … 2^20. top_k: only the k likeliest, ties keep the lower token; 0: all.
 * MOTE_ERR_NUMERIC: a logit that is NaN or infinite. */
mote_status mote_sample(const float *logits, uint32_t vocab, float temperature, uint32_t top_k, mote_rng *rng,
                        uint16_t *token);

/* --- completion -------------------------------------------------------------------------------------------------- */

/* The likeliest endings of a word or of a line that has begun, for keyboards and consoles: a beam search, which keeps
 * the `width` likeliest beginnings of each length. The model is run once for the boundary, where it has one, or for
 * token 0 before an empty prefix, once for each token of the prefix, and then at most width * length times; less where
 * what is still open cannot become likelier than the endings found. */
enum {
    MOTE_UNTIL_WORD = 1, /* up to white space, punctuation other than ' - _ and U+2019, a control character, */
    MOTE_UNTIL_LINE = 2  /* up to the boundary, where the model has one, or U+000A */
};
#define MOTE_COMPLETER_MAX_WIDTH 256u
#define MOTE_COMPLETER_MAX_LENGTH 1024u
#define MOTE_COMPLETER_MAX_COUNT 256u
typedef struct mote_completer_options {
    uint32_t width;  /* beginnings kept, 1 … MOTE_COMPLETER_MAX_WIDTH; 1: the likeliest token each time */
    uint32_t length; /* tokens of an ending at most, 1 … MOTE_COMPLETER_MAX_LENGTH; longer ones are not found */
    uint32_t count;  /* endings at most, 1 … MOTE_COMPLETER_MAX_COUNT */
} mote_completer_options;

/* Needs mote_completer_bytes (0: not valid, or above 2^32 - 1), MOTE_COMPLETER_BYTES(shape, width, length, count). The
 * model, of any kind, must outlive it. MOTE_ERR_MISSING: the model has no characters. */
typedef struct mote_completer mote_completer;
size_t mote_completer_bytes(const mote_config *config, const mote_completer_options *options);
mote_status mote_completer_init(mote_completer **completer, mote_arena *arena, const mote_model *model,
                                const mote_completer_options *options);

/* Looks for endings of the prefix, UTF-8 that may be empty, NULL then; *found: how many there are, 0 where it fails.
 * Where the model has a boundary, only what stands behind the last U+000A is read. A character that the vocabulary
 * lacks is read as tokens of its bytes, where it has these (MOTE_BYTE_CODE_POINT). An ending has no character at all
 * where the line, or the word that the prefix ends with, is likely to end here.
 *
 * The probability of an ending is that of its tokens and of what ends it: the surprises of its tokens as mote_score has
 * them, added in order, and -ln of the sum of the probabilities of all tokens that end a word, or a line. Its byte
 * tokens are whole characters, and none that the vocabulary has as a token, so that no text is listed twice. Of two
 * beginnings, or endings, of the same probability the first is the one with the lower token at the first place where
 * they differ, or the shorter one. `until`: MOTE_UNTIL_…. MOTE_ERR_TEXT: not UTF-8; MOTE_ERR_TOKEN: a character that
 * the model cannot read; MOTE_ERR_MISSING: it has no token that ends a word, or a line; MOTE_ERR_NUMERIC. */
mote_status mote_complete(mote_completer *completer, const char *prefix, size_t bytes, uint32_t until, uint32_t *found);

/* The index-th of the endings found, 0 the likeliest: *bytes of UTF-8, at most MOTE_ENDING_BYTES(length), not
 * terminated, without what ends it. MOTE_ERR_CAPACITY: *bytes is the room that it needs. MOTE_ERR_ARG: there are not so
 * many. `utf8` may be NULL where capacity is 0. *log_probability: the natural logarithm; NULL: not wanted. */
#define MOTE_ENDING_BYTES(length) (4u * MOTE_SZ_U64(length))
mote_status mote_completion(const mote_completer *completer, uint32_t index, char *utf8, size_t capacity, size_t *bytes,
                            float *log_probability);

#ifdef __cplusplus
}
#endif

#endif
