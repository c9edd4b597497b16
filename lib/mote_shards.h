/* mote_shards.h: a batch in shards, for trainings that several processes or machines share.
 *
 * A batch of B rows is cut into S shards: rows floor(i B / S) … floor((i + 1) B / S) - 1 are shard i. The gradient of
 * each is summed as that of a batch of its rows, with the number of counted targets of the whole batch as the divisor
 * of a mean. The gradients, and the losses, are added along a tree: [0, S) is cut at the largest power of two below S,
 * each half likewise, and every sum of two is flushed: below 2^-40 in magnitude it becomes +0. What is clipped, and
 * what the optimizer reads, is the sum of all. So the weights depend on S and never on who computes what. With S = 1
 * they are those of mote_train_step, bit for bit.
 *
 * One process computes all:
 *
 *     mote_shards_init(&shards, &arena, model, &train, &part);
 *     mote_shards_step(shards, tokens, targets, nodes, losses, &loss);
 *
 * Several share the work. Each has the model and the whole batch, its part of the shards, and its part of the weights,
 * which it updates; moments it has of these alone. Weights are shared in blocks of MOTE_SHARDS_BLOCK, in the order of
 * mote_model_weights. What goes from one to another is the caller's work:
 *
 *     mote_shards_begin(shards, tokens, targets);
 *     ... mote_shards_sum for each node of the tree that is made of own shards alone
 *     ... of own blocks the sums of all nodes, by mote_shards_add, from everybody; all losses, for mote_shards_loss
 *     mote_shards_measure(shards, gradients, squares);
 *     ... everybody's status and squares
 *     mote_shards_update(shards, gradients, squares);
 *     ... everybody's weights
 *
 * Nothing is allocated; no call uses more than 1 KiB of stack. A program that calls none of these functions links none
 * of them.
 */
#ifndef MOTE_SHARDS_H
#define MOTE_SHARDS_H

#include "mote.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What one process has of a training. All of it: first_shard and first_block 0, shard_count S, block_count
 * MOTE_SHARDS_BLOCKS(shape). */
typedef struct mote_shards_part {
    uint32_t shards;      /* S, 1 … B */
    uint32_t first_shard; /* the own ones are first_shard … first_shard + shard_count - 1 */
    uint32_t shard_count; /* at least 1 */
    uint32_t first_block; /* of weights, likewise */
    uint32_t block_count; /* may be 0 */
} mote_shards_part;

typedef struct mote_shards mote_shards;

/* Weights of a block, of which the last one may have fewer; and how many blocks a shape has. */
#define MOTE_SHARDS_BLOCK 1024u
#define MOTE_SHARDS_BLOCKS(...) ((MOTE_WEIGHTS(__VA_ARGS__) + MOTE_SHARDS_BLOCK - 1u) / MOTE_SHARDS_BLOCK)
/* Arrays of MOTE_WEIGHTS(shape) floats that the sum of n shards takes: floor(log2(n)). */
#define MOTE_SHARDS_NODES(n)                                                                                           \
    (MOTE_SZ_SHARDS_FROM(n, 2) + MOTE_SZ_SHARDS_FROM(n, 4) + MOTE_SZ_SHARDS_FROM(n, 8) + MOTE_SZ_SHARDS_FROM(n, 16) +  \
     MOTE_SZ_SHARDS_FROM(n, 32) + MOTE_SZ_SHARDS_FROM(n, 64) + MOTE_SZ_SHARDS_FROM(n, 128) +                           \
     MOTE_SZ_SHARDS_FROM(n, 256) + MOTE_SZ_SHARDS_FROM(n, 512) + MOTE_SZ_SHARDS_FROM(n, 1024) +                        \
     MOTE_SZ_SHARDS_FROM(n, 2048) + MOTE_SZ_SHARDS_FROM(n, 4096) + MOTE_SZ_SHARDS_FROM(n, 8192) +                      \
     MOTE_SZ_SHARDS_FROM(n, 16384) + MOTE_SZ_SHARDS_FROM(n, 32768) + MOTE_SZ_SHARDS_FROM(n, 65536))

/* Bytes of arena of all of a training, MOTE_SHARDS_BYTES(shape, B, T, O, W, S); and of a part,
 * MOTE_SHARDS_PART_BYTES(shape, B, T, O, W, S, first_shard, shard_count, first_block, block_count). */
#define MOTE_SHARDS_BYTES(...) MOTE_SZ_SHARDS_BYTES(__VA_ARGS__)
#define MOTE_SHARDS_PART_BYTES(...) MOTE_SZ_SHARDS_PART_BYTES(__VA_ARGS__)
/* The same of structs. 0: not valid, or above 2^32 - 1. */
size_t mote_shards_bytes(const mote_config *config, const mote_train_config *train, const mote_shards_part *part);

