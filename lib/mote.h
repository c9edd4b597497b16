/* mote: tiny character language models that run and learn anywhere, with the same bits everywhere.
 *
 * This header is the whole public API and its manual. It is C99 and C++11.
 *
 * The rules that hold for every function:
 *  - Nothing is allocated. Objects live in an arena, a buffer that the caller gives. Each kind of object has a size as
 *    a macro (a constant expression, mote_sizes.h) and as a function; both give the same number on every target. A
 *    constructor given that many bytes succeeds; given one less it returns MOTE_ERR_ARENA, has written nothing, and
 * says in `arena->needed` how large the buffer must be.
 *  - A function that can fail returns a mote_status and hands results out through pointers; on failure the results are
 *    unspecified unless said otherwise. The library never prints, aborts or exits.
 *  - The same model, data and seed give the same losses, weights and text, bit for bit, on every target and ISA.
 *    Multiply-adds are fused; division and square root are the rounded ones; exp, tanh, the logistic function and log
 *    are mote's own, never off by more than 1.02, 2.42, 2.41 and 0.84 units in the last place over every float of their
 *    domains.
 *    An output of a product with weights sums k products in order, each added by one fused multiply-add, in stretches
 *    of D = 16 ceil(k / (16 S)) of them, the last one shorter: S = 1 below k = 32, 2 up to 256, else ceil(k / 128). The
 *    first stretch begins with the bias, or what the output has already, the others with +0, and their sums are added
 *    to it in order. A gradient's sum over the rows of a batch is one stretch. With weights of integers the k products
 * are integers and their sum is exact; as a float, and times its scale, it is added by one fused multiply-add.
 *  - A const model may be shared by threads. A state, a trainer or an rng belongs to one thread at a time.
 *  - No call uses more than 1 KiB of stack (on Windows 2 KiB).
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

#include "mote_sizes.h"

#ifdef __cplusplus
#define MOTE_NULL nullptr
extern "C" {
#else
#define MOTE_NULL 0
#endif

/* --- version ---------------------------------------------------------------------------------------------------- */

#define MOTE_VERSION_MAJOR 0
#define MOTE_VERSION_MINOR 1
#define MOTE_VERSION_PATCH 0
#define MOTE_VERSION_NUMBER (MOTE_VERSION_MAJOR * 10000 + MOTE_VERSION_MINOR * 100 + MOTE_VERSION_PATCH)

/* The version of the blob format that this header writes. A reader takes any minor of its major. */
#define MOTE_FORMAT_MAJOR 1
#define MOTE_FORMAT_MINOR 1

/* MOTE_VERSION_NUMBER of the library linked. */
uint32_t mote_version(void);

/* --- status ----------------------------------------------------------------------------------------------------- */

/* Numbers are never reused. */
typedef enum mote_status {
    MOTE_OK = 0,
    MOTE_ERR_ARG = -1,          /* an argument, configuration or hyperparameter that cannot be used */
    MOTE_ERR_ARENA = -2,        /* the arena is too small; arena->needed says what would do */
    MOTE_ERR_ALIGN = -3,        /* memory that is not aligned to MOTE_ALIGN */
    MOTE_ERR_FORMAT = -4,       /* not a blob, cut short, or not made as the format says */
    MOTE_ERR_VERSION = -5,      /* a blob of another major version of the format */
    MOTE_ERR_CHECKSUM = -6,     /* damaged: a blob's CRC-32, or a packet's check bits, do not match */
    MOTE_ERR_TOKEN = -7,        /* a token, or a character, that the vocabulary does not have */
    MOTE_ERR_NUMERIC = -8,      /* NaN, infinity, or a number outside the range that the promise of equal bits covers */
    MOTE_ERR_TEXT = -9,         /* text that is not UTF-8 */
    MOTE_ERR_CAPACITY = -10,    /* a result does not fit the room given for it */
    MOTE_ERR_WRITE = -11,       /* the write callback refused */
    MOTE_ERR_SELFTEST = -12,    /* the model computes other bits here than where it was saved */
    MOTE_ERR_UNSUPPORTED = -13, /* known to mote, but not to this build: left out at link time, an instruction set that
                                   this CPU or build does not have, a blob made by a later version */
    MOTE_ERR_MISSING = -14,     /* what was asked for is not there: a section of a blob, a self-test, the characters */
    MOTE_ERR_SIZE = -15,        /* more than 2^32 - 1 bytes, which is not valid on any target */
    MOTE_ERR_SEQUENCE = -16,    /* a call before the one that it needs: there is nothing to apply */
    MOTE_ERR_PARALLEL = -17,    /* the caller's parallel function returned without having run every task */
    MOTE_ERR_READ = -18,        /* a word of a flash (mote_journal.h), or a text (mote_text.h), cannot be read */
    MOTE_ERR_BASE = -19         /* an adapter of another base (mote_adapter.h) */
} mote_status;

/* "MOTE_OK", "MOTE_ERR_ARG" …; "MOTE_ERR_UNKNOWN" for a number that is none. Never NULL. */
const char *mote_status_name(mote_status status);

/* --- what is linked --------------------------------------------------------------------------------------------- */

