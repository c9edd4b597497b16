/* mote_sizes.h: the memory that a configuration takes, as constant expressions. mote.h includes this file.
 *
 * A shape is written once, by one of the macros below, and given to the macro of a size:
 *
 *     #define NAMES_SHAPE MOTE_SHAPE_RNN(27, 0, 64, 1)
 *     static _Alignas(64) unsigned char memory[MOTE_STATE_BYTES(NAMES_SHAPE)];
 *     static const mote_config config = {NAMES_SHAPE, MOTE_TANH};
 *
 * Every size is an integer constant expression of type uint64_t in C99 and in C++11, and the same number on every
 * target. The library's functions compute sizes by the same macros: there is one formula for each size. A macro does
 * not check its shape; the function of the same size returns 0 for one that is not valid, or that needs more than
 * 2^32 - 1 bytes.
 *
 * Words: V vocabulary, C context, E embedding width, H hidden width, L layers, B batch, T time steps, R = B * T rows,
 * O optimizer, W workspace. pad(n) is n rounded up to a multiple of 16, the columns of a panel.
 */
#ifndef MOTE_SIZES_H
#define MOTE_SIZES_H

#include <stdint.h>

/* The values of mote_config.input, 1 … MOTE_INPUT_COUNT: what the first layer, or the output, reads of the text at each
 * step. */
#define MOTE_INPUT_COUNT 3u
#define MOTE_INPUT_ONE_HOT 1u   /* the character: one column of the weights */
#define MOTE_INPUT_EMBEDDING 2u /* a row of an embedding [V][E] */
#define MOTE_INPUT_WINDOW 3u    /* the embeddings of the last C characters side by side, the oldest first */

/* The values of mote_config.cell, 1 … MOTE_CELL_COUNT: what a hidden layer computes. */
#define MOTE_CELL_COUNT 4u
#define MOTE_CELL_NONE 1u      /* there is no hidden layer */
#define MOTE_CELL_DENSE 2u     /* h = act(b + W x) */
#define MOTE_CELL_RECURRENT 3u /* h(t) = act(b + W x(t) + U h(t-1)) */
#define MOTE_CELL_GATED 4u     /* the gated recurrent unit (mote_config) */

/* The values of mote_train_config.optimizer, 0 … MOTE_OPTIMIZER_COUNT - 1. */
#define MOTE_OPTIMIZER_COUNT 4u
#define MOTE_SGD 0u      /* w -= learning_rate * g */
#define MOTE_MOMENTUM 1u /* m = momentum * m + g, w -= learning_rate * m (PyTorch's SGD) */
#define MOTE_ADAGRAD 2u  /* s += g^2, w -= learning_rate * g / sqrt(s + eps) (Duchi et al. 2011) */
#define MOTE_ADAMW 3u    /* Loshchilov and Hutter 2019, as PyTorch */

/* The values of mote_train_config.workspace. */
#define MOTE_WORKSPACE_NONE 0u   /* the least memory */
#define MOTE_WORKSPACE_PACKED 1u /* transposed copies of the weights beside them: faster with SIMD, the same bits */

/* The values of mote_config.precision, 0 … MOTE_PRECISION_COUNT - 1: how weights are stored. */
#define MOTE_PRECISION_COUNT 3u
#define MOTE_PRECISION_FLOAT32 0u
#define MOTE_PRECISION_INT8 1u /* -127 … 127 and a scale for each output; made by mote_model_quantize, to run only */
#define MOTE_PRECISION_INT4 2u /* -7 … 7, an integer for each 32 inputs of an output, a scale for each output */

/* Shapes: the first eight members of a mote_config. */
#define MOTE_SHAPE_BIGRAM(V) MOTE_INPUT_ONE_HOT, MOTE_CELL_NONE, (V), 0, 0, 0, 0, MOTE_PRECISION_FLOAT32
#define MOTE_SHAPE_MLP(V, C, E, H, L)                                                                                  \
    MOTE_INPUT_WINDOW, MOTE_CELL_DENSE, (V), (C), (E), (H), (L), MOTE_PRECISION_FLOAT32
