/* mote_model.h: what a program is linked with, the arena that all objects live in, models, saving them, and text.
 * mote.h includes this file. */
#ifndef MOTE_API_MODEL_H
#define MOTE_API_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "mote_sizes.h"

#ifdef __cplusplus
#define MOTE_NULL nullptr
extern "C" {
#else
#define MOTE_NULL 0
#endif

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

#ifdef __cplusplus
}
#endif

#endif