/* Which model a program runs, and with what optimizer it learns, is known only while it does, so all input layers,
 * cells, precisions and optimizers are linked. A program for a microcontroller can leave out what it never uses. In one
 * of its files, at file scope:
 *
 *     MOTE_WITHOUT_INPUT(window);
 *     MOTE_WITHOUT_CELL(dense);
 *     MOTE_WITHOUT_PRECISION(int8);
 *     MOTE_WITHOUT_OPTIMIZER(adamw);
 *     MOTE_WITHOUT_CLIPPING(norm);
 *     MOTE_WITHOUT_WORKSPACE(packed);
 *
 * Inputs: one_hot (a bigram needs it too), embedding, window; cells: none (of a bigram), dense, recurrent, gated;
 * precisions, of weights that are not to be run: float32, int8, int4; optimizers: sgd, momentum, adagrad, adamw;
 * clipping: norm; workspaces: packed. The linker then drops them, with --gc-sections and the static library. What was
 * left out is answered with MOTE_ERR_UNSUPPORTED: a layer or a precision by mote_state_init, mote_selftest and whatever
 * saves, a layer also by mote_trainer_init and mote_checkpoint_load; int8 and int4 by whatever opens a blob; an
 * optimizer, clipping and a workspace by whatever makes or loads a trainer, shards or a learner.
 */
typedef struct mote_part mote_part;
/* MOTE_PART(symbol): what is linked for a part, NULL if nothing is; MOTE_NO_PART(symbol): nothing is. */
#if defined(MOTE_STATIC_PART) /* the library in one file, as a part of the program's own source */
#define MOTE_PART(symbol) MOTE_STATIC_PART(symbol)
#define MOTE_NO_PART(symbol) MOTE_NO_STATIC_PART(symbol)
#elif defined(_WIN32)
/* Of two definitions of a part the first one that the linker meets holds, the program's. Elsewhere the library's are
 * weak, which the linkers of Windows do not find in a static library. */
