/* mote: tiny character language models that run and learn anywhere, with the same bits everywhere.
 *
 * This header is the whole public API and its manual. It is C99 and C++11.
 *
 * The rules that hold for every function:
 *  - Nothing is allocated. Objects live in an arena, a buffer that the caller gives. Each kind of object has a size as
 * a macro (a constant expression) and as a function; both give the same number on every target. A constructor given
 * that many bytes succeeds; given one less it returns MOTE_ERR_ARENA, has written nothing, and says in `arena->needed`
 * how large the buffer must be.
 *  - A function that can fail returns a mote_status and hands results out through pointers; on failure the results are
 *    unspecified unless said otherwise. The library never prints, aborts or exits.
 *  - The same model, data and seed give the same losses, weights and text, bit for bit, on every target and ISA.
 *    Multiply-adds are fused; division and square root are the rounded ones; exp, tanh and log are mote's own, never
 *    off by more than 1.02, 2.42 and 0.84 units in the last place over every float of their domains.
 *  - A const model may be shared by threads. A state, a trainer or an rng belongs to one thread at a time.
 *  - No call uses more than 1 KiB of stack.
 *  - Pointers must not be NULL unless said otherwise; a NULL is answered with MOTE_ERR_ARG.
 *
 * Words: V vocabulary, C context, E embedding width, H hidden width, L layers, B batch (rows), T time (characters
 * predicted a row a step), R = B * T rows of activations.
 * Losses are nats a character.
 */
#ifndef MOTE_H
#define MOTE_H

#include <stddef.h>
#include <stdint.h>

/* MOTE_U64 makes an integer 64 bits wide for the macros below, which must not overflow. In C++ it is no cast, so that
 * -Wold-style-cast and -Wuseless-cast have nothing to warn of in a program that uses the macros: an overload converts
 * each integer type. Both forms are constant expressions. */
#ifdef __cplusplus
constexpr uint64_t mote_u64(int n) { return static_cast<uint64_t>(n); }
constexpr uint64_t mote_u64(long n) { return static_cast<uint64_t>(n); }
constexpr uint64_t mote_u64(long long n) { return static_cast<uint64_t>(n); }
constexpr uint64_t mote_u64(unsigned n) { return n; }
constexpr uint64_t mote_u64(unsigned long n) { return n; }
constexpr uint64_t mote_u64(unsigned long long n) { return n; }
#define MOTE_U64(n) mote_u64(n)
#define MOTE_NULL nullptr
#else
#define MOTE_U64(n) ((uint64_t)(n))
#define MOTE_NULL 0
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* --- version ---------------------------------------------------------------------------------------------------- */

#define MOTE_VERSION_MAJOR 0
#define MOTE_VERSION_MINOR 1
#define MOTE_VERSION_PATCH 0
#define MOTE_VERSION_NUMBER (MOTE_VERSION_MAJOR * 10000 + MOTE_VERSION_MINOR * 100 + MOTE_VERSION_PATCH)

/* The version of the blob format that this header writes. A reader takes any minor of its major. */
#define MOTE_FORMAT_MAJOR 1
#define MOTE_FORMAT_MINOR 0

/* MOTE_VERSION_NUMBER of the library linked. */
uint32_t mote_version(void);

/* --- status ----------------------------------------------------------------------------------------------------- */

/* Numbers are never reused. */
typedef enum mote_status {
    MOTE_OK = 0,
    MOTE_ERR_ARG = -1,       /* an argument, configuration or hyperparameter that cannot be used */
    MOTE_ERR_ARENA = -2,     /* the arena is too small; arena->needed says what would do */
    MOTE_ERR_ALIGN = -3,     /* memory that is not aligned to MOTE_ALIGN */
    MOTE_ERR_FORMAT = -4,    /* not a blob, cut short, or not made as the format says */
    MOTE_ERR_VERSION = -5,   /* a blob of another major version of the format */
    MOTE_ERR_CHECKSUM = -6,  /* a damaged blob: its CRC-32 does not match */
    MOTE_ERR_TOKEN = -7,     /* a token, or a character, that the vocabulary does not have */
    MOTE_ERR_NUMERIC = -8,   /* NaN, infinity, or a number outside the range that the promise of equal bits covers */
    MOTE_ERR_TEXT = -9,      /* text that is not UTF-8 */
    MOTE_ERR_CAPACITY = -10, /* a result does not fit the room given for it */
    MOTE_ERR_WRITE = -11,    /* the write callback refused */
    MOTE_ERR_SELFTEST = -12  /* the model computes other bits here than where it was saved */
} mote_status;

/* "MOTE_OK", "MOTE_ERR_ARG" …; "MOTE_ERR_UNKNOWN" for a number that is none. Never NULL. */
const char *mote_status_name(mote_status status);

/* --- what is linked --------------------------------------------------------------------------------------------- */

/* Which model a program runs, and with what optimizer it learns, is known only while it does, so all of them are
 * linked. A program for a microcontroller can leave out what it never uses. In one of its files, at file scope:
 *
 *     MOTE_WITHOUT_MODEL(bigram);
 *     MOTE_WITHOUT_MODEL(mlp);
 *     MOTE_WITHOUT_OPTIMIZER(adamw);
 *
 * Models: bigram, mlp, rnn; optimizers: sgd, momentum, adagrad, adamw. The linker then drops them, with --gc-sections
 * and the static library. What was left out is answered with MOTE_ERR_ARG: a model by mote_state_init,
 * mote_trainer_init, mote_checkpoint_load, mote_selftest and whatever saves; an optimizer by mote_trainer_init and
 * mote_checkpoint_load. */