/* E = 0: one-hot. */
#define MOTE_SHAPE_RNN(V, E, H, L)                                                                                     \
    (MOTE_SZ_U64(E) != 0 ? MOTE_INPUT_EMBEDDING : MOTE_INPUT_ONE_HOT), MOTE_CELL_RECURRENT, (V), 0, (E), (H), (L),     \
        MOTE_PRECISION_FLOAT32
#define MOTE_SHAPE_GRU(V, E, H, L)                                                                                     \
    (MOTE_SZ_U64(E) != 0 ? MOTE_INPUT_EMBEDDING : MOTE_INPUT_ONE_HOT), MOTE_CELL_GATED, (V), 0, (E), (H), (L),         \
        MOTE_PRECISION_FLOAT32

/* Such a shape with weights of int8, or of 4 bits: MOTE_SHAPE_INT8(MOTE_SHAPE_RNN(27, 0, 64, 1)). */
#define MOTE_SHAPE_INT8(...) MOTE_SZ_INT8(__VA_ARGS__)
#define MOTE_SHAPE_INT4(...) MOTE_SZ_INT4(__VA_ARGS__)

/* The shape of a mote_config in a variable. */
#define MOTE_SHAPE_OF(config)                                                                                          \
    (config).input, (config).cell, (config).vocab, (config).context, (config).embed, (config).hidden, (config).layers, \
        (config).precision

/* --- the sizes -------------------------------------------------------------------------------------------------- */

/* Parameters, padding left out; the size of all tensors, padding included, in units of 4 bytes, which are the floats in
 * the flat array of weights of float32; tensors. */
#define MOTE_PARAMS(...) MOTE_SZ_PARAMS(__VA_ARGS__)
#define MOTE_WEIGHTS(...) MOTE_SZ_WEIGHTS(__VA_ARGS__)
#define MOTE_TENSORS(...) MOTE_SZ_TENSORS(__VA_ARGS__)

/* Bytes of arena: of a model opened in place, of whatever shape; of a model in RAM (random, copy); of a state; of the
 * scratch that a save and a self-test need. */
#define MOTE_OPEN_BYTES MOTE_SZ_MODEL_HANDLE
#define MOTE_MODEL_BYTES(...) MOTE_SZ_MODEL_BYTES(__VA_ARGS__)
#define MOTE_STATE_BYTES(...) MOTE_SZ_STATE_BYTES(__VA_ARGS__)
#define MOTE_SCRATCH_BYTES(...) (MOTE_SZ_SELFTEST + MOTE_STATE_BYTES(__VA_ARGS__))

/* Bytes of a blob; and what each section of the caller's, of n bytes, adds to it. */
#define MOTE_SECTION_BYTES(n) MOTE_SZ_ROUND64(n)
#define MOTE_BLOB_BYTES(...) MOTE_SZ_BLOB_BYTES(__VA_ARGS__)

/* Bytes of arena of a scorer: MOTE_SCORER_BYTES(shape, B, T). */
#define MOTE_SCORER_BYTES(...) MOTE_SZ_SCORER_BYTES(__VA_ARGS__)

/* Bytes of arena of a codec of messages. */
#define MOTE_CODEC_BYTES(...) (MOTE_SZ_CODEC_HANDLE + MOTE_STATE_BYTES(__VA_ARGS__))
/* Bytes of arena of a stream of text. */
#define MOTE_STREAM_BYTES(...) (MOTE_SZ_STREAM_HANDLE + MOTE_STATE_BYTES(__VA_ARGS__))

/* Bytes of arena of what lists likely endings, of mote_completer_options: MOTE_COMPLETER_BYTES(shape, width, length,
 * count). */
#define MOTE_COMPLETER_BYTES(...) MOTE_SZ_COMPLETER_BYTES(__VA_ARGS__)

/* Bytes of arena of a trainer, which has weights of float32: MOTE_TRAINER_BYTES(shape, B, T, O, W). */
#define MOTE_TRAINER_BYTES(...) MOTE_SZ_TRAINER_BYTES(__VA_ARGS__)

/* Bytes of arena of what lets a trainer learn with weights of a precision: MOTE_QUANTIZER_BYTES(shape, B, precision),
 * the shape with weights of float32. */
#define MOTE_QUANTIZER_BYTES(...) MOTE_SZ_QUANTIZER_BYTES(__VA_ARGS__)

