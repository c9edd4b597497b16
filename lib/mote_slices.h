/* mote_slices.h: training steps and steps of inference in slices, for programs that have to answer in between.
 *
 * A slice does what a budget allows, returns, and the next one goes on from there. The results are those of
 * mote_train_step and mote_step, to the last bit, whatever the budgets.
 *
 *     mote_slices_init(&slices, &arena, trainer);
 *     mote_train_begin(slices, tokens, targets);
 *     do {
 *         status = mote_train_slice(slices, 10000, &done, &loss);
 *         ... whatever cannot wait
 *     } while (status == MOTE_OK && !done);
 *
 * A budget is in multiply-adds. A slice stays within it, but for one unit where not even one fits: a budget of 1 does a
 * unit at a time. The units, where B rows of T characters are a batch:
 *
 *     a product           16 outputs of a row: 16 for each input, and 16 activations where they follow
 *     back through it     16 inputs of a row: 16 for each output, and 16 gradients of activations
 *     gradients           of 16 weights 16 B T, of 16 biases 48 B T
 *     a softmax           a row: 40 for each character of the vocabulary
 *     a window            a row: 1 for each number, 8 for each character; its gradient: 3 for each number
 *     a GRU's gates       16 units of a row; before them, the biases of a row: 1 for each unit
 *     the norm of a clip  1,024 gradients: 6 for each
 *     what is carried     16 numbers of each row: 16 B
 *     all else            16 numbers, or a token with its target
 *
 * and of inference, besides: a bigram's step 4 for each character of the vocabulary; the activations of a layer that
 * become integers for the next one, 8 for each.
 *
 * What is no multiply-add counts as half of the instructions that a Cortex-M4F takes for it, so that a slice takes
 * about two for each that its budget allows (MICROCONTROLLERS.md has the longest). A number that is copied, cleared or
 * looked up counts 1, with a bias added 2; one that is added, flushed, clipped or scaled 3, squared for the norm 6;
 * tanh 20, ReLU 8, the gradient of either 8; of a unit of a GRU the gates 80, their gradients 32; of a logit the
 * softmax, the loss and the gradient 40; a token or target that is looked at 8; an update of a weight, with its root
 * and division and a copy of the weight, SGD 3, with momentum 6, Adagrad 10, AdamW 24. A call of a kernel counts 64
 * more, one of AdamW's update, which has powers, roots and divisions of its own, 500. Not counted is what begins and
 * ends a step: mote_train_begin and mote_step_begin, which compute nothing, and an offset written for each tensor when
 * the new weights become visible.
 *
 * Nothing is allocated; no call uses more than 1 KiB of stack. A program that calls none of these functions links none
 * of them.
 */
#ifndef MOTE_SLICES_H
#define MOTE_SLICES_H

#include "mote.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- what is linked --------------------------------------------------------------------------------------------- */

/* A program for a microcontroller that leaves out cells, inputs and precisions (MOTE_WITHOUT_CELL … in mote_model.h)
 * leaves out here what slices have for them. In one of its files, at file scope:
 *
 *     MOTE_WITHOUT_CELL_SLICES(gated);
 *     MOTE_WITHOUT_INPUT_SLICES(window);
 *     MOTE_WITHOUT_PRECISION_SLICES(int8);
 *
 * Cells: gated; inputs: window; precisions: float32, int8, int4. The others have nothing of their own. What was left
 * out is answered with MOTE_ERR_UNSUPPORTED, a cell and an input by mote_slices_init, a cell and a precision by
 * mote_step_begin. */