typedef struct mote_linked mote_linked;
extern const mote_linked *const mote_running_bigram, *const mote_running_mlp, *const mote_running_rnn;
extern const mote_linked *const mote_training_bigram, *const mote_training_mlp, *const mote_training_rnn;
extern const mote_linked *const mote_optimizer_sgd, *const mote_optimizer_momentum, *const mote_optimizer_adagrad,
                                                                                        *const mote_optimizer_adamw;
#define MOTE_WITHOUT_MODEL(name)                                                                                       \
    const mote_linked *const mote_running_##name = MOTE_NULL, *const mote_training_##name = MOTE_NULL
#define MOTE_WITHOUT_OPTIMIZER(name) const mote_linked *const mote_optimizer_##name = MOTE_NULL

/* --- instruction set -------------------------------------------------------------------------------------------- */

/* The instruction set in use: "avx512", "avx2", "neon" or "portable". The first call of any function that
 * computes chooses it. */
const char *mote_isa(void);

/* Chooses it by name, for tests and benchmarks; every choice gives the same bits. MOTE_ERR_ARG: this build or this CPU
 * has no such instruction set (the choice stays as it was). Not to be called while another thread uses the library. */
mote_status mote_isa_force(const char *name);

/* The name of the index-th instruction set that this build has and this CPU can run, best first; NULL past the last. */
const char *mote_isa_at(uint32_t index);

/* --- arena ------------------------------------------------------------------------------------------------------ */

#define MOTE_ALIGN 64

/* The caller's buffer, handed out from the bottom in multiples of MOTE_ALIGN:
 *
 *   base                    base + used                                  base + size
 *    | model | state | …     | free                                        |
 *
 * Nothing is freed singly: mark and rewind give back everything made since the mark. */
typedef struct mote_arena {
    unsigned char *base;
    size_t size;   /* bytes in the buffer */
    size_t used;   /* bytes handed out */
    size_t needed; /* after MOTE_ERR_ARENA: the size with which that call would have succeeded */
} mote_arena;

/* `buffer` must be aligned to MOTE_ALIGN (MOTE_ERR_ALIGN) and outlive everything made in it. */
mote_status mote_arena_init(mote_arena *arena, void *buffer, size_t bytes);
size_t mote_arena_mark(const mote_arena *arena);
/* Objects made after the mark are gone. A mark above what is used changes nothing. */
void mote_arena_rewind(mote_arena *arena, size_t mark);

/* --- random numbers --------------------------------------------------------------------------------------------- */

/* PCG32 (O'Neill 2014, XSH RR 64/32). Plain data: copy it to fork a sequence, store it to resume one. */
typedef struct mote_rng {
    uint64_t state;
    uint64_t increment; /* odd */
} mote_rng;

/* Each (seed, stream) is a sequence of its own. */
void mote_rng_init(mote_rng *rng, uint64_t seed, uint64_t stream);
/* The generator for a purpose of a run: of near seeds, purposes and indices the sequences have nothing in common. With
 * mix the finalizer of splitmix64 (Steele, Lea and Flood 2014) and key = mix(mix(purpose) + index), it is
 * mote_rng_init(rng, mix(seed + key), key). Purposes below 16 are the library's. */
enum { MOTE_PURPOSE_SHUFFLE = 1, MOTE_PURPOSE_BATCH = 2 };
void mote_rng_derive(mote_rng *rng, uint64_t seed, uint32_t purpose, uint64_t index);
uint32_t mote_rng_u32(mote_rng *rng);
/* Uniform in 0 … bound-1, unbiased; 0 when bound is 0 or 1. */
uint32_t mote_rng_below(mote_rng *rng, uint32_t bound);
/* Uniform in [0, 1), a multiple of 2^-24. */
float mote_rng_uniform(mote_rng *rng);
/* Normal, mean 0, deviation 1 (Marsaglia's polar method; nothing is kept between calls). */
float mote_rng_normal(mote_rng *rng);

/* --- model ------------------------------------------------------------------------------------------------------ */

enum { MOTE_BIGRAM = 1, MOTE_MLP = 2, MOTE_RNN = 3 }; /* mote_config.arch */
enum { MOTE_TANH = 1, MOTE_RELU = 2 };                /* mote_config.activation */

#define MOTE_MAX_VOCAB 65535u
#define MOTE_MAX_WIDTH 65536u /* of embed and hidden */
#define MOTE_MAX_LAYERS 16u
#define MOTE_MAX_CONTEXT 4096u
#define MOTE_IGNORE 0xFFFFu /* a target that costs nothing and teaches nothing */

/* Bigram: logits(t) = row c(t) of a table [V][V], c(t) the character read at t.
 *
 * MLP (Bengio et al. 2003): x_0 the embeddings of the last C characters, the oldest first, side by side;
 *   h_l = act(b_l + W_l x_l),   x_(l+1) = h_l,   logits = b_out + W_out h_(L-1),   l = 0 … L-1
 * What is missing of a context is token 0. Where token 0 is the boundary of items, it also hides what stands before it
 * in the context: an item is predicted from its own characters alone.
 *
 * Vanilla RNN (Elman 1990), layer l = 0 … L-1, x_0 the one-hot (E = 0) or embedded character:
 *   h_l(t) = act(b_l + Wih_l x_l(t) + Whh_l h_l(t-1)),   x_(l+1) = h_l,   logits(t) = b_out + W_out h_(L-1)(t) */