/* Bytes of a checkpoint: MOTE_CHECKPOINT_BYTES(shape, B, O). With the weights of another model in it, the best so far,
 * 4 * MOTE_WEIGHTS(shape) more. */
#define MOTE_CHECKPOINT_BYTES(...) MOTE_SZ_CHECKPOINT_BYTES(__VA_ARGS__)

/* What learns of a model whose base stays where it is (mote_adapter.h). */
#define MOTE_LEARN_OUTPUT 1u /* the output's matrix and its bias */
#define MOTE_LEARN_BIASES 2u /* the biases of all layers and of the output */

/* Bytes of arena of an adapter that is opened in place, of one whose weights are in RAM, and of what learns them; bytes
 * of its blob; and its weights, in floats, padding included. The shape is the base's, `learned` one or both of the
 * above: MOTE_ADAPTER_BYTES(shape, learned), MOTE_LEARNER_BYTES(shape, learned, B, T, O). */
#define MOTE_ADAPTER_OPEN_BYTES(...) MOTE_SZ_ADAPTER_OPEN_BYTES(__VA_ARGS__)
#define MOTE_ADAPTER_BYTES(...) MOTE_SZ_ADAPTER_BYTES(__VA_ARGS__)
#define MOTE_ADAPTER_BLOB_BYTES(...) MOTE_SZ_ADAPTER_BLOB_BYTES(__VA_ARGS__)
#define MOTE_ADAPTER_WEIGHTS(...) MOTE_SZ_ADAPTER_WEIGHTS(__VA_ARGS__)
#define MOTE_LEARNER_BYTES(...) MOTE_SZ_LEARNER_BYTES(__VA_ARGS__)

/* Arrays as large as the weights that an optimizer keeps: a line for each. */
#define MOTE_MOMENTS(O)                                                                                                \
    (MOTE_SZ_U64(O) == MOTE_SGD ? 0u : MOTE_SZ_U64(O) == MOTE_MOMENTUM ? 1u : MOTE_SZ_U64(O) == MOTE_ADAGRAD ? 1u : 2u)

/* --- the formulas; not to be used outside this file and the library ---------------------------------------------- */

/* An integer in 64 bits, so that nothing overflows, and a character as one byte of 32 bits. In C++ it is no cast, so
 * that -Wold-style-cast and -Wuseless-cast have nothing to warn of in a program that uses the macros: an overload
 * converts each integer type. */
#ifdef __cplusplus
constexpr uint64_t mote_sz_u64(int n) { return static_cast<uint64_t>(n); }
constexpr uint64_t mote_sz_u64(long n) { return static_cast<uint64_t>(n); }
constexpr uint64_t mote_sz_u64(long long n) { return static_cast<uint64_t>(n); }
constexpr uint64_t mote_sz_u64(unsigned n) { return n; }
constexpr uint64_t mote_sz_u64(unsigned long n) { return n; }
constexpr uint64_t mote_sz_u64(unsigned long long n) { return n; }
#define MOTE_SZ_U64(n) mote_sz_u64(n)
constexpr uint32_t mote_sz_byte(uint64_t n) { return static_cast<uint32_t>(n & 0xffu); }
#define MOTE_SZ_BYTE(c) mote_sz_byte(MOTE_SZ_U64(c))
#else
#define MOTE_SZ_U64(n) ((uint64_t)(n))
#define MOTE_SZ_BYTE(c) ((uint32_t)(MOTE_SZ_U64(c) & 0xffu))
#endif

/* A number of which the library, where the configuration is valid, computes in 32 bits. */
#define MOTE_SZ_NUMBER(n) MOTE_SZ_U64(n)
#define MOTE_SZ_PAD(n) ((MOTE_SZ_U64(n) + 15u) / 16u * 16u)
#define MOTE_SZ_ROUND64(n) ((MOTE_SZ_U64(n) + 63u) / 64u * 64u)

#define MOTE_SZ_INT8(input, cell, V, C, E, H, L, P) input, cell, V, C, E, H, L, MOTE_PRECISION_INT8
#define MOTE_SZ_INT4(input, cell, V, C, E, H, L, P) input, cell, V, C, E, H, L, MOTE_PRECISION_INT4
/* Whether weights are integers. */
#define MOTE_SZ_QUANTIZED(P) (MOTE_SZ_NUMBER(P) != MOTE_PRECISION_FLOAT32)
/* In units of 16 bytes, the size of a panel of 16 outputs and k inputs, of which a float32 is 4 each; of int8 there are
 * 4 of scales, then 4 for 4 inputs; of 4 bits 4 of scales, 1 for the groups of 64 inputs, then 4 for 8 inputs. */
