/* mote_train.h: training steps, what their stages take, and checkpoints. mote.h includes this file. */
#ifndef MOTE_API_TRAIN_H
#define MOTE_API_TRAIN_H

#include "mote_run.h"

#ifdef __cplusplus
extern "C" {
#endif

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

#ifdef __cplusplus
}
#endif

#endif