typedef struct mote_config {
    uint32_t arch;       /* MOTE_BIGRAM, MOTE_MLP or MOTE_RNN */
    uint32_t activation; /* MOTE_TANH or MOTE_RELU; bigram: 0 */
    uint32_t vocab;      /* V, 2 … MOTE_MAX_VOCAB */
    uint32_t context;    /* C of an MLP, 1 … MOTE_MAX_CONTEXT; others: 0 */
    uint32_t embed;      /* E of an MLP, 1 … MOTE_MAX_WIDTH; of an RNN also 0: one-hot; bigram: 0 */
    uint32_t hidden;     /* H, 1 … MOTE_MAX_WIDTH; bigram: 0 */
    uint32_t layers;     /* L, 1 … MOTE_MAX_LAYERS; bigram: 0 */
} mote_config;

typedef struct mote_model mote_model;

/* The characters that tokens 0 … count-1 stand for. Sorted, each once. With `boundary`, token 0 is the boundary between
 * items; its code point is U+000A and takes no part in the order. */
typedef struct mote_vocab {
    const uint32_t *code_points; /* Unicode scalar values */
    uint32_t count;
    uint32_t boundary; /* 0 or 1 */
} mote_vocab;

/* How weights are drawn. Each rule fills `weights`, `biases` or `embedding`; scale is its parameter, finite and >= 0.
 * "in" is the inputs of a unit, of the last product that a bias is added to. */
enum {
    MOTE_INIT_ZERO = 0,
    MOTE_INIT_NORMAL = 1,         /* deviation = scale */
    MOTE_INIT_UNIFORM = 2,        /* uniform in ±scale */
    MOTE_INIT_XAVIER_NORMAL = 3,  /* deviation = scale * sqrt(2 / (in + out)) (Glorot and Bengio 2010); no biases */
    MOTE_INIT_HIDDEN_UNIFORM = 4, /* uniform in ±scale / sqrt(H), PyTorch's rule for nn.RNN at scale 1; no bigram */
    MOTE_INIT_FAN_IN_UNIFORM = 5, /* uniform in ±scale / sqrt(in), PyTorch's rule for nn.Linear at scale 1 */
    MOTE_INIT_FAN_IN_NORMAL = 6   /* deviation = scale / sqrt(in); He et al. 2015 at scale sqrt(2) */
};
typedef struct mote_init_rule {
    uint32_t kind;
    float scale;
} mote_init_rule;
typedef struct mote_init {
    mote_init_rule weights;   /* of products, and a bigram's table */
    mote_init_rule biases;    /* not looked at for a bigram */
    mote_init_rule embedding; /* without one, not looked at */
} mote_init;

/* The constants below are reserves for handles, the same on every target; the library asserts that they suffice. */
#define MOTE_MODEL_RESERVE 512u
#define MOTE_STATE_RESERVE 128u
#define MOTE_TRAINER_RESERVE 512u

#define MOTE_PAD16(n) ((MOTE_U64(n) + 15u) / 16u * 16u)
#define MOTE_ROUND64(n) ((MOTE_U64(n) + 63u) / 64u * 64u)
#define MOTE_RNN_INPUT(V, E) (MOTE_U64(E) ? MOTE_U64(E) : MOTE_U64(V))
#define MOTE_MLP_INPUT(C, E) (MOTE_U64(C) * MOTE_U64(E))

/* Parameters, padding left out. */
#define MOTE_BIGRAM_PARAMS(V) (MOTE_U64(V) * MOTE_U64(V))
#define MOTE_MLP_PARAMS(V, C, E, H, L)                                                                                 \
    (MOTE_U64(V) * MOTE_U64(E) + MOTE_U64(H) * (MOTE_MLP_INPUT(C, E) + 1u) +                                           \
     (MOTE_U64(L) - 1u) * MOTE_U64(H) * (MOTE_U64(H) + 1u) + MOTE_U64(V) * (MOTE_U64(H) + 1u))
#define MOTE_RNN_PARAMS(V, E, H, L)                                                                                    \
    (MOTE_U64(V) * MOTE_U64(E) + MOTE_U64(H) * (MOTE_RNN_INPUT(V, E) + MOTE_U64(H) + 1u) +                             \
     (MOTE_U64(L) - 1u) * MOTE_U64(H) * (2u * MOTE_U64(H) + 1u) + MOTE_U64(V) * (MOTE_U64(H) + 1u))
/* Floats in the flat array of weights, padding included. */
#define MOTE_BIGRAM_WEIGHTS(V) (MOTE_PAD16(V) * MOTE_U64(V))
#define MOTE_MLP_WEIGHTS(V, C, E, H, L)                                                                                \
    (MOTE_PAD16(E) * MOTE_U64(V) + MOTE_PAD16(H) * (MOTE_MLP_INPUT(C, E) + 1u) +                                       \
     (MOTE_U64(L) - 1u) * MOTE_PAD16(H) * (MOTE_U64(H) + 1u) + MOTE_PAD16(V) * (MOTE_U64(H) + 1u))
#define MOTE_RNN_WEIGHTS(V, E, H, L)                                                                                   \
    (MOTE_PAD16(E) * MOTE_U64(V) + MOTE_PAD16(H) * (MOTE_RNN_INPUT(V, E) + MOTE_U64(H) + 1u) +                         \
     (MOTE_U64(L) - 1u) * MOTE_PAD16(H) * (2u * MOTE_U64(H) + 1u) + MOTE_PAD16(V) * (MOTE_U64(H) + 1u))