#define MOTE_SZ_DEPTH(P, k)                                                                                            \
    (MOTE_SZ_NUMBER(P) == MOTE_PRECISION_FLOAT32 ? 4u * MOTE_SZ_NUMBER(k)                                              \
     : MOTE_SZ_NUMBER(P) == MOTE_PRECISION_INT8                                                                        \
         ? 4u + (MOTE_SZ_NUMBER(k) + 3u) / 4u * 4u                                                                     \
         : 4u + (MOTE_SZ_NUMBER(k) + 63u) / 64u + (MOTE_SZ_NUMBER(k) + 7u) / 8u * 4u)

/* Handles, and the results of a self-test in the scratch. */
#define MOTE_SZ_MODEL_HANDLE 64u
#define MOTE_SZ_STATE_HANDLE 64u
#define MOTE_SZ_CODEC_HANDLE 64u
#define MOTE_SZ_COMPLETER_HANDLE 64u
#define MOTE_SZ_STREAM_HANDLE 64u
#define MOTE_SZ_SCORER_HANDLE 128u
#define MOTE_SZ_TRAINER_HANDLE 256u
#define MOTE_SZ_QUANTIZER_HANDLE 128u
#define MOTE_SZ_ADAPTER_HANDLE 128u
#define MOTE_SZ_LEARNER_HANDLE 320u
#define MOTE_SZ_SELFTEST 320u

/* 1 where a cell carries its activations from one step to the next, and has matrices for it. */
#define MOTE_SZ_RECURRENT(cell) (MOTE_SZ_NUMBER(cell) >= MOTE_CELL_RECURRENT ? 1u : 0u)

/* The matrices of a product of a cell, each for H outputs; the vectors of biases; and the arrays of H numbers that a
 * step, or a row of a batch, keeps beside its activations. */
#define MOTE_SZ_MATRICES(cell) (MOTE_SZ_NUMBER(cell) == MOTE_CELL_GATED ? 3u : 1u)
#define MOTE_SZ_BIASES(cell) (MOTE_SZ_NUMBER(cell) == MOTE_CELL_GATED ? 4u : 1u)
#define MOTE_SZ_SUMS(cell) (MOTE_SZ_NUMBER(cell) == MOTE_CELL_GATED ? 4u : 0u)

/* The inputs of the first product; the width of the array that an input layer fills: none of a one-hot. */
#define MOTE_SZ_INPUTS(input, V, C, E)                                                                                 \
    (MOTE_SZ_NUMBER(input) == MOTE_INPUT_WINDOW      ? MOTE_SZ_NUMBER(C) * MOTE_SZ_NUMBER(E)                           \
     : MOTE_SZ_NUMBER(input) == MOTE_INPUT_EMBEDDING ? MOTE_SZ_NUMBER(E)                                               \
                                                     : MOTE_SZ_NUMBER(V))
#define MOTE_SZ_FILLED(input, C, E)                                                                                    \
    (MOTE_SZ_NUMBER(input) == MOTE_INPUT_WINDOW      ? MOTE_SZ_NUMBER(C) * MOTE_SZ_NUMBER(E)                           \
     : MOTE_SZ_NUMBER(input) == MOTE_INPUT_EMBEDDING ? MOTE_SZ_NUMBER(E)                                               \
                                                     : 0u)

/* The parameters of all tensors where a vector of n outputs takes pad(n): embedding, layers, output, and of integers
 * the scales of what products read. */
#define MOTE_SZ_COUNT(pad, input, cell, V, C, E, H, L, P)                                                              \
    (MOTE_SZ_U64(L) == 0 ? pad(V) * MOTE_SZ_U64(MOTE_SZ_DEPTH(P, V)) / 4u                                              \
                         : pad(E) * (MOTE_SZ_QUANTIZED(P) ? (MOTE_SZ_U64(V) + 3u) / 4u : MOTE_SZ_U64(V)) +             \
                               pad(H) * MOTE_SZ_U64(MOTE_SZ_ROWS(input, cell, V, C, E, H, L, P)) / 4u +                \
                               pad(V) * MOTE_SZ_U64(MOTE_SZ_DEPTH(P, H) + 4u) / 4u +                                   \
                               (MOTE_SZ_QUANTIZED(P) ? MOTE_SZ_PAD(MOTE_SZ_NUMBER(L) + 1u) : 0u))
