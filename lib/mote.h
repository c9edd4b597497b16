/* mote: tiny character language models that run and learn anywhere, with the same bits everywhere.
 *
 * This header and those that it includes are the API and its manual, in the order of use: mote_sizes.h, mote_model.h,
 * mote_run.h, mote_messages.h, mote_train.h, mote_data.h. They are C99 and C++11.
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

#include <stdint.h>

#include "mote_sizes.h"

#include "mote_model.h"

#include "mote_run.h"

#include "mote_messages.h"

#include "mote_train.h"

#include "mote_data.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MOTE_VERSION_MAJOR 0
#define MOTE_VERSION_MINOR 1
#define MOTE_VERSION_PATCH 0
#define MOTE_VERSION_NUMBER (MOTE_VERSION_MAJOR * 10000 + MOTE_VERSION_MINOR * 100 + MOTE_VERSION_PATCH)

/* The version of the blob format that this header writes. A reader takes any minor of its major. */
#define MOTE_FORMAT_MAJOR 1
#define MOTE_FORMAT_MINOR 1

/* MOTE_VERSION_NUMBER of the library linked. */
uint32_t mote_version(void);

#ifdef __cplusplus
}
#endif

#endif