#define MOTE_BIGRAM_TENSORS 1u
#define MOTE_MLP_TENSORS(L) (3u + 2u * MOTE_U64(L))
#define MOTE_RNN_TENSORS(E, L) ((MOTE_U64(E) ? 1u : 0u) + 3u * MOTE_U64(L) + 2u)

/* Arena bytes: of a model opened in place; of one in RAM (random, copy); of a state; of the scratch that a save and a
 * self-test need. */
#define MOTE_OPEN_BYTES MOTE_MODEL_RESERVE
#define MOTE_BIGRAM_MODEL_BYTES(V) MOTE_MODEL_BYTES_OF(V, MOTE_BIGRAM_WEIGHTS(V))
#define MOTE_MLP_MODEL_BYTES(V, C, E, H, L) MOTE_MODEL_BYTES_OF(V, MOTE_MLP_WEIGHTS(V, C, E, H, L))
#define MOTE_RNN_MODEL_BYTES(V, E, H, L) MOTE_MODEL_BYTES_OF(V, MOTE_RNN_WEIGHTS(V, E, H, L))
#define MOTE_BIGRAM_STATE_BYTES(V) (MOTE_STATE_RESERVE + 4u * MOTE_PAD16(V))
#define MOTE_MLP_STATE_BYTES(V, C, E, H, L)                                                                            \
    (MOTE_STATE_RESERVE + MOTE_ROUND64(4u * MOTE_U64(C)) +                                                             \
     4u * (MOTE_PAD16(MOTE_MLP_INPUT(C, E)) + MOTE_U64(L) * MOTE_PAD16(H) + MOTE_PAD16(V)))
#define MOTE_RNN_STATE_BYTES(V, E, H, L) (MOTE_STATE_RESERVE + 4u * (2u * MOTE_U64(L) * MOTE_PAD16(H) + MOTE_PAD16(V)))
#define MOTE_BIGRAM_SCRATCH_BYTES(V) (MOTE_BIGRAM_STATE_BYTES(V) + 320u)
#define MOTE_MLP_SCRATCH_BYTES(V, C, E, H, L) (MOTE_MLP_STATE_BYTES(V, C, E, H, L) + 320u)
#define MOTE_RNN_SCRATCH_BYTES(V, E, H, L) (MOTE_RNN_STATE_BYTES(V, E, H, L) + 320u)

/* Bytes of a blob; and of a checkpoint with the optimizer O and, for an RNN, B rows. With the weights of another model
 * in it, the best so far, 4 * …_WEIGHTS more. */
#define MOTE_BIGRAM_BLOB_BYTES(V) MOTE_BLOB_BYTES_OF(V, MOTE_BIGRAM_TENSORS, MOTE_BIGRAM_WEIGHTS(V))
#define MOTE_MLP_BLOB_BYTES(V, C, E, H, L) MOTE_BLOB_BYTES_OF(V, MOTE_MLP_TENSORS(L), MOTE_MLP_WEIGHTS(V, C, E, H, L))
#define MOTE_RNN_BLOB_BYTES(V, E, H, L) MOTE_BLOB_BYTES_OF(V, MOTE_RNN_TENSORS(E, L), MOTE_RNN_WEIGHTS(V, E, H, L))
#define MOTE_BIGRAM_CHECKPOINT_BYTES(V, O)                                                                             \
    (MOTE_BIGRAM_BLOB_BYTES(V) + MOTE_CHECKPOINT_BYTES_OF(O, MOTE_BIGRAM_WEIGHTS(V), 0u))
#define MOTE_MLP_CHECKPOINT_BYTES(V, C, E, H, L, O)                                                                    \
    (MOTE_MLP_BLOB_BYTES(V, C, E, H, L) + MOTE_CHECKPOINT_BYTES_OF(O, MOTE_MLP_WEIGHTS(V, C, E, H, L), 0u))
#define MOTE_RNN_CHECKPOINT_BYTES(V, E, H, L, B, O)                                                                    \
    (MOTE_RNN_BLOB_BYTES(V, E, H, L) +                                                                                 \
     MOTE_CHECKPOINT_BYTES_OF(O, MOTE_RNN_WEIGHTS(V, E, H, L), MOTE_U64(L) * MOTE_U64(B) * MOTE_PAD16(H)))
#define MOTE_BLOB_FIXED_BYTES 832u
#define MOTE_CHECKPOINT_FIXED_BYTES 128u

/* What the macros above have in common: N tensors, W floats of weights, S floats of hidden state. */
#define MOTE_MODEL_BYTES_OF(V, W) (MOTE_MODEL_RESERVE + MOTE_ROUND64(4u * MOTE_U64(V)) + 4u * MOTE_U64(W))
#define MOTE_BLOB_BYTES_OF(V, N, W)                                                                                    \
    (MOTE_BLOB_FIXED_BYTES + 64u * MOTE_U64(N) + MOTE_ROUND64(4u * MOTE_U64(V)) + 4u * MOTE_U64(W))
#define MOTE_CHECKPOINT_BYTES_OF(O, W, S)                                                                              \
    (MOTE_CHECKPOINT_FIXED_BYTES + 4u * (MOTE_MOMENTS(O) * MOTE_U64(W) + MOTE_U64(S)))

/* The twins of the macros. 0: not a valid configuration, or a size above 2^32 - 1, which is not valid anywhere. */
size_t mote_param_count(const mote_config *config);
size_t mote_weight_count(const mote_config *config);
size_t mote_model_bytes(const mote_config *config);
size_t mote_state_bytes(const mote_config *config);
size_t mote_scratch_bytes(const mote_config *config);
size_t mote_blob_bytes(const mote_config *config);

