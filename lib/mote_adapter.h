/* mote_adapter.h: a model of which only a part learns, so that only that part takes RAM.
 *
 * The base is a model that stays where it is, in flash, with weights of float32, int8 or 4 bits. What learns are its
 * output layer, its biases, or both; the rest has no copy, no gradients and no moments. What was learned is an adapter:
 * a blob of its own that names its base, and that is used together with it, in place or to go on learning.
 *
 *     mote_model_open(&base, &arena, flash, flash_bytes);
 *     mote_adapter_init(&adapter, &arena, base, MOTE_LEARN_OUTPUT);      or mote_adapter_load, to go on
 *     mote_learner_init(&learner, &arena, adapter, &train);
 *     mote_learn_step(learner, tokens, targets, &loss);
 *     mote_adapter_save(adapter, write, user);
 *
 * and on another day, or device:
 *
 *     mote_adapter_open(&adapter, &arena, base, blob, bytes);
 *     mote_state_init(&state, &arena, mote_adapter_model(adapter));
 *     mote_step(state, token, &logits);
 *
 * Sizes are in mote_sizes.h: MOTE_ADAPTER_OPEN_BYTES, MOTE_ADAPTER_BYTES, MOTE_LEARNER_BYTES, MOTE_ADAPTER_BLOB_BYTES.
 * lib/format/ADAPTER.md describes the bytes of an adapter, lib/train/ADAPTERS.md what each part costs and gains.
 * `learned` is MOTE_LEARN_OUTPUT, MOTE_LEARN_BIASES, or their sum. With a base of integers only the output layer
 * learns, as float32; biases are answered with MOTE_ERR_UNSUPPORTED. A bigram, which is one table, has neither:
 * MOTE_ERR_ARG.
 */
#ifndef MOTE_ADAPTER_H
#define MOTE_ADAPTER_H

#include "mote.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A program for a microcontroller in which only the output layer learns, or in which biases do, may leave out what the
 * other needs, as MOTE_WITHOUT_CELL does: MOTE_WITHOUT_LEARNING(biases) or MOTE_WITHOUT_LEARNING(output) at file scope.
 * mote_learner_init answers what was left out with MOTE_ERR_UNSUPPORTED. Both together belong to `biases`. */
MOTE_PART(mote_learning_output);
MOTE_PART(mote_learning_biases);
#define MOTE_WITHOUT_LEARNING(name) MOTE_NO_PART(mote_learning_##name)

typedef struct mote_adapter mote_adapter;
typedef struct mote_learner mote_learner;

/* The sizes of mote_sizes.h as functions; 0: not valid, or above 2^32 - 1. */
size_t mote_adapter_open_bytes(const mote_config *base);
size_t mote_adapter_bytes(const mote_config *base, uint32_t learned);
size_t mote_adapter_blob_bytes(const mote_config *base, uint32_t learned);
size_t mote_learner_bytes(const mote_config *base, uint32_t learned, const mote_train_config *train);

/* An adapter with its weights in RAM that has learned nothing yet: with it the base is as it was, but that the output
 * layer of a base of integers computes with floats, its integers times their scales. Needs mote_adapter_bytes. The base
 * must outlive it and stay unchanged. All of its weights are read once, for their hash. */
mote_status mote_adapter_init(mote_adapter **adapter, mote_arena *arena, const mote_model *base, uint32_t learned);

/* An adapter's blob, aligned to MOTE_ALIGN; `bytes` may be more than it has. Opened, it is used in place, may lie in
 * flash and must stay unchanged; needs mote_adapter_open_bytes. Loaded, its weights are copied to RAM, where a learner
 * goes on from them with moments of zero; needs mote_adapter_bytes. Everything is checked: MOTE_ERR_FORMAT, _VERSION,
 * _CHECKSUM, _NUMERIC, _ALIGN; _UNSUPPORTED: something learned that this version does not know. MOTE_ERR_BASE: the
 * adapter is one of another base; mote_adapter_peek has the hash of the base that it needs, mote_weights_hash that of
 * the one that was given. */