/* Of the tensors of hidden layers, which have H columns, the depth: of matrices, and of each bias, as that of a row. */
#define MOTE_SZ_ROWS(input, cell, V, C, E, H, L, P)                                                                    \
    (MOTE_SZ_MATRICES(cell) * (MOTE_SZ_DEPTH(P, MOTE_SZ_INPUTS(input, V, C, E)) +                                      \
                               ((1u + MOTE_SZ_RECURRENT(cell)) * MOTE_SZ_NUMBER(L) - 1u) * MOTE_SZ_DEPTH(P, H)) +      \
     4u * MOTE_SZ_BIASES(cell) * MOTE_SZ_NUMBER(L))
#define MOTE_SZ_PARAMS(input, cell, V, C, E, H, L, P)                                                                  \
    MOTE_SZ_COUNT(MOTE_SZ_U64, input, cell, V, C, E, H, L, MOTE_PRECISION_FLOAT32)
/* A panel of 4 bits is a multiple of 16 bytes, all tensors together are one of 64. */
#define MOTE_SZ_WEIGHTS(input, cell, V, C, E, H, L, P)                                                                 \
    ((MOTE_SZ_COUNT(MOTE_SZ_PAD, input, cell, V, C, E, H, L, P) + 15u) / 16u * 16u)
#define MOTE_SZ_TENSORS(input, cell, V, C, E, H, L, P)                                                                 \
    (MOTE_SZ_NUMBER(L) == 0 ? MOTE_SZ_NUMBER(1)                                                                        \
                            : (MOTE_SZ_NUMBER(E) != 0 ? 3u : 2u) + (MOTE_SZ_QUANTIZED(P) ? 1u : 0u) +                  \
                                  MOTE_SZ_LAYER_TENSORS(cell) * MOTE_SZ_NUMBER(L))
#define MOTE_SZ_LAYER_TENSORS(cell) (MOTE_SZ_NUMBER(cell) == MOTE_CELL_GATED ? 10u : 2u + MOTE_SZ_RECURRENT(cell))

/* Handle, offsets of the tensors, code points, weights. */
#define MOTE_SZ_MODEL_BYTES(input, cell, V, C, E, H, L, P)                                                             \
    MOTE_SZ_MODEL_OF(MOTE_SZ_TENSORS(input, cell, V, C, E, H, L, P), V, MOTE_SZ_WEIGHTS(input, cell, V, C, E, H, L, P))
#define MOTE_SZ_MODEL_OF(tensors, V, weights)                                                                          \
    (MOTE_SZ_MODEL_HANDLE + MOTE_SZ_ROUND64(4u * (tensors)) + MOTE_SZ_ROUND64(4u * MOTE_SZ_U64(V)) + 4u * (weights))

/* Handle, activations (twice where they are carried), of integers also as such, of a window its input and two lists of
 * tokens; the logits, in whose place are, of gated cells, the sums of a layer while it is computed. */
#define MOTE_SZ_STATE_BYTES(input, cell, V, C, E, H, L, P)                                                             \
    (MOTE_SZ_STATE_HANDLE +                                                                                            \
     (1u + MOTE_SZ_RECURRENT(cell)) *                                                                                  \
         MOTE_SZ_ROUND64((MOTE_SZ_QUANTIZED(P) ? 5u : 4u) * MOTE_SZ_U64(L) * MOTE_SZ_PAD(H)) +                         \
     (MOTE_SZ_U64(input) == MOTE_INPUT_WINDOW                                                                          \
          ? MOTE_SZ_ROUND64((MOTE_SZ_QUANTIZED(P) ? 1u : 4u) * MOTE_SZ_U64(C) * MOTE_SZ_U64(E)) +                      \
                MOTE_SZ_ROUND64(4u * MOTE_SZ_U64(C))                                                                   \
          : 0u) +                                                                                                      \
     4u * (MOTE_SZ_PAD(V) > MOTE_SZ_SUMS(cell) * MOTE_SZ_PAD(H) ? MOTE_SZ_PAD(V)                                       \
                                                                : MOTE_SZ_SUMS(cell) * MOTE_SZ_PAD(H)))