/* Opens a blob in place: the model borrows `blob`, which must be aligned to MOTE_ALIGN and stay unchanged while the
 * model lives; it may lie in flash. `bytes` may be more than the blob has. Needs MOTE_OPEN_BYTES of the arena.
 * Everything is checked: MOTE_ERR_FORMAT, _VERSION, _CHECKSUM, _NUMERIC, _ALIGN. The model cannot be trained;
 * mote_model_copy's can. */
mote_status mote_model_open(const mote_model **model, mote_arena *arena, const void *blob, size_t bytes);

/* A new model in RAM. `vocab` may be NULL: the model then has no characters, and encode, decode and save answer
 * MOTE_ERR_ARG. Its code points are copied. Weights are drawn from (seed, stream 0) in the order of the tensor table,
 * each tensor row by row. Needs mote_model_bytes. */
mote_status mote_model_random(mote_model **model, mote_arena *arena, const mote_config *config, const mote_vocab *vocab,
                              const mote_init *init, uint64_t seed);

/* From flash to RAM, to learn. Needs mote_model_bytes. */
mote_status mote_model_copy(mote_model **copy, mote_arena *arena, const mote_model *model);

mote_status mote_model_config(const mote_model *model, mote_config *config);
/* The code points are borrowed from the model. A model without characters: count 0. */
mote_status mote_model_vocab(const mote_model *model, mote_vocab *vocab);

/* The flat array of weights of a model in RAM, `count` floats, padding (which is and must stay +0) included. NULL for a
 * model opened in place. A weight that is written must be +0 or at least 2^-40 in magnitude. */
float *mote_model_weights(mote_model *model, size_t *count);

/* 64-bit FNV-1a over all weights in tensor-table order, each tensor row-major as its logical shape says, little-endian,
 * padding left out. Two models are the same model when their hashes agree. 0 for NULL. */
uint64_t mote_weights_hash(const mote_model *model);

/* A tensor as the model holds it. Matrices lie in panels of 16 columns: element (row r, column c) of a panel matrix is
 * data[(c / 16 * rows + r) * 16 + c % 16]. A weight of logical shape [out][in] is stored with rows = in, columns = out;
 * an embedding [V][E], or a bigram's table, with rows = V, columns = E; a bias is a vector, padded to 16. */
enum { MOTE_LAYOUT_VECTOR = 0, MOTE_LAYOUT_PANELS_OUT_IN = 1, MOTE_LAYOUT_PANELS = 2 };
typedef struct mote_tensor {
    /* Bigram: "logits". MLP: "embedding", "weight_l0", "bias_l0", …, "weight_out", "bias_out". RNN: "embedding" where E
     * is not 0, "weight_ih_l0", "weight_hh_l0", "bias_l0", …, "weight_out", "bias_out". */
    char name[24];
    uint32_t shape[2]; /* logical: [out][in], [V][E], [n][1]; a bigram's [V][V]: character, next character */
    uint32_t layout;
    uint32_t offset; /* in floats, in the flat array of weights */
    uint32_t count;  /* floats, padding included */
    const float *data;
} mote_tensor;
/* MOTE_ERR_ARG past the last tensor. */
mote_status mote_model_tensor(const mote_model *model, uint32_t index, mote_tensor *tensor);
/* Element [row][column] of the logical shape; not checked. */
float mote_tensor_at(const mote_tensor *tensor, uint32_t row, uint32_t column);

/* --- saving ----------------------------------------------------------------------------------------------------- */

/* Takes `count` more bytes; anything but MOTE_OK ends the save, which then returns MOTE_ERR_WRITE. */
typedef mote_status (*mote_write_fn)(void *user, const void *bytes, size_t count);

/* A mote_write_fn for a buffer in memory: `user` is a mote_buffer. MOTE_ERR_CAPACITY when it is full. */
typedef struct mote_buffer {
    unsigned char *bytes;
    size_t capacity;
    size_t used;
} mote_buffer;
mote_status mote_buffer_write(void *user, const void *bytes, size_t count);

/* Learning-rate schedules. `total` and `warmup` are in steps. */
enum {
    MOTE_SCHEDULE_CONSTANT = 0,
    MOTE_SCHEDULE_STEP = 1,  /* rate * factor^floor(step / period) */
    MOTE_SCHEDULE_COSINE = 2 /* from rate down to rate * factor along half a cosine between warmup and total */
};
typedef struct mote_schedule {
    uint32_t kind;
    uint32_t warmup; /* steps over which the rate rises linearly to `rate`; 0: none */
    uint32_t period; /* of MOTE_SCHEDULE_STEP, >= 1 */
    uint32_t total;  /* of MOTE_SCHEDULE_COSINE, > warmup */
    float rate;      /* > 0 */
    float factor;    /* 0 … 1 */
} mote_schedule;
/* The rate for the given step (0 is the first), never below 2^-40. MOTE_ERR_ARG: a schedule that cannot be used. */
mote_status mote_schedule_rate(const mote_schedule *schedule, uint32_t step, float *rate);

/* What later steps depend on and the trainer does not know; kept in blobs and checkpoints for the programs that use
 * them. Every field may be 0. The library stores it and gives it back. */