mote_status mote_adapter_open(const mote_adapter **adapter, mote_arena *arena, const mote_model *base, const void *blob,
                              size_t bytes);
mote_status mote_adapter_load(mote_adapter **adapter, mote_arena *arena, const mote_model *base, const void *blob,
                              size_t bytes);

typedef struct mote_adapter_info {
    mote_config base;   /* the configuration of its base, */
    uint64_t base_hash; /* and mote_weights_hash of it */
    uint32_t learned;   /* MOTE_LEARN_… */
    uint32_t bytes;     /* of the blob */
} mote_adapter_info;
/* What a blob says that it is, without its base. All is checked but the weights; errors as above. */
mote_status mote_adapter_peek(const void *blob, size_t bytes, mote_adapter_info *info);

/* Streams the adapter through `write`, mote_adapter_blob_bytes from the first byte to the last, for instance with
 * mote_journal_write into a journal. MOTE_ERR_NUMERIC: a weight is not finite, or smaller than 2^-40 and not +0;
 * nothing is written then. */
mote_status mote_adapter_save(const mote_adapter *adapter, mote_write_fn write, void *user);

/* Base and adapter as one model, for whatever takes a const model: it is run, scored, sampled, hashed and saved as any
 * other. While a learner learns it has the weights of the last step. mote_model_copy and mote_model_save make a model
 * of its own of it, the merged one, which has the same bits. NULL for a base of integers, whose tensors have no place
 * for an output layer of floats: use mote_adapter_step. */
const mote_model *mote_adapter_model(const mote_adapter *adapter);

/* The flat array of learned weights, in the order of the tensor table, each tensor in its layout of float32. NULL for
 * an adapter opened in place. `count` may be NULL. */
float *mote_adapter_weights(mote_adapter *adapter, size_t *count);

/* mote_step of base and adapter, for every precision. The state is one of mote_adapter_model, or where that is NULL one
 * of the base, else MOTE_ERR_ARG. With a base of integers the output layer reads the activations before they are
 * rounded to integers; the base's own output is computed on the way. */
mote_status mote_adapter_step(const mote_adapter *adapter, mote_state *state, uint16_t token, const float **logits);

/* mote_score of one character: *nats is the surprise of `next` after `token` was read. */
mote_status mote_adapter_score(const mote_adapter *adapter, mote_state *state, uint16_t token, uint16_t next,
                               float *nats);

/* A learner of an adapter with weights in RAM, else MOTE_ERR_ARG. Needs mote_learner_bytes; the adapter must outlive
 * it. Of `train` the workspace is not looked at. Where only the output layer learns, each row of a batch is read
 * through a state, so that the memory does not grow with the time steps; MOTE_ERR_UNSUPPORTED where what runs the base
 * was left out. Where biases learn, gradients go back through time: also where what trains it was. */
mote_status mote_learner_init(mote_learner **learner, mote_arena *arena, mote_adapter *adapter,
                              const mote_train_config *train);

/* As mote_train_step, mote_forward_backward and mote_trainer_apply, for what learns: the gradients have the bits that a
 * trainer of the whole model computes for these tensors. A global norm is that of these gradients alone. */
mote_status mote_learn_step(mote_learner *learner, const uint16_t *tokens, const uint16_t *targets, float *loss);
mote_status mote_learner_forward_backward(mote_learner *learner, const uint16_t *tokens, const uint16_t *targets,
                                          float *loss);
mote_status mote_learner_apply(mote_learner *learner);

/* As the functions of a trainer. The gradients are in the order of mote_adapter_weights. */
mote_status mote_learner_set_learning_rate(mote_learner *learner, float learning_rate);
void mote_learner_reset_state(mote_learner *learner);
float *mote_learner_gradients(mote_learner *learner, size_t *count);
uint32_t mote_learner_step_count(const mote_learner *learner);
float mote_learner_norm(const mote_learner *learner);

#ifdef __cplusplus
}
#endif

#endif