/* Handle, state; of each beginning that is kept what the next step reads, two lists of such beginnings, of 12 bytes
 * each, and how often it is used; of each ending 8 bytes; the tokens of both. */
#define MOTE_SZ_COMPLETER_BYTES(input, cell, V, C, E, H, L, P, W, T, N)                                                \
    (MOTE_SZ_COMPLETER_HANDLE + MOTE_SZ_STATE_BYTES(input, cell, V, C, E, H, L, P) +                                   \
     MOTE_SZ_ROUND64(MOTE_SZ_U64(W) * MOTE_SZ_MEMORY(input, cell, C, H, L, P)) +                                       \
     MOTE_SZ_ROUND64(26u * MOTE_SZ_U64(W) + 8u * MOTE_SZ_U64(N)) +                                                     \
     MOTE_SZ_ROUND64(2u * (MOTE_SZ_U64(W) + MOTE_SZ_U64(N)) * MOTE_SZ_U64(T)))
/* What a step leaves to the next, in bytes: activations that are carried, the tokens of a window. */
#define MOTE_SZ_MEMORY(input, cell, C, H, L, P)                                                                        \
    (MOTE_SZ_RECURRENT(cell) * (MOTE_SZ_QUANTIZED(P) ? 5u : 4u) * MOTE_SZ_U64(L) * MOTE_SZ_PAD(H) +                    \
     (MOTE_SZ_U64(input) == MOTE_INPUT_WINDOW ? 2u * MOTE_SZ_U64(C) : 0u))

/* Header, section table, tensor table, vocabulary, weights, self-test. */
#define MOTE_SZ_BLOB_FIXED 768u
#define MOTE_SZ_BLOB_BYTES(input, cell, V, C, E, H, L, P)                                                              \
    (MOTE_SZ_BLOB_FIXED + 64u * MOTE_SZ_TENSORS(input, cell, V, C, E, H, L, P) +                                       \
     MOTE_SZ_ROUND64(4u * MOTE_SZ_U64(V)) + 4u * MOTE_SZ_WEIGHTS(input, cell, V, C, E, H, L, P))

/* Floats of hidden state that a batch leaves to the next. */
#define MOTE_SZ_CARRIED(cell, H, L, B) (MOTE_SZ_RECURRENT(cell) * MOTE_SZ_U64(L) * MOTE_SZ_U64(B) * MOTE_SZ_PAD(H))

#define MOTE_SZ_CHECKPOINT_FIXED 128u
#define MOTE_SZ_CHECKPOINT_BYTES(input, cell, V, C, E, H, L, P, B, O)                                                  \
    (MOTE_SZ_BLOB_BYTES(input, cell, V, C, E, H, L, P) + MOTE_SZ_CHECKPOINT_FIXED +                                    \
     4u * (MOTE_MOMENTS(O) * MOTE_SZ_WEIGHTS(input, cell, V, C, E, H, L, P) + MOTE_SZ_CARRIED(cell, H, L, B)))

/* Rows of room for the logits of R rows: one more where the panels would lie a multiple of 2 KiB apart, so that those
 * of a row, which a softmax goes through several times, do not share a few sets of a first-level cache. */
#define MOTE_SZ_LOGIT_ROWS(R) (MOTE_SZ_U64(R) + (MOTE_SZ_U64(R) % 32u == 0 ? 1u : 0u))

/* Floats that a batch needs: the windows of its rows, the state carried into it, the logits, and for each row the
 * activations of each layer, of gated cells also the sums, and its input; in training also the gradients of one
 * layer's or two layers' outputs, and of the input. */
#define MOTE_SZ_FORWARD(input, cell, V, C, E, H, L, P, B, T)                                                           \
    (MOTE_SZ_ROUND64(2u * MOTE_SZ_U64(C) * MOTE_SZ_U64(B) * MOTE_SZ_U64(T)) / 4u + MOTE_SZ_CARRIED(cell, H, L, B) +    \
     MOTE_SZ_LOGIT_ROWS(MOTE_SZ_U64(B) * MOTE_SZ_U64(T)) * MOTE_SZ_PAD(V) +                                            \
     MOTE_SZ_U64(B) * MOTE_SZ_U64(T) *                                                                                 \
         ((1u + MOTE_SZ_SUMS(cell)) * MOTE_SZ_U64(L) * MOTE_SZ_PAD(H) + MOTE_SZ_PAD(MOTE_SZ_FILLED(input, C, E))))