enum { MOTE_ORDER_STREAM = 0, MOTE_ORDER_RANDOM = 1, MOTE_ORDER_SHUFFLED = 2 };
typedef struct mote_run {
    uint64_t seed;
    uint64_t corpus_hash;    /* FNV-1a of the corpus's bytes */
    uint64_t position;       /* batches taken so far: the index of the next */
    uint64_t smoothed_bits;  /* the running mean of the loss, the bits of a double */
    uint64_t best_bits;      /* early stopping: the best dev loss, the bits of a double */
    uint64_t best_position;  /* and when it was; 0: there is none yet */
    uint64_t pass_bits;      /* sum of the losses of the current pass so far, the bits of a double */
    uint64_t pass_mean_bits; /* mean of the losses of the last whole pass, the bits of a double */
    uint32_t order;          /* MOTE_ORDER_… */
    uint32_t lines;          /* 1: each line an item */
    uint32_t steps;          /* planned */
    uint32_t split[3];       /* train, dev, test, in percent; 100 0 0: no split */
    uint32_t eval_every;     /* steps between evaluations; 0: none */
    uint32_t eval_batches;   /* batches of an evaluation; 0: whole parts */
    uint32_t patience;       /* evaluations without a better dev loss before the training stops; 0: it does not */
    mote_schedule schedule;
} mote_run;

/* Writes the model as a blob: mote_blob_bytes, streamed through `write` from the first byte to the last. `run` may be
 * NULL. Needs mote_scratch_bytes of the scratch arena, given back at the end. MOTE_ERR_NUMERIC: the weights, or the
 * logits that they give, are not finite, or a weight is smaller than 2^-40 and not +0; nothing is written then. */
mote_status mote_model_save(const mote_model *model, const mote_run *run, mote_arena *scratch, mote_write_fn write,
                            void *user);

/* Runs the prompt stored in the blob and compares the bits of all logits with those on the machine that saved it. Needs
 * mote_scratch_bytes. MOTE_ERR_SELFTEST where one bit differs; MOTE_ERR_ARG for a model that was not opened from a
 * blob. */
mote_status mote_selftest(const mote_model *model, mote_arena *scratch);

/* The run stored in a blob or checkpoint; MOTE_ERR_ARG where none was given at its saving. The blob is checked like in
 * mote_model_open, its weights aside. */
mote_status mote_blob_run(const void *blob, size_t bytes, mote_run *run);

/* 64-bit FNV-1a, continued from `hash`; MOTE_FNV_START begins. */
#define MOTE_FNV_START 0xcbf29ce484222325ull
uint64_t mote_fnv1a(uint64_t hash, const void *bytes, size_t count);

/* --- text ------------------------------------------------------------------------------------------------------- */

/* Collects the characters of UTF-8 text, sorted, into code_points (room for `capacity`, <= MOTE_MAX_VOCAB). With
 * `boundary`, token 0 becomes the boundary and U+000A is not collected. On MOTE_ERR_TEXT *count is the byte offset of
 * the first byte that is not UTF-8. MOTE_ERR_CAPACITY: more different characters than that. */
mote_status mote_vocab_build(const char *utf8, size_t bytes, uint32_t boundary, uint32_t *code_points, size_t capacity,
                             size_t *count);

/* Text to tokens. MOTE_ERR_TEXT, MOTE_ERR_TOKEN (a character that the vocabulary lacks): *count is then the byte offset
 * of that character. MOTE_ERR_CAPACITY: *count is the number of tokens needed. `utf8` may hold NUL. With a boundary,
 * U+000A is token 0. tokens may be NULL when capacity is 0. */
mote_status mote_encode(const mote_vocab *vocab, const char *utf8, size_t bytes, uint16_t *tokens, size_t capacity,
                        size_t *count);

/* The 1 … 4 bytes of a token's character, not terminated; returns how many; 0: no such token. */
size_t mote_decode(const mote_vocab *vocab, uint16_t token, char utf8[4]);

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
 * last token is not read, so a text may be scored in pieces that overlap by one. */
mote_status mote_score(mote_state *state, const uint16_t *tokens, size_t count, float *nats);

/* Draws a token from softmax(logits / temperature). temperature 0: the largest logit, the lowest token on a tie, no
 * random number drawn; otherwise 2^-20 … 2^20. top_k: only the k likeliest, ties keep the lower token; 0: all.
 * MOTE_ERR_NUMERIC: a logit that is NaN or infinite. */
mote_status mote_sample(const float *logits, uint32_t vocab, float temperature, uint32_t top_k, mote_rng *rng,
                        uint16_t *token);

/* --- learning --------------------------------------------------------------------------------------------------- */

enum { MOTE_LOSS_MEAN = 0, MOTE_LOSS_SUM = 1 }; /* over the predicted characters of a batch */
enum {
    MOTE_SGD = 0,      /* w -= rate * g */
    MOTE_MOMENTUM = 1, /* m = momentum * m + g, w -= rate * m (PyTorch's SGD) */
    MOTE_ADAGRAD = 2,  /* s += g^2, w -= rate * g / sqrt(s + eps) (Duchi et al. 2011) */
    MOTE_ADAMW = 3     /* Loshchilov and Hutter 2019, as PyTorch */
};
enum { MOTE_STATE_CARRY = 0, MOTE_STATE_RESET = 1 }; /* hidden state between batches */
enum {
    MOTE_WORKSPACE_NONE = 0,  /* the least memory */
    MOTE_WORKSPACE_PACKED = 1 /* transposed copies of the weights beside them: faster with SIMD, the same bits */
};