MOTE_PART(mote_cell_gated_slices);
MOTE_PART(mote_cell_gated_step_slices);
MOTE_PART(mote_input_window_slices);
MOTE_PART(mote_precision_float32_slices);
MOTE_PART(mote_precision_int8_slices);
MOTE_PART(mote_precision_int4_slices);
#define MOTE_WITHOUT_CELL_SLICES(name)                                                                                 \
    MOTE_NO_PART(mote_cell_##name##_slices);                                                                           \
    MOTE_NO_PART(mote_cell_##name##_step_slices)
#define MOTE_WITHOUT_INPUT_SLICES(name) MOTE_NO_PART(mote_input_##name##_slices)
#define MOTE_WITHOUT_PRECISION_SLICES(name) MOTE_NO_PART(mote_precision_##name##_slices)

/* --- training --------------------------------------------------------------------------------------------------- */

typedef struct mote_slices mote_slices;
/* What the slices of a trainer take of an arena. */
#define MOTE_SLICES_BYTES 192u

/* Slices of the steps of a trainer, which must outlive them. MOTE_ERR_UNSUPPORTED: a trainer that learns with weights
 * of integers (mote_trainer_quantize). */
mote_status mote_slices_init(mote_slices **slices, mote_arena *arena, mote_trainer *trainer);

/* Begins a step, as mote_train_step has it. Nothing is computed yet. Tokens and targets must stay as they are until the
 * step is done. MOTE_ERR_SEQUENCE: the trainer has a step in slices under way. MOTE_ERR_UNSUPPORTED, as above.
 *
 * Until the step is done, fails or is cancelled:
 *
 * - The model computes with the weights of the last whole step until all new ones are there, and then with these. It
 *   may be stepped, scored, saved and hashed between slices, but not written. From then to the end of the step its
 *   weights lie in the memory of the trainer, from where slices copy them to their place; what mote_model_weights
 *   returns in the meantime is not to be used afterwards. (On a host, where the trainer lies in front of its model or
 *   more than 4 GiB behind it, they are copied at once.) A step of mote_step_begin amid which weights change computes
 *   with both.
 * - mote_train_step, mote_forward_backward, mote_profile_train_step, mote_trainer_apply and mote_train_begin, of these
 *   slices or others, answer MOTE_ERR_SEQUENCE.
 * - mote_trainer_set_learning_rate holds from the next step on, mote_trainer_set_parallel too: a slice is computed on
 *   the thread of its call. mote_trainer_reset_state takes effect when the step is over.
 * - mote_checkpoint_save writes the trainer as it was before the step; from the first slice of the update on, which
 *   changes moments, it answers MOTE_ERR_SEQUENCE, and so does mote_train_cancel.
 * - mote_trainer_quantize makes the next slice answer MOTE_ERR_UNSUPPORTED, and the step is over, unless its update has
 *   begun.
 * - What mote_gradients returns is in use. */
mote_status mote_train_begin(mote_slices *slices, const uint16_t *tokens, const uint16_t *targets);

/* Goes on with the step. *done: 1 where it is done, and *loss is then its loss; else 0, and *loss is as it was. Errors
 * are those of mote_train_step: the step is over, and no weight, moment or hidden state has changed. MOTE_ERR_SEQUENCE:
 * there is no step under way. */
mote_status mote_train_slice(mote_slices *slices, uint32_t budget, uint32_t *done, float *loss);

/* Gives the step up: no weight, moment or hidden state has changed. MOTE_ERR_SEQUENCE: there is none under way, or the
 * update has begun; a few more slices then end it. */
mote_status mote_train_cancel(mote_slices *slices);

/* --- inference -------------------------------------------------------------------------------------------------- */

/* Begins a step of mote_step; earlier logits are lost. One under way is given up, the state as it was before it; so it
 * is by whatever else steps or resets the state: mote_step, mote_score, mote_profile_step, mote_profile_score,
 * mote_adapter_step, mote_adapter_score, mote_state_reset. Of a base of integers with an adapter it gives the logits of
 * the base. MOTE_ERR_TOKEN; MOTE_ERR_UNSUPPORTED: left out, as above. */
mote_status mote_step_begin(mote_state *state, uint16_t token);
/* Goes on with the step. *logits: NULL until it is done. MOTE_ERR_NUMERIC: as mote_step has it, and the step is over;
 * MOTE_ERR_SEQUENCE: there is none under way. */
mote_status mote_step_slice(mote_state *state, uint32_t budget, const float **logits);

#ifdef __cplusplus
}
#endif

#endif