/* `train` is of the whole batch. Needs mote_shards_bytes. The model must be in RAM and outlive the shards. Moments and
 * hidden states start at zero. Errors are those of mote_trainer_init; MOTE_ERR_ARG also: a part that is none;
 * MOTE_ERR_SIZE also: a trainer of the whole batch would be larger than 2^32 - 1 bytes, and so its checkpoint could not
 * be loaded. */
mote_status mote_shards_init(mote_shards **shards, mote_arena *arena, mote_model *model, const mote_train_config *train,
                             const mote_shards_part *part);

/* --- a step at once --------------------------------------------------------------------------------------------- */

/* As mote_train_step, by all shards. `nodes`: MOTE_SHARDS_NODES(S) arrays of MOTE_WEIGHTS(shape) floats, one behind the
 * other, aligned to MOTE_ALIGN; it may be NULL where S is 1. `losses`: room for S floats. MOTE_ERR_ARG also: shards or
 * blocks that are not all here. */
mote_status mote_shards_step(mote_shards *shards, const uint16_t *tokens, const uint16_t *targets, float *nodes,
                             float *losses, float *loss);

/* --- a step in pieces ------------------------------------------------------------------------------------------- */

/* Begins a step; one that has begun is given up. Tokens and targets are those of the whole batch, [B] rows as in
 * mote_train_step, and must stay as they are until the last mote_shards_sum. MOTE_ERR_TOKEN. */
mote_status mote_shards_begin(mote_shards *shards, const uint16_t *tokens, const uint16_t *targets);

/* How many shards from `first` on make the largest node of the tree of `shards` that ends at or before `end`. 0:
 * first >= end, or end > shards. */
uint32_t mote_shards_node(uint32_t shards, uint32_t first, uint32_t end);

/* The gradients of own shards first … first + count - 1, which must be a node of the tree: *sum, an array as long and
 * in the order of the weights, that may be written to. It is the first array of `nodes`, as in mote_shards_step; with
 * one shard it is a place of the library's, valid until the next call. losses[i], i < count: of each shard. Own shards
 * must be summed in ascending order. MOTE_ERR_ARG: no node of the tree, or not all own; MOTE_ERR_SEQUENCE: no step has
 * begun, or another shard is next; MOTE_ERR_NUMERIC, MOTE_ERR_PARALLEL: as mote_train_step, and the step is given up.
 */
mote_status mote_shards_sum(mote_shards *shards, uint32_t first, uint32_t count, float *nodes, float *losses,
                            float **sum);

/* to += from, for the sum of two nodes, flushed. On flat arrays that do not overlap, aligned to MOTE_ALIGN
 * (MOTE_ERR_ALIGN); `count` must be a multiple of 16. Infinity and NaN stay such. */
mote_status mote_shards_add(float *to, const float *from, size_t count);

/* The sum of the losses of all shards, which it uses up. MOTE_ERR_NUMERIC: it is not finite. */
mote_status mote_shards_loss(float *losses, uint32_t shards, float *loss);

/* Of the whole sum, but only own blocks of it: clips them by value, and, where the training clips by norm, squares[i]
 * becomes the sum of the squares of the i-th own block. `squares` may be NULL where the blocks are all here.
 * MOTE_ERR_NUMERIC, MOTE_ERR_PARALLEL: as mote_train_step; the step is given up, here, and has to be by everybody,
 * since nobody has changed anything yet. MOTE_ERR_SEQUENCE: not all own shards have been summed. */
mote_status mote_shards_measure(mote_shards *shards, float *gradients, float *squares);

/* Updates the weights of own blocks, unless the batch has no counted target, and moves hidden states on: the step is
 * done. `gradients` as mote_shards_measure left them; it uses them up. `squares`: of all blocks, in their order; NULL
 * as above. MOTE_ERR_NUMERIC: the norm is not finite, for everybody, and nothing has changed. MOTE_ERR_SEQUENCE:
 * nothing has been measured. */
mote_status mote_shards_update(mote_shards *shards, float *gradients, const float *squares);

/* --- the rest of a trainer -------------------------------------------------------------------------------------- */

/* As mote_trainer_set_parallel, mote_trainer_set_learning_rate, mote_trainer_reset_state, mote_trainer_step_count,
 * mote_trainer_norm. */
mote_status mote_shards_set_parallel(mote_shards *shards, mote_parallel_fn parallel, void *user, uint32_t tasks);
mote_status mote_shards_set_learning_rate(mote_shards *shards, float learning_rate);
void mote_shards_reset_state(mote_shards *shards);
uint32_t mote_shards_step_count(const mote_shards *shards);
float mote_shards_norm(const mote_shards *shards);