typedef struct mote_sgd_params {
    float rate;     /* all rates: 2^-40 … 2^16 */
    float momentum; /* 0 … below 1; 0: the momentum array may be NULL */
} mote_sgd_params;
typedef struct mote_adagrad_params {
    float rate;
    float eps; /* 2^-40 … 1; inside the root */
} mote_adagrad_params;
typedef struct mote_adamw_params {
    float rate;
    float beta1, beta2; /* 0 … below 1 */
    float eps;          /* 2^-40 … 1 */
    float decay;        /* 0 …, rate * decay below 1 */
} mote_adamw_params;

typedef struct mote_train_config {
    uint32_t batch;     /* B, 1 … 65536 */
    uint32_t time;      /* T, 1 … 65536; truncated BPTT goes back over these */
    uint32_t loss;      /* MOTE_LOSS_… */
    uint32_t state;     /* MOTE_STATE_… */
    uint32_t workspace; /* MOTE_WORKSPACE_… */
    uint32_t optimizer; /* MOTE_SGD … */
    float clip_value;   /* 0: off; else gradients are clipped to ±clip_value, before the norm */
    float clip_norm;    /* 0: off; else the global norm is clipped to it */
    float rate;         /* the parameters of the optimizer chosen; the others are not looked at */
    float momentum;
    float beta1, beta2;
    float eps;
    float decay;
} mote_train_config;

/* Arrays as large as the weights that an optimizer keeps. */
#define MOTE_MOMENTS(O) (MOTE_U64(O) == MOTE_ADAMW ? 2u : MOTE_U64(O) == MOTE_SGD ? 0u : 1u)

/* Arena bytes of a trainer: gradients and moments, and what a batch needs: activations, logits, their gradients; with
 * MOTE_WORKSPACE_PACKED the transposed weights. */
#define MOTE_BIGRAM_TRAINER_BYTES(V, B, T, O, W)                                                                       \
    MOTE_TRAINER_BYTES_OF(O, W, MOTE_BIGRAM_WEIGHTS(V), MOTE_BIGRAM_ACTIVATIONS(V, B, T), 0u)
#define MOTE_MLP_TRAINER_BYTES(V, C, E, H, L, B, T, O, W)                                                              \
    MOTE_TRAINER_BYTES_OF(O, W, MOTE_MLP_WEIGHTS(V, C, E, H, L), MOTE_MLP_ACTIVATIONS(V, C, E, H, L, B, T),            \
                          MOTE_MLP_TRANSPOSED(V, C, E, H, L))
#define MOTE_RNN_TRAINER_BYTES(V, E, H, L, B, T, O, W)                                                                 \
    MOTE_TRAINER_BYTES_OF(O, W, MOTE_RNN_WEIGHTS(V, E, H, L), MOTE_RNN_ACTIVATIONS(V, E, H, L, B, T),                  \
                          MOTE_RNN_TRANSPOSED(V, E, H, L))
#define MOTE_TRAINER_BYTES_OF(O, W, N, A, P)                                                                           \
    (MOTE_TRAINER_RESERVE + 4u * ((1u + MOTE_MOMENTS(O)) * MOTE_U64(N) + MOTE_U64(A) +                                 \
                                  (MOTE_U64(W) == MOTE_WORKSPACE_PACKED ? MOTE_U64(P) : 0u)))
/* Floats. */
#define MOTE_BIGRAM_ACTIVATIONS(V, B, T) (MOTE_U64(B) * MOTE_U64(T) * MOTE_PAD16(V))
#define MOTE_MLP_ACTIVATIONS(V, C, E, H, L, B, T)                                                                      \
    (MOTE_ROUND64(2u * MOTE_U64(C) * MOTE_U64(B) * MOTE_U64(T)) / 4u +                                                 \
     MOTE_U64(B) * MOTE_U64(T) *                                                                                       \
         (MOTE_PAD16(V) + (MOTE_U64(L) > 1 ? MOTE_U64(L) + 2u : 2u) * MOTE_PAD16(H) +                                  \
          2u * MOTE_PAD16(MOTE_MLP_INPUT(C, E))))
#define MOTE_RNN_ACTIVATIONS(V, E, H, L, B, T)                                                                         \
    (MOTE_U64(L) * MOTE_PAD16(H) * MOTE_U64(B) * (MOTE_U64(T) + 1u) +                                                  \
     MOTE_U64(B) * MOTE_U64(T) *                                                                                       \
         (MOTE_PAD16(V) + MOTE_PAD16(H) + (MOTE_U64(L) > 1 ? MOTE_PAD16(H) : 0u) + 2u * MOTE_PAD16(E)))
#define MOTE_MLP_TRANSPOSED(V, C, E, H, L)                                                                             \
    (MOTE_PAD16(MOTE_MLP_INPUT(C, E)) * MOTE_U64(H) + MOTE_PAD16(H) * MOTE_U64(V) +                                    \
     (MOTE_U64(L) - 1u) * MOTE_PAD16(H) * MOTE_U64(H))
#define MOTE_RNN_TRANSPOSED(V, E, H, L)                                                                                \
    (MOTE_PAD16(E) * MOTE_U64(H) + MOTE_PAD16(H) * MOTE_U64(V) + (2u * MOTE_U64(L) - 1u) * MOTE_PAD16(H) * MOTE_U64(H))

typedef struct mote_trainer mote_trainer;
/* 0: not valid, or above 2^32 - 1. */
size_t mote_trainer_bytes(const mote_config *config, const mote_train_config *train);
size_t mote_checkpoint_bytes(const mote_config *config, const mote_train_config *train);

/* Needs mote_trainer_bytes. The model must be in RAM, and outlive the trainer. Moments and hidden state start at zero.
 */
mote_status mote_trainer_init(mote_trainer **trainer, mote_arena *arena, mote_model *model,
                              const mote_train_config *train);