#define MOTE_SZ_ACTIVATIONS(input, cell, V, C, E, H, L, P, B, T)                                                       \
    (MOTE_SZ_FORWARD(input, cell, V, C, E, H, L, P, B, T) +                                                            \
     MOTE_SZ_U64(B) * MOTE_SZ_U64(T) *                                                                                 \
         (MOTE_SZ_DELTAS(L) * MOTE_SZ_PAD(H) + MOTE_SZ_PAD(MOTE_SZ_FILLED(input, C, E))))
#define MOTE_SZ_DELTAS(L) (MOTE_SZ_U64(L) < 2u ? MOTE_SZ_U64(L) : 2u)

/* Of integers, two states for each row. */
#define MOTE_SZ_SCORER_BYTES(input, cell, V, C, E, H, L, P, B, T)                                                      \
    (MOTE_SZ_SCORER_HANDLE + (MOTE_SZ_QUANTIZED(P)                                                                     \
                                  ? 2u * MOTE_SZ_U64(B) * MOTE_SZ_STATE_BYTES(input, cell, V, C, E, H, L, P)           \
                                  : 4u * MOTE_SZ_FORWARD(input, cell, V, C, E, H, L, P, B, T)))

/* Floats of the transposed weights that gradients go back through; none goes back to a one-hot. */
#define MOTE_SZ_TRANSPOSED(input, cell, V, C, E, H, L, P)                                                              \
    (MOTE_SZ_U64(L) == 0 ? MOTE_SZ_U64(0)                                                                              \
                         : (MOTE_SZ_PAD(MOTE_SZ_FILLED(input, C, E)) +                                                 \
                            MOTE_SZ_PAD(H) * ((1u + MOTE_SZ_RECURRENT(cell)) * MOTE_SZ_U64(L) - 1u)) *                 \
                                   MOTE_SZ_OUTPUTS(cell, H) +                                                          \
                               MOTE_SZ_PAD(H) * MOTE_SZ_U64(V))
/* The columns of a product of a cell: where it has several matrices, each is padded. */
#define MOTE_SZ_OUTPUTS(cell, H)                                                                                       \
    (MOTE_SZ_MATRICES(cell) == 1u ? MOTE_SZ_U64(H) : MOTE_SZ_MATRICES(cell) * MOTE_SZ_PAD(H))

/* Handle, the model as integers and as floats, a state for each row. */
#define MOTE_SZ_QUANTIZER_BYTES(input, cell, V, C, E, H, L, P, B, Q)                                                   \
    (MOTE_SZ_QUANTIZER_HANDLE + MOTE_SZ_MODEL_BYTES(input, cell, V, C, E, H, L, P) +                                   \
     MOTE_SZ_MODEL_BYTES(input, cell, V, C, E, H, L, Q) +                                                              \
     MOTE_SZ_U64(B) * MOTE_SZ_STATE_BYTES(input, cell, V, C, E, H, L, Q))

/* Handle, gradients and moments, activations, transposed weights. */
#define MOTE_SZ_TRAINER_BYTES(input, cell, V, C, E, H, L, P, B, T, O, W)                                               \
    MOTE_SZ_TRAINER_OF(MOTE_SZ_WEIGHTS(input, cell, V, C, E, H, L, P),                                                 \
                       MOTE_SZ_ACTIVATIONS(input, cell, V, C, E, H, L, P, B, T),                                       \
                       MOTE_SZ_TRANSPOSED(input, cell, V, C, E, H, L, P), O, W)
#define MOTE_SZ_TRAINER_OF(weights, activations, transposed, O, W)                                                     \
    (MOTE_SZ_TRAINER_HANDLE + 4u * ((1u + MOTE_MOMENTS(O)) * (weights) + (activations) +                               \
                                    (MOTE_SZ_U64(W) == MOTE_WORKSPACE_PACKED ? (transposed) : 0u)))