#define MOTE_PART(symbol) extern __declspec(selectany) const mote_part *const symbol
#define MOTE_NO_PART(symbol) const mote_part *const symbol = MOTE_NULL
#else
#define MOTE_PART(symbol) extern const mote_part *const symbol
#define MOTE_NO_PART(symbol) const mote_part *const symbol = MOTE_NULL
#endif
/* What a layer is linked by, for each precision and to train. */
#define MOTE_LAYER_PARTS(OF, symbol)                                                                                   \
    OF(symbol);                                                                                                        \
    OF(symbol##_int8);                                                                                                 \
    OF(symbol##_int4);                                                                                                 \
    OF(symbol##_training)
MOTE_LAYER_PARTS(MOTE_PART, mote_input_one_hot);
MOTE_LAYER_PARTS(MOTE_PART, mote_input_embedding);
MOTE_LAYER_PARTS(MOTE_PART, mote_input_window);
MOTE_LAYER_PARTS(MOTE_PART, mote_cell_none);
MOTE_LAYER_PARTS(MOTE_PART, mote_cell_dense);
MOTE_LAYER_PARTS(MOTE_PART, mote_cell_recurrent);
MOTE_LAYER_PARTS(MOTE_PART, mote_cell_gated);
MOTE_PART(mote_precision_float32);
MOTE_PART(mote_precision_int8);
MOTE_PART(mote_precision_int4);
MOTE_PART(mote_optimizer_sgd);
MOTE_PART(mote_optimizer_momentum);
MOTE_PART(mote_optimizer_adagrad);
MOTE_PART(mote_optimizer_adamw);
MOTE_PART(mote_clipping_norm);
MOTE_PART(mote_workspace_packed);
#define MOTE_WITHOUT_INPUT(name) MOTE_LAYER_PARTS(MOTE_NO_PART, mote_input_##name)
#define MOTE_WITHOUT_CELL(name) MOTE_LAYER_PARTS(MOTE_NO_PART, mote_cell_##name)
#define MOTE_WITHOUT_PRECISION(name) MOTE_NO_PART(mote_precision_##name)
#define MOTE_WITHOUT_OPTIMIZER(name) MOTE_NO_PART(mote_optimizer_##name)
#define MOTE_WITHOUT_CLIPPING(name) MOTE_NO_PART(mote_clipping_##name)
#define MOTE_WITHOUT_WORKSPACE(name) MOTE_NO_PART(mote_workspace_##name)

/* --- instruction set -------------------------------------------------------------------------------------------- */

/* The instruction set in use: "avx512vnni", "avx512", "avx2vnni", "avx2" or "sse2" on x86-64, "neon" on Arm, "vfp" on a
 * Cortex-M with an FPU, "scalar" (plain C++) on anything else and beside "neon". Those with VNNI differ from the ones
 * without in how they multiply quantized weights. The first call of any function that computes chooses it. */
const char *mote_isa(void);

/* Chooses it by name, for tests and benchmarks; every choice gives the same bits. MOTE_ERR_UNSUPPORTED: this build or
 * this CPU has no such instruction set (the choice stays as it was). Not to be called while another thread uses the
 * library. */
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

enum { MOTE_TANH = 1, MOTE_RELU = 2 }; /* mote_config.activation, 1 … MOTE_ACTIVATION_COUNT */
#define MOTE_ACTIVATION_COUNT 2u

#define MOTE_MAX_VOCAB 65535u
#define MOTE_MAX_WIDTH 65536u /* of embed and hidden */
#define MOTE_MAX_LAYERS 16u
#define MOTE_MAX_CONTEXT 4096u
#define MOTE_MAX_INTEGER_INPUTS 133144u /* of a product of integers: a sum of more might not fit into 32 bits */
#define MOTE_IGNORE 0xFFFFu             /* a target that costs nothing and teaches nothing */

/* A model is an input, L hidden layers of one cell, and an output, logits = b_out + W_out h_(L-1). These combinations
 * are valid (mote_sizes.h has a shape macro for each):
 *
 * Bigram: one-hot input, no cell. logits(t) = row c(t) of a table [V][V], c(t) the character read at t.
 *
 * MLP (Bengio et al. 2003): window input, dense cells. x_0 the embeddings of the last C characters, the oldest first,
 * side by side;
 *   h_l = act(b_l + W_l x_l),   x_(l+1) = h_l,   l = 0 … L-1
 * What is missing of a context is token 0. Where token 0 is the boundary of items, it also hides what stands before it
 * in the context: an item is predicted from its own characters alone.
 *
 * Vanilla RNN (Elman 1990): one-hot (E = 0) or embedding input, recurrent cells. x_0 the one-hot or embedded character;
 *   h_l(t) = act(b_l + Wih_l x_l(t) + Whh_l h_l(t-1)),   x_(l+1) = h_l,   l = 0 … L-1
 *
 * GRU (Cho et al. 2014, as PyTorch's nn.GRU has it): gated cells, the same inputs. With x and h of layer l and s the
 * logistic function 1 / (1 + exp(-x)),
 *   r = s(b_ir + Wir x(t) + Whr h(t-1)),   z = s(b_iz + Wiz x(t) + Whz h(t-1)),
 *   n = tanh((b_in + Win x(t)) + r (b_hn + Whn h(t-1))),   h(t) = n + z (h(t-1) - n),
 * elementwise products of r and z. Its activation is MOTE_TANH.
 *
 * With weights of int8 or of 4 bits (mote_model_quantize) each output of a product has a scale w, and what the product
 * reads is integers, too, times one scale a: an activation h is h * (1 / a), each rounded to a float, and then the
 * nearest integer, ties to the even one, at least -127 and at most 127, where a = 1/127 but of ReLU; an embedding is
 * stored so; a one-hot character is 1. Biases, activation functions and logits are those above. A product with at most
 * MOTE_MAX_INTEGER_INPUTS inputs adds (sum of integers) * (w a), where w a is rounded first, to b, the recurrent one to
 * that of the input, by one fused multiply-add. Of 4 bits a weight is an integer -7 … 7 times one of 1 … 15 that 32
 * inputs of an output share, the first 32, the next 32 and so on; the sum is of such products. The embedding is int8.
 */
typedef struct mote_config {
    uint32_t input;      /* MOTE_INPUT_… */
    uint32_t cell;       /* MOTE_CELL_… */
    uint32_t vocab;      /* V, 2 … MOTE_MAX_VOCAB */
    uint32_t context;    /* C of a window, 1 … MOTE_MAX_CONTEXT; other inputs: 0 */
    uint32_t embed;      /* E, 1 … MOTE_MAX_WIDTH; of a one-hot input: 0 */
    uint32_t hidden;     /* H, 1 … MOTE_MAX_WIDTH; without a cell: 0 */
    uint32_t layers;     /* L, 1 … MOTE_MAX_LAYERS; without a cell: 0 */
    uint32_t precision;  /* MOTE_PRECISION_… */
    uint32_t activation; /* MOTE_TANH or, not of gated cells, MOTE_RELU; without a cell: 0 */
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
    MOTE_INIT_NORMAL = 1,        /* deviation = scale */
    MOTE_INIT_UNIFORM = 2,       /* uniform in ±scale */
    MOTE_INIT_XAVIER_NORMAL = 3, /* deviation = scale * sqrt(2 / (in + out)) (Glorot and Bengio 2010); no biases */
    MOTE_INIT_HIDDEN_UNIFORM =
        4, /* uniform in ±scale / sqrt(H), PyTorch's rule for nn.RNN and nn.GRU at scale 1; no bigram */
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

/* The sizes of mote_sizes.h as functions. 0: not a valid configuration, or a size above 2^32 - 1, which is not valid
 * anywhere. */
size_t mote_param_count(const mote_config *config);
size_t mote_weight_count(const mote_config *config);
size_t mote_model_bytes(const mote_config *config);
size_t mote_state_bytes(const mote_config *config);
size_t mote_scratch_bytes(const mote_config *config);
size_t mote_blob_bytes(const mote_config *config);

/* Opens a blob in place: the model borrows `blob`, which must be aligned to MOTE_ALIGN and stay unchanged while the
 * model lives; it may lie in flash. `bytes` may be more than the blob has. Needs MOTE_OPEN_BYTES of the arena.
 * Everything is checked: MOTE_ERR_FORMAT, _VERSION, _CHECKSUM, _UNSUPPORTED (an input, cell, type or critical
 * section that this version does not know), _NUMERIC, _ALIGN. The model cannot be trained;
 * mote_model_copy's can. */
mote_status mote_model_open(const mote_model **model, mote_arena *arena, const void *blob, size_t bytes);

/* A new model in RAM. `vocab` may be NULL: the model then has no characters, and cannot be saved. Its code points are
 * copied. Weights are drawn from (seed, stream 0) in the order of the tensor table, each tensor row by row. Needs
 * mote_model_bytes. MOTE_ERR_ARG: weights of integers are not drawn. */
mote_status mote_model_random(mote_model **model, mote_arena *arena, const mote_config *config, const mote_vocab *vocab,
                              const mote_init *init, uint64_t seed);

/* From flash to RAM, to learn; with weights of integers only to run. Needs mote_model_bytes. */
mote_status mote_model_copy(mote_model **copy, mote_arena *arena, const mote_model *model);

/* The same model with weights of integers, in RAM; `precision`: MOTE_PRECISION_INT8 or MOTE_PRECISION_INT4.
 * Of int8 an output's scale is its weights' largest magnitude / 127, at least 2^-40, and a weight the nearest integer
 * to weight / scale, ties to the even one. Of 4 bits the scale is that magnitude / 131, the integer of a group the
 * nearest one to the largest magnitude in it / 7 / scale, 1 … 15, and a weight the nearest one to weight / (scale *
 * that integer), -7 … 7. An embedding has one scale, at most 2^40. `largest`: of each layer of ReLU the activation that
 * 127 stands for, 2^-30 … 2^40, which larger ones become; not looked at, and may be NULL, for another activation. Needs
 * mote_model_bytes of the configuration with that precision. MOTE_ERR_ARG: a model of integers, `precision`, `largest`,
 * or more than MOTE_MAX_INTEGER_INPUTS inputs of a product; MOTE_ERR_NUMERIC: a weight is not finite, or not one that
 * may be stored.
 */
mote_status mote_model_quantize(mote_model **quantized, mote_arena *arena, const mote_model *model, uint32_t precision,
                                const float *largest);

mote_status mote_model_config(const mote_model *model, mote_config *config);
/* The code points are borrowed from the model. A model without characters: count 0. */
mote_status mote_model_vocab(const mote_model *model, mote_vocab *vocab);

/* The flat array of weights of a model in RAM, `count` floats, padding (which is and must stay +0) included. NULL for a
 * model opened in place, and for weights of integers. A weight that is written must be +0 or at least 2^-40 in
 * magnitude.
 */
float *mote_model_weights(mote_model *model, size_t *count);

/* 64-bit FNV-1a over all weights in tensor-table order, each tensor row-major as its logical shape says, little-endian,
 * padding left out; of integers a byte each, of 4 bits behind a tensor's those of each output's groups, and behind them
 * its outputs' scales. Two models are the same model when their hashes agree. 0 for NULL. */
uint64_t mote_weights_hash(const mote_model *model);

/* The tensors of a configuration: a table that a program can go through without a model, and that initialization, the
 * format and the hash go by. Matrices lie in panels of 16 columns: element (row r, column c) of a panel matrix is
 * data[(c / 16 * rows + r) * 16 + c % 16]. A weight of logical shape [out][in] is stored with rows = in, columns = out;
 * an embedding [V][E], or a bigram's table, with rows = V, columns = E; a bias is a vector, padded to 16. Of int8 a
 * panel has 16 floats, the scales of its outputs, and then 64 bytes for each 4 inputs, the 4 of an output side by side:
 * byte (c / 16 * (1 + ceil(rows / 4)) + 1 + r / 4) * 64 + c % 16 * 4 + r % 4; an embedding is V rows, rounded up to a
 * multiple of 4, of E bytes, padded to 16. Of 4 bits a panel has 16 floats, too; then the integers of groups of 32
 * inputs, 8 bytes for a group, of outputs c % 8 in the low half of a byte and of 8 + c % 8 in the high one, padded to
 * 16 bytes; then 64 bytes for each 8 inputs, the 8 of an output side by side, of which r % 8 and r % 8 + 4 share a
 * byte, each half 8 more than the weight. Its embedding is as of int8. */
enum {
    MOTE_LAYOUT_VECTOR = 0,
    MOTE_LAYOUT_PANELS_OUT_IN = 1,
    MOTE_LAYOUT_PANELS = 2,
    MOTE_LAYOUT_INT8_OUT_IN = 3,
    MOTE_LAYOUT_INT8_IN_OUT = 4, /* the same of a bigram's table: [character, the input][next character, the output] */
    MOTE_LAYOUT_INT8_ROWS = 5,
    MOTE_LAYOUT_INT4_OUT_IN = 6,
    MOTE_LAYOUT_INT4_IN_OUT = 7
};
enum { MOTE_TYPE_F32 = 0, MOTE_TYPE_I8 = 1, MOTE_TYPE_I4 = 2 };
/* Bits of an element; 0: no type. */
#define MOTE_TYPE_BITS(type)                                                                                           \
    (MOTE_SZ_U64(type) == MOTE_SZ_U64(MOTE_TYPE_F32)  ? 32u                                                            \
     : MOTE_SZ_U64(type) == MOTE_SZ_U64(MOTE_TYPE_I8) ? 8u                                                             \
     : MOTE_SZ_U64(type) == MOTE_SZ_U64(MOTE_TYPE_I4) ? 4u                                                             \
                                                      : 0u)
enum {
    MOTE_ROLE_TABLE = 0,
    MOTE_ROLE_EMBEDDING = 1,
    MOTE_ROLE_INPUT = 2,     /* of a hidden layer: of what it reads, */
    MOTE_ROLE_RECURRENT = 3, /* of its own activations one step before, */
    MOTE_ROLE_BIAS = 4,
    MOTE_ROLE_OUTPUT = 5,
    MOTE_ROLE_OUTPUT_BIAS = 6,
    MOTE_ROLE_SCALES = 7 /* of integers: of the embedding, or 1 without one, and of each layer's activations */
};
typedef struct mote_tensor {
    /* Bigram: "logits". Else "embedding" where there is one; of each layer "weight_l0", "bias_l0" …, of a recurrent one
     * "weight_ih_l0", "weight_hh_l0", "bias_l0" …, of a gated one "weight_in_l0", "weight_ir_l0", "weight_iz_l0",
     * "weight_hr_l0", "weight_hz_l0", "weight_hn_l0", "bias_in_l0", "bias_ir_l0", "bias_iz_l0", "bias_hn_l0" …;
     * "weight_out", "bias_out"; of integers "scales". The tensors of one role and layer lie one behind the other. */
    char name[24];
    uint32_t role;      /* MOTE_ROLE_… */
    uint32_t layer;     /* 0 … L-1; of what belongs to no hidden layer: 0 */
    uint32_t type;      /* MOTE_TYPE_… */
    uint32_t layout;    /* MOTE_LAYOUT_… */
    uint32_t shape[2];  /* logical: [out][in], [V][E], [n][1]; a bigram's [V][V]: character, next character */
    uint32_t offset;    /* in units of 4 bytes, behind the first tensor: in the flat array of weights */
    uint32_t count;     /* of such units: floats, padding included, or 4 int8 each, or 8 of 4 bits */
    const void *data;   /* of its type; NULL where only a configuration was asked */
    const float *scale; /* of an embedding of int8, its one scale; else NULL */
} mote_tensor;
/* How many; 0: not a valid configuration. */
uint32_t mote_tensor_count(const mote_config *config);
/* MOTE_ERR_ARG past the last tensor. */
mote_status mote_tensor_describe(const mote_config *config, uint32_t index, mote_tensor *tensor);
/* The same with its data. */
mote_status mote_model_tensor(const mote_model *model, uint32_t index, mote_tensor *tensor);
/* Element [row][column] of the logical shape, of integers times its scale, and of 4 bits its group's integer; not
 * checked. */
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

/* Something of the caller's own in a blob: what a program wants to find again beside the model. The library stores it
 * and gives it back; opening a model skips it. */
#define MOTE_MAX_SECTIONS 6u
#define MOTE_SECTION_ID(a, b, c, d)                                                                                    \
    (MOTE_SZ_BYTE(a) | MOTE_SZ_BYTE(b) << 8 | MOTE_SZ_BYTE(c) << 16 | MOTE_SZ_BYTE(d) << 24)
typedef struct mote_section {
    uint32_t id;      /* MOTE_SECTION_ID; its first character is a lower-case letter, others are the library's */
    const void *data; /* `bytes` of them; NULL where that is 0 */
    size_t bytes;
} mote_section;

/* Writes the model as a blob: mote_blob_bytes, and MOTE_SECTION_BYTES for each of `section_count` sections (NULL:
 * none), streamed through `write` from the first byte to the last. Needs mote_scratch_bytes of the scratch arena, given
 * back at the end. MOTE_ERR_NUMERIC: the weights, or the logits that they give, are not finite, or a weight is smaller
 * than 2^-40 and not +0. MOTE_ERR_ARG: a section's id is the library's, or stands twice. MOTE_ERR_MISSING: the model
 * has no characters. Nothing is written then. */
mote_status mote_model_save(const mote_model *model, const mote_section *sections, uint32_t section_count,
                            mote_arena *scratch, mote_write_fn write, void *user);

/* Runs the prompt stored in the blob and compares the bits of all logits with those on the machine that saved it. Needs
 * mote_scratch_bytes. MOTE_ERR_SELFTEST where one bit differs; MOTE_ERR_MISSING for a model that was not opened from a
 * blob with a self-test. */
mote_status mote_selftest(const mote_model *model, mote_arena *scratch);

/* A section of a blob or checkpoint, in place; MOTE_ERR_MISSING where it has none of this id. The blob is checked like
 * in mote_model_open, its weights aside. */
mote_status mote_blob_section(const void *blob, size_t bytes, uint32_t id, const void **data, size_t *size);

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

/* --- messages ---------------------------------------------------------------------------------------------------- */

/* A model of short texts, which gives the same bits on both ends of a link, is a compressor for them: what it expects
 * takes few bits. lib/codec/FORMAT.md describes the packets, and how frequencies come out of logits.
 *
 * Any bytes can be sent. A packet has at most one byte more than its message, and none more where that is UTF-8; an
 * empty message is an empty packet. A packet is not marked with its size, which tells where the message ends: the link
 * has to keep packets apart, and neither add bytes to one nor leave any out.
 *
 * Any model with characters and no more tokens than this will do (MOTE_ERR_UNSUPPORTED). A character that the
 * vocabulary lacks is coded as tokens of its bytes: code points for private use that a model of messages has learned
 * (mote train --vocab-size). A message for which these are missing, too, is sent as it is. */
#define MOTE_CODEC_MAX_VOCAB 4096u
/* The code point whose token stands for a byte, 0 … 255. */
#define MOTE_BYTE_CODE_POINT(byte) (0x10FE00u + MOTE_SZ_BYTE(byte))

/* What is asked for beside the message; it adds to the sizes above. All 0, or NULL: nothing. */
typedef struct mote_codec_options {
    uint32_t id_bytes;   /* 0, 1 or 2: each packet begins with so many bytes of `id`, the lowest first, */
    uint32_t id;         /* a number by which those who send and receive know the model; below 256^id_bytes */
    uint32_t check_bits; /* 0, or 4 … 16: damage to a packet is found but for one of 2^check_bits cases */
} mote_codec_options;

/* Needs mote_codec_bytes (0: not valid, too many tokens, or above 2^32 - 1). The model must outlive it.
 * MOTE_ERR_MISSING: the model has no characters. */
typedef struct mote_codec mote_codec;
size_t mote_codec_bytes(const mote_config *config);
mote_status mote_codec_init(mote_codec **codec, mote_arena *arena, const mote_model *model,
                            const mote_codec_options *options);

/* A packet of a message of n bytes takes MOTE_PACKET_BYTES(n) or less. The model is run once for each token and once
 * more; a character that it lacks is a token for each of its bytes. MOTE_ERR_CAPACITY: the packet does not fit.
 * Here and below message and packet must not overlap, what is written to is written to also where the call fails, and
 * what is read may be NULL where it has no bytes. */
#define MOTE_PACKET_BYTES(n) (MOTE_SZ_U64(n) + 5u)
mote_status mote_compress(mote_codec *codec, const void *message, size_t bytes, void *packet, size_t capacity,
                          size_t *packet_bytes);
/* The packet may come from anybody: it gives at most `capacity` bytes, in at most capacity + 1 steps of the model,
 * whatever is in it, and the same on every target. MOTE_ERR_CAPACITY: the message does not fit.
 * MOTE_ERR_FORMAT: no packet; MOTE_ERR_MISSING: the packet has another id; MOTE_ERR_CHECKSUM. Without check bits a
 * damaged packet, or one made with another model, gives wrong text as well. */
mote_status mote_decompress(mote_codec *codec, const void *packet, size_t bytes, void *message, size_t capacity,
                            size_t *message_bytes);

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
/* --- streams of text ---------------------------------------------------------------------------------------------- */

/* A log, or any text that is longer than a message, and any bytes: a head, blocks, and an end, which together may be a
 * file (`mote compress --stream`). A block is a line or many, written when the writer likes: the model reads on where
 * the block before it ended, and a block takes 4 to 8 bytes beside what its text does. The same models will do as for
 * messages; of one of items a line end is the boundary. lib/codec/FORMAT.md describes the bytes.
 *
 * A stream writes or reads, one at a time, and is begun anew by mote_stream_start or mote_stream_open, also behind its
 * end or a failure: until then the other functions return MOTE_ERR_SEQUENCE. Nothing overlaps. */
#define MOTE_STREAM_HEAD_BYTES 16u
#define MOTE_STREAM_END_BYTES 9u
#define MOTE_STREAM_MAX_BLOCK 65536u                     /* bytes of text */
#define MOTE_STREAM_BLOCK_BYTES(n) (MOTE_SZ_U64(n) + 8u) /* room for a block of n bytes of text */

/* Needs mote_stream_bytes (0: not valid, too many tokens, or above 2^32 - 1). The model must outlive it.
 * MOTE_ERR_MISSING: the model has no characters. */
typedef struct mote_stream mote_stream;
size_t mote_stream_bytes(const mote_config *config);
mote_status mote_stream_init(mote_stream **stream, mote_arena *arena, const mote_model *model);

/* Writes a head of MOTE_STREAM_HEAD_BYTES, which has the weights' hash: the model's weights are read once. */
mote_status mote_stream_start(mote_stream *stream, void *head);
/* Writes a block of 1 … MOTE_STREAM_MAX_BLOCK bytes of text, of whatever bytes. The model is run at most once for each
 * of them. MOTE_ERR_CAPACITY, and nothing has changed: less room than MOTE_STREAM_BLOCK_BYTES(bytes). */
mote_status mote_stream_write(mote_stream *stream, const void *text, size_t bytes, void *block, size_t capacity,
                              size_t *block_bytes);
/* Writes an end of MOTE_STREAM_END_BYTES, with the CRC-32 of the text. */
mote_status mote_stream_finish(mote_stream *stream, void *end);

/* Reads a head. MOTE_ERR_FORMAT: it is none, or cut short; MOTE_ERR_VERSION; MOTE_ERR_MISSING: the stream is of another
 * model, whose hash is the head's last 8 bytes, the lowest first. */
mote_status mote_stream_open(mote_stream *stream, const void *head, size_t bytes);
/* How long the block is that begins here, and its text; an end has no text. 6 bytes always tell, else MOTE_ERR_MISSING
 * asks for more. MOTE_ERR_FORMAT: no block. */
mote_status mote_stream_next(const void *bytes, size_t count, size_t *block_bytes, size_t *text_bytes);
/* Reads a block, or the end, of exactly its bytes, which may come from anybody: the model is run at most once for each
 * byte of its text, and every target gives the same answer. MOTE_ERR_CAPACITY: the text does not fit. MOTE_ERR_FORMAT,
 * MOTE_ERR_CHECKSUM: damaged, lost or of another stream; damage to a block is found but for one of 2^16 cases, and at
 * the end, which has the CRC-32 and the size of all text, but for one of 2^32. */
mote_status mote_stream_read(mote_stream *stream, const void *block, size_t bytes, void *text, size_t capacity,
                             size_t *text_bytes);

/* --- learning --------------------------------------------------------------------------------------------------- */

enum { MOTE_LOSS_MEAN = 0, MOTE_LOSS_SUM = 1 };      /* over the predicted characters of a batch */
enum { MOTE_STATE_CARRY = 0, MOTE_STATE_RESET = 1 }; /* hidden state between batches */
typedef struct mote_sgd_params {
    float learning_rate; /* everywhere: 2^-40 … 2^16 */
    float momentum;      /* 0 … below 1; 0: the momentum array may be NULL */
} mote_sgd_params;
typedef struct mote_adagrad_params {
    float learning_rate;
    float eps; /* 2^-40 … 1; inside the root */
} mote_adagrad_params;
typedef struct mote_adamw_params {
    float learning_rate;
    float beta1, beta2; /* 0 … below 1 */
    float eps;          /* 2^-40 … 1 */
    float weight_decay; /* 0 …, learning_rate * weight_decay below 1 */
} mote_adamw_params;

typedef struct mote_train_config {
    uint32_t batch;      /* B, 1 … 65536 */
    uint32_t time_steps; /* T, 1 … 65536; truncated BPTT goes back over these */
    uint32_t loss;       /* MOTE_LOSS_… */
    uint32_t state;      /* MOTE_STATE_… */
    uint32_t workspace;  /* MOTE_WORKSPACE_… */
    uint32_t optimizer;  /* MOTE_SGD … */
    float clip_value;    /* 0: off; else gradients are clipped to ±clip_value, before the norm */
    float clip_norm;     /* 0: off; else the global norm is clipped to it */
    float learning_rate; /* the hyperparameters of the optimizer chosen; the others are not looked at */
    float momentum;
    float beta1, beta2;
    float eps;
    float weight_decay;
} mote_train_config;

/* What an optimizer is, for a program that shows, asks for or reads one; a program that does not call
 * mote_optimizer_describe does not link it. */
typedef struct mote_hyperparameter {
    const char *name;     /* of the member of mote_train_config: "learning_rate" */
    uint32_t offset;      /* of that member, in bytes */
    uint32_t may_be_zero; /* 1: 0 is valid, too */
    float low, high;      /* both included */
} mote_hyperparameter;
typedef struct mote_optimizer_info {
    const char *name;        /* "sgd", as in MOTE_WITHOUT_OPTIMIZER(sgd) */
    uint32_t moments;        /* MOTE_MOMENTS */
    uint32_t signed_moments; /* bit i: moment i may be negative */
    uint32_t hyperparameter_count;
    const mote_hyperparameter *hyperparameters;
} mote_optimizer_info;
/* Also of an optimizer that was left out. NULL: there is none of this number. */
const mote_optimizer_info *mote_optimizer_describe(uint32_t optimizer);

typedef struct mote_trainer mote_trainer;
/* 0: not valid, or above 2^32 - 1. */
size_t mote_trainer_bytes(const mote_config *config, const mote_train_config *train);
size_t mote_checkpoint_bytes(const mote_config *config, const mote_train_config *train);

/* Needs mote_trainer_bytes. The model must be in RAM, and outlive the trainer. Moments and hidden state start at zero.
 * MOTE_ERR_UNSUPPORTED: weights of integers, which do not learn. */
mote_status mote_trainer_init(mote_trainer **trainer, mote_arena *arena, mote_model *model,
                              const mote_train_config *train);

/* One step: forward, backward (through time), clip, update. Row-major: targets [B][T], a target of MOTE_IGNORE costs
 * nothing; tokens [B][T], the character before each target, of an MLP [B][C + T - 1], the last C before each. *loss:
 * the mean over the counted targets of the batch, or their sum; 0 where none counts, and nothing is updated then.
 * MOTE_ERR_TOKEN; MOTE_ERR_NUMERIC: an activation or gradient is not finite, or a gradient is still above 2^40 after
 * clipping. On any error no weight, moment or hidden state has changed. */
mote_status mote_train_step(mote_trainer *trainer, const uint16_t *tokens, const uint16_t *targets, float *loss);

/* The same in two pieces: forward_backward leaves the gradients of this batch (they replace those before) and moves the
 * hidden state on; apply clips and updates, unless the batch had no counted target. Each batch is applied once:
 * MOTE_ERR_SEQUENCE where there has been none since the last apply, or the last forward_backward failed. */
mote_status mote_forward_backward(mote_trainer *trainer, const uint16_t *tokens, const uint16_t *targets, float *loss);
mote_status mote_trainer_apply(mote_trainer *trainer);

/* The library starts no thread; a caller who has some may give them to a trainer. `parallel` has to call task(work, i)
 * once for every i below `tasks`, in any order and on any threads, and to return when all have returned. From the next
 * step on each stage of a step is split into `tasks`, 1 … MOTE_MAX_TASKS, where it is large enough; the bits do not
 * depend on it. NULL or 1: all is done on the thread of the call. A task uses up to 1 KiB of the stack of its thread.
 * A task that `parallel` leaves out is run by the library when it returns; a step that meets this before its update
 * returns MOTE_ERR_PARALLEL and has changed nothing. A library built without threads (MOTE_THREADS in CMake, off on
 * bare metal) answers more than one task with MOTE_ERR_UNSUPPORTED. */
#define MOTE_MAX_TASKS 16u
typedef void (*mote_task_fn)(void *work, uint32_t index);
typedef void (*mote_parallel_fn)(void *user, mote_task_fn task, void *work, uint32_t tasks);
mote_status mote_trainer_set_parallel(mote_trainer *trainer, mote_parallel_fn parallel, void *user, uint32_t tasks);

/* From now on the trainer learns with weights of integers, so that the model loses less when it is quantized: before
 * each step its weights are quantized as mote_model_quantize does it, with this `precision` and `largest`; the losses
 * are those of that model, to the last bit. The backward pass takes a weight as its integer times its scale, an
 * activation as it was before it was rounded to an integer, of ReLU no more than `largest`, and the gradient as that of
 * the weight of float32 that the optimizer writes (Bengio, Leonard and Courville 2013). Needs mote_quantizer_bytes,
 * MOTE_QUANTIZER_BYTES(shape, B, precision), that must live as long as the trainer. A hook of mote_profile_train_step
 * hears nothing of such a forward pass. MOTE_ERR_ARG: as mote_model_quantize, and a second time; MOTE_ERR_UNSUPPORTED:
 * a precision that was left out. A step then answers MOTE_ERR_NUMERIC where a weight cannot be quantized. A program
 * that calls it links all precisions that it has not left out. */
mote_status mote_trainer_quantize(mote_trainer *trainer, mote_arena *arena, uint32_t precision, const float *largest);
/* 0: not valid, or above 2^32 - 1. */
size_t mote_quantizer_bytes(const mote_config *config, uint32_t batch, uint32_t precision);

/* From the next step on. MOTE_ERR_ARG: out of range; the learning rate stays. */
mote_status mote_trainer_set_learning_rate(mote_trainer *trainer, float learning_rate);
/* The hidden state of all rows to zero. NULL is allowed. */
void mote_trainer_reset_state(mote_trainer *trainer);
/* The flat array of gradients, in the order and padding of the weights; `count` may be NULL. mote_train_step does not
 * leave the gradients of its batch in it: it may update weights without storing them. */
float *mote_gradients(mote_trainer *trainer, size_t *count);
/* Updates made so far. */
uint32_t mote_trainer_step_count(const mote_trainer *trainer);
/* The global norm of the gradients before clipping in the last step that was no error; 0 where clip_norm is off. */
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

/* --- profiling -------------------------------------------------------------------------------------------------- */

/* What a step consists of: the embeddings of a batch looked up (in a step of one character that is part of the first
 * layer); a hidden layer; the logits; their softmax, and from it the surprise or, in training, the loss and the
 * gradients of the logits; the gradients of the output's weights, of a layer's, of the embedding's; clipping; the
 * update. */
enum {
    MOTE_STAGE_INPUT = 0,
    MOTE_STAGE_LAYER = 1,
    MOTE_STAGE_OUTPUT = 2,
    MOTE_STAGE_LOSS = 3,
    MOTE_STAGE_OUTPUT_BACKWARD = 4,
    MOTE_STAGE_LAYER_BACKWARD = 5,
    MOTE_STAGE_INPUT_BACKWARD = 6,
    MOTE_STAGE_CLIP = 7,
    MOTE_STAGE_UPDATE = 8
};
#define MOTE_STAGE_COUNT 9u

/* Called on the thread of the step before (done = 0) and after (done = 1) each of its stages, to read a clock or switch
 * a pin; it must not call anything with the same state or trainer. layer: 0 … L-1 of a hidden layer,
 * L of the output, else 0. The stages of a step that fails end early. */
typedef void (*mote_stage_fn)(void *user, uint32_t stage, uint32_t layer, uint32_t done);

/* mote_step, mote_score of one character after another, and mote_train_step, with a hook around each stage: the same
 * results, bit for bit. They are functions of their own, compiled from the same source, so that a program which does
 * not call them has not one instruction for them; one that does has all precisions, whatever it leaves out. Stages, in
 * order: of a step LAYER 0 … L-1, OUTPUT; scored, then LOSS; of a training step INPUT where there is an embedding,
 * LAYER 0 … L-1, OUTPUT, LOSS, OUTPUT_BACKWARD, LAYER_BACKWARD L-1 … 0, INPUT_BACKWARD; CLIP and UPDATE where a target
 * counts. */
mote_status mote_profile_step(mote_state *state, uint16_t token, const float **logits, mote_stage_fn hook, void *user);
mote_status mote_profile_score(mote_state *state, uint16_t token, uint16_t next, float *nats, mote_stage_fn hook,
                               void *user);
mote_status mote_profile_train_step(mote_trainer *trainer, const uint16_t *tokens, const uint16_t *targets, float *loss,
                                    mote_stage_fn hook, void *user);

/* --- checkpoints ------------------------------------------------------------------------------------------------ */

/* A blob with the trainer in it: whoever goes on from it gets the bits of a run that never stopped, on any target. Also
 * a blob that mote_model_open opens. `best`, of the same configuration, or NULL: weights to be kept beside it, early
 * stopping's best so far. Sections as in mote_model_save. Needs mote_scratch_bytes. */
mote_status mote_checkpoint_save(const mote_trainer *trainer, const mote_model *best, const mote_section *sections,
                                 uint32_t section_count, mote_arena *scratch, mote_write_fn write, void *user);
/* The configurations in a checkpoint, to size the arena for it. MOTE_ERR_MISSING where the blob is not a checkpoint.
 * Either of the results may be NULL. */
mote_status mote_checkpoint_peek(const void *blob, size_t bytes, mote_config *config, mote_train_config *train);
/* Makes a model in RAM and its trainer: needs mote_model_bytes + mote_trainer_bytes. The blob is not needed afterwards.
 * `workspace`: MOTE_WORKSPACE_…, a choice of this machine. */
mote_status mote_checkpoint_load(mote_trainer **trainer, mote_model **model, mote_arena *arena, const void *blob,
                                 size_t bytes, uint32_t workspace);
/* The best weights of a checkpoint into a model in RAM of its configuration. MOTE_ERR_MISSING where it has none; on
 * any error the model is as it was. */
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