/* One step: forward, backward (through time), clip, update. Row-major: targets [B][T], a target of MOTE_IGNORE costs
 * nothing; tokens [B][T], the character before each target, of an MLP [B][C + T - 1], the last C before each. *loss:
 * the mean over the counted targets of the batch, or their sum; 0 where none counts, and nothing is updated then.
 * MOTE_ERR_TOKEN; MOTE_ERR_NUMERIC: an activation or gradient is not finite, or a gradient is still above 2^40 after
 * clipping. On any error no weight, moment or hidden state has changed. */
mote_status mote_train_step(mote_trainer *trainer, const uint16_t *tokens, const uint16_t *targets, float *loss);

/* The same in two pieces: forward_backward leaves the gradients of this batch (they replace those before) and moves the
 * hidden state on; apply clips and updates, unless the batch had no counted target, or there was none. */
mote_status mote_forward_backward(mote_trainer *trainer, const uint16_t *tokens, const uint16_t *targets, float *loss);
mote_status mote_trainer_apply(mote_trainer *trainer);

/* The library starts no thread; a caller who has some may give them to a trainer. `parallel` has to call part(work, i)
 * once for every i below `parts`, in any order and on any threads, and to return when all have returned. From the next
 * step on each stage of a step is cut into `parts`, 1 … MOTE_MAX_PARTS, where it is large enough; the bits do not
 * depend on it. NULL or 1: all is done on the thread of the call. A part uses up to 1 KiB of the stack of its thread.
 * A library built without threads (MOTE_THREADS in CMake, off on bare metal) answers more than one with MOTE_ERR_ARG.
 */
#define MOTE_MAX_PARTS 16u
typedef void (*mote_part_fn)(void *work, uint32_t index);
typedef void (*mote_parallel_fn)(void *user, mote_part_fn part, void *work, uint32_t parts);
mote_status mote_trainer_set_parallel(mote_trainer *trainer, mote_parallel_fn parallel, void *user, uint32_t parts);

/* From the next step on. MOTE_ERR_ARG: out of range; the rate stays. */
mote_status mote_trainer_set_rate(mote_trainer *trainer, float rate);
/* The hidden state of all rows to zero. NULL is allowed. */
void mote_trainer_reset_state(mote_trainer *trainer);
/* The flat array of gradients, in the order and padding of the weights; `count` may be NULL. */
float *mote_gradients(mote_trainer *trainer, size_t *count);
/* Updates made so far. */
uint32_t mote_trainer_step(const mote_trainer *trainer);
/* The global norm of the gradients before clipping in the last step; 0 where clip_norm is off. */
float mote_trainer_norm(const mote_trainer *trainer);
mote_status mote_trainer_config(const mote_trainer *trainer, mote_train_config *train);

/* The low level, on flat arrays aligned to MOTE_ALIGN (MOTE_ERR_ALIGN); `count` must be a multiple of 16. They take
 * numbers that are +0 or at least 2^-40 in magnitude and leave such numbers. They do not look for NaN, but clip_norm
 * does. */
/* Scales by max_norm / (norm + 1e-6) where that is below 1 (PyTorch's rule). *norm_before may be NULL.
 * MOTE_ERR_NUMERIC: the norm is not finite; nothing is changed. The sum of squares runs in 16 lanes, flat index mod 16,
 * over blocks of 1024, each summed by an 8-4-2-1 tree, the blocks in order. */
mote_status mote_clip_norm(float *gradients, size_t count, float max_norm, float *norm_before);
mote_status mote_clip_value(float *gradients, size_t count, float limit);
mote_status mote_sgd(float *weights, const float *gradients, float *momentum, size_t count,
                     const mote_sgd_params *params);
mote_status mote_adagrad(float *weights, const float *gradients, float *sum, size_t count,
                         const mote_adagrad_params *params);
/* step: 1 for the first update. */
mote_status mote_adamw(float *weights, const float *gradients, float *m, float *v, size_t count,
                       const mote_adamw_params *params, uint32_t step);

/* --- checkpoints ------------------------------------------------------------------------------------------------ */

/* A blob with the trainer in it: whoever goes on from it gets the bits of a run that never stopped, on any target. Also
 * a blob that mote_model_open opens. `best`, of the same configuration, or NULL: weights to be kept beside it, early
 * stopping's best so far. Needs mote_scratch_bytes. */
mote_status mote_checkpoint_save(const mote_trainer *trainer, const mote_run *run, const mote_model *best,
                                 mote_arena *scratch, mote_write_fn write, void *user);
/* The configurations in a checkpoint, to size the arena for it. MOTE_ERR_FORMAT where the blob is no checkpoint. Any of
 * the results may be NULL. */
mote_status mote_checkpoint_peek(const void *blob, size_t bytes, mote_config *config, mote_train_config *train,
                                 mote_run *run);
/* Makes a model in RAM and its trainer: needs mote_model_bytes + mote_trainer_bytes. The blob is not needed afterwards.
 * `workspace`: MOTE_WORKSPACE_…, a choice of this machine. */
mote_status mote_checkpoint_load(mote_trainer **trainer, mote_model **model, mote_arena *arena, const void *blob,
                                 size_t bytes, uint32_t workspace);
/* The best weights of a checkpoint into a model in RAM of its configuration. MOTE_ERR_ARG where it has none; on any
 * error the model is as it was. */
mote_status mote_checkpoint_best(mote_model *best, const void *blob, size_t bytes);

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
 * target, MOTE_IGNORE. Places in a text are 32 bits. */

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