/* Biases, the output's matrix, its bias. */
#define MOTE_SZ_ADAPTER_WEIGHTS(input, cell, V, C, E, H, L, P, learned)                                                \
    (MOTE_SZ_LEARNS(learned, MOTE_LEARN_BIASES) * MOTE_SZ_BIASES(cell) * MOTE_SZ_U64(L) * MOTE_SZ_PAD(H) +             \
     MOTE_SZ_PAD(V) * (MOTE_SZ_LEARNS(learned, MOTE_LEARN_OUTPUT) * MOTE_SZ_U64(H) + 1u))
#define MOTE_SZ_LEARNS(learned, part) (MOTE_SZ_U64(learned) / (part) % 2u)

/* Handle; of weights of float32 also where each tensor is, and code points. */
#define MOTE_SZ_ADAPTER_OPEN_BYTES(input, cell, V, C, E, H, L, P)                                                      \
    (MOTE_SZ_U64(MOTE_SZ_ADAPTER_HANDLE) +                                                                             \
     (MOTE_SZ_QUANTIZED(P) ? 0u                                                                                        \
                           : MOTE_SZ_ROUND64(8u * MOTE_SZ_TENSORS(input, cell, V, C, E, H, L, P)) +                    \
                                 MOTE_SZ_ROUND64(4u * MOTE_SZ_U64(V))))
#define MOTE_SZ_ADAPTER_BYTES(input, cell, V, C, E, H, L, P, learned)                                                  \
    (MOTE_SZ_ADAPTER_OPEN_BYTES(input, cell, V, C, E, H, L, P) +                                                       \
     4u * MOTE_SZ_ADAPTER_WEIGHTS(input, cell, V, C, E, H, L, P, learned))
/* Header, weights. */
#define MOTE_SZ_ADAPTER_FIXED 128u
#define MOTE_SZ_ADAPTER_BLOB_BYTES(input, cell, V, C, E, H, L, P, learned)                                             \
    (MOTE_SZ_ADAPTER_FIXED + 4u * MOTE_SZ_ADAPTER_WEIGHTS(input, cell, V, C, E, H, L, P, learned))

/* Handle, gradients and moments; where biases of layers learn, the activations of a batch, their gradients and the
 * logits of one time step, else for each row a state and what it carries. */
#define MOTE_SZ_LEARNER_BYTES(input, cell, V, C, E, H, L, P, learned, B, T, O)                                         \
    (MOTE_SZ_LEARNER_HANDLE +                                                                                          \
     4u * (1u + MOTE_MOMENTS(O)) * MOTE_SZ_ADAPTER_WEIGHTS(input, cell, V, C, E, H, L, P, learned) +                   \
     (MOTE_SZ_LEARNS(learned, MOTE_LEARN_BIASES) != 0                                                                  \
          ? 4u * MOTE_SZ_LEARNER_LAYERS(input, cell, V, C, E, H, L, P, B, T)                                           \
          : MOTE_SZ_U64(B) * (MOTE_SZ_STATE_BYTES(input, cell, V, C, E, H, L, P) +                                     \
                              MOTE_SZ_ROUND64(MOTE_SZ_RECURRENT(cell) * (MOTE_SZ_QUANTIZED(P) ? 5u : 4u) *             \
                                              MOTE_SZ_U64(L) * MOTE_SZ_PAD(H)))))
/* Floats. */
#define MOTE_SZ_LEARNER_LAYERS(input, cell, V, C, E, H, L, P, B, T)                                                    \
    (MOTE_SZ_ROUND64(2u * MOTE_SZ_U64(C) * MOTE_SZ_U64(B) * MOTE_SZ_U64(T)) / 4u + MOTE_SZ_CARRIED(cell, H, L, B) +    \
     MOTE_SZ_U64(B) * MOTE_SZ_PAD(V) +                                                                                 \
     MOTE_SZ_U64(B) * MOTE_SZ_U64(T) *                                                                                 \
         ((1u + MOTE_SZ_SUMS(cell)) * MOTE_SZ_U64(L) * MOTE_SZ_PAD(H) + MOTE_SZ_DELTAS(L) * MOTE_SZ_PAD(H) +           \
          MOTE_SZ_PAD(MOTE_SZ_FILLED(input, C, E))))

#endif