/* --- checkpoints ------------------------------------------------------------------------------------------------ */

/* What the parts of a training have that others do not, put together. */
typedef struct mote_shards_whole {
    const float *states;     /* hidden states, [slices][B][16] */
    const float *moments[2]; /* as many as the optimizer keeps, each as long as the weights */
} mote_shards_whole;

/* Where own hidden states are, [slices][rows][16], the rows of own shards; and how many slices and rows: 16 numbers of
 * a layer are a slice. NULL, and 0 slices, where nothing is carried. */
const float *mote_shards_states(const mote_shards *shards, uint32_t *slices, uint32_t *rows);
/* The index-th moments of own blocks; NULL: the optimizer keeps fewer. */
const float *mote_shards_moments(const mote_shards *shards, uint32_t index, size_t *count);

/* Writes what mote_checkpoint_save writes of a trainer of the whole batch: the same file, whoever computed what.
 * `whole` may be NULL where shards and blocks are all here. */
mote_status mote_shards_save(const mote_shards *shards, const mote_shards_whole *whole, const mote_model *best,
                             const mote_section *sections, uint32_t section_count, mote_arena *scratch,
                             mote_write_fn write, void *user);
/* Makes a model in RAM and the part's shards: needs mote_model_bytes + mote_shards_bytes. Errors are those of
 * mote_checkpoint_load and mote_shards_init. */
mote_status mote_shards_load(mote_shards **shards, mote_model **model, mote_arena *arena, const void *blob,
                             size_t bytes, uint32_t workspace, const mote_shards_part *part);

/* --- the formulas; not to be used outside this file and the library ---------------------------------------------- */

#define MOTE_SZ_SHARDS_HANDLE 384u
#define MOTE_SZ_SHARDS_FROM(n, least) (MOTE_SZ_U64(n) >= (least) ? 1u : 0u)

#define MOTE_SZ_SHARDS_BYTES(input, cell, V, C, E, H, L, P, B, T, O, W, S)                                             \
    MOTE_SZ_SHARDS_PART_BYTES(input, cell, V, C, E, H, L, P, B, T, O, W, S, 0, S, 0,                                   \
                              MOTE_SHARDS_BLOCKS(input, cell, V, C, E, H, L, P))
/* Handle, gradients; for the rows of the largest shard activations; transposed weights; moments of own blocks; hidden
 * states of own rows before and after a step. */
#define MOTE_SZ_SHARDS_PART_BYTES(input, cell, V, C, E, H, L, P, B, T, O, W, S, F, N, FB, NB)                          \
    (MOTE_SZ_SHARDS_HANDLE +                                                                                           \
     4u * (MOTE_SZ_WEIGHTS(input, cell, V, C, E, H, L, P) +                                                            \
           MOTE_SZ_ACTIVATIONS(input, cell, V, C, E, H, L, P, MOTE_SZ_SHARD_ROWS(B, S), T) +                           \
           (MOTE_SZ_U64(W) == MOTE_WORKSPACE_PACKED ? MOTE_SZ_TRANSPOSED(input, cell, V, C, E, H, L, P) : 0u) +        \
           MOTE_MOMENTS(O) *                                                                                           \
               MOTE_SZ_BLOCK_WEIGHTS(MOTE_SZ_U64(MOTE_SZ_WEIGHTS(input, cell, V, C, E, H, L, P)), FB, NB) +            \
           2u * MOTE_SZ_CARRIED(cell, H, L, MOTE_SZ_ROWS_OF_SHARDS(B, S, F, N))))
/* Rows of the largest shard; of several. */
#define MOTE_SZ_SHARD_ROWS(B, S) ((MOTE_SZ_U64(B) + MOTE_SZ_U64(S) - 1u) / MOTE_SZ_U64(S))
#define MOTE_SZ_ROWS_OF_SHARDS(B, S, F, N)                                                                             \
    ((MOTE_SZ_U64(F) + MOTE_SZ_U64(N)) * MOTE_SZ_U64(B) / MOTE_SZ_U64(S) -                                             \
     MOTE_SZ_U64(F) * MOTE_SZ_U64(B) / MOTE_SZ_U64(S))
#define MOTE_SZ_BLOCK_WEIGHTS(weights, FB, NB)                                                                         \
    (MOTE_SZ_BLOCKS_END(weights, MOTE_SZ_U64(FB) + MOTE_SZ_U64(NB)) - MOTE_SZ_BLOCKS_END(weights, MOTE_SZ_U64(FB)))
#define MOTE_SZ_BLOCKS_END(weights, blocks)                                                                            \
    ((blocks)*MOTE_SHARDS_BLOCK < (weights) ? (blocks)*MOTE_SHARDS_BLOCK : (weights))

#ifdef __cplusplus
}
#endif

#endif
