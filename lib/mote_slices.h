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
 * unit at a time. The units:
 *
 *     of a product            16 outputs of one row: as many multiply-adds as 16 times its inputs; of the gradient of
 *                             weights, which sums over the batch, 16 * B * T; of that of what a layer has read, 16
 * times its outputs of a softmax            a row: 32 for each character of the vocabulary of a window             a
 * row: 1 for each number, 16 for each character of the norm of a clip   1,024 gradients: 4 each of carried activations
 * 16 * B numbers: 1 each of all else             16 numbers
 *
 * What is no multiply-add counts as so many, which on a Cortex-M4F take about as long: a number copied or cleared 1;
 * added, flushed, clipped, scaled or squared 4; tanh 32, ReLU and the gradient of either 8; the gates of a unit of a
 * GRU 128, their gradients 48; a logit in a softmax, its gradient included, 32; a token or target looked at 16; an
 * update of a weight with its root and division, and the copy that it is made in: SGD 6, with momentum 8, Adagrad 40,
 * AdamW 80. Each call of a kernel counts 32 more, of AdamW's update, which has powers, roots and divisions of its own,
 * 600. The last slice of a step makes the new weights visible by writing an offset for each tensor.
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

/* A program for a microcontroller that leaves out cells, inputs and precisions (MOTE_WITHOUT_CELL … in mote.h) leaves
 * out here what slices have for them. In one of its files, at file scope:
 *
 *     MOTE_WITHOUT_CELL_SLICES(gated);
 *     MOTE_WITHOUT_INPUT_SLICES(window);
 *     MOTE_WITHOUT_PRECISION_SLICES(int8);
 *
 * Cells: gated; inputs: window; precisions: float32, int8, int4. The others have nothing of their own. What was left
 * out is answered with MOTE_ERR_UNSUPPORTED, a cell and an input by mote_slices_init, a cell and a precision by
 * mote_step_begin. */
extern const mote_part *const mote_cell_gated_slices, *const mote_cell_gated_step_slices;
extern const mote_part *const mote_input_window_slices;
extern const mote_part *const mote_precision_float32_slices;
extern const mote_part *const mote_precision_int8_slices, *const mote_precision_int4_slices;
#define MOTE_WITHOUT_CELL_SLICES(name)                                                                                 \
    const mote_part *const mote_cell_##name##_slices = MOTE_NULL, *const mote_cell_##name##_step_slices = MOTE_NULL
#define MOTE_WITHOUT_INPUT_SLICES(name) const mote_part *const mote_input_##name##_slices = MOTE_NULL
#define MOTE_WITHOUT_PRECISION_SLICES(name) const mote_part *const mote_precision_##name##_slices = MOTE_NULL

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
 * - The model computes with the weights of the last whole step, and with the new ones all at once once the update is
 *   whole. It may be stepped, scored, saved and hashed between slices, not written. For the rest of the step its
 * weights then lie in the memory of the trainer, from where they are copied to their place: what mote_model_weights has
 *   returned in the meantime is not to be used afterwards. (On a host, where the trainer lies in front of its model or
 *   more than 4 GiB behind it, they are copied at once.) A step of mote_step_begin amid which weights change computes
 *   with both.
 * - mote_train_step, mote_forward_backward, mote_profile_train_step, mote_trainer_apply, mote_trainer_quantize and
 *   mote_train_begin of other slices answer MOTE_ERR_SEQUENCE.
 * - mote_trainer_set_learning_rate holds from the next step on, mote_trainer_set_parallel too: a slice is computed on
 *   the thread of its call. mote_trainer_reset_state takes effect when the step is over.
 * - mote_checkpoint_save writes the trainer as it was before the step; from the first slice of the update on, which
 *   changes moments, it answers MOTE_ERR_SEQUENCE, and so does mote_train_cancel.
 * - mote_gradients is memory in use. */
mote_status mote_train_begin(mote_slices *slices, const uint16_t *tokens, const uint16_t *targets);

/* Goes on with the step. *done: 1 where it is done, and *loss is then its loss; else 0, and *loss is as it was. Errors
 * are those of mote_train_step: the step is over, and no weight, moment or hidden state has changed. MOTE_ERR_SEQUENCE:
 * there is no step under way. */
mote_status mote_train_slice(mote_slices *slices, uint32_t budget, uint32_t *done, float *loss);

/* Gives the step up: no weight, moment or hidden state has changed. MOTE_ERR_SEQUENCE: there is none under way, or the
 * update has begun; a few more slices then end it. */
mote_status mote_train_cancel(mote_slices *slices);

/* --- inference -------------------------------------------------------------------------------------------------- */

/* A step of mote_step in slices. mote_step_begin gives up one that is under way. So does whatever else steps or resets
 * the state: mote_step, mote_score, mote_sample_text, mote_state_reset, also where it fails. What the state has
 * computed last, its logits but for those, stays until the step is done. MOTE_ERR_TOKEN. */
mote_status mote_step_begin(mote_state *state, uint16_t token);
/* *logits: NULL until the step is done. MOTE_ERR_NUMERIC: as mote_step, the step is over. MOTE_ERR_SEQUENCE: there is
 * none under way. */
mote_status mote_step_slice(mote_state *state, uint32_t budget, const float **logits);

#ifdef __cplusplus
}
#endif

#endif
