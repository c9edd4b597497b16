// Clipping and the optimizers over flat arrays, checked.
#ifndef MOTE_OPTIM_H
#define MOTE_OPTIM_H

#include "mote.h"

namespace mote {

bool valid(const mote_sgd_params &p);
bool valid(const mote_adagrad_params &p);
bool valid(const mote_adamw_params &p);
// Whether the program was linked with it; to update, it must be.
bool optimizer_linked(const mote_train_config &train);
mote_status optimizer_update(const mote_train_config &train, float *weights, const float *gradients,
                             float *const moments[2], size_t count, uint32_t step);
bool valid_clip(float value, float norm);
// Those of an optimizer that is not linked are not looked at.
bool valid_hyperparameters(const mote_train_config &train);

inline mote_sgd_params sgd_params(const mote_train_config &t) { return {t.rate, t.momentum}; }
inline mote_adagrad_params adagrad_params(const mote_train_config &t) { return {t.rate, t.eps}; }
inline mote_adamw_params adamw_params(const mote_train_config &t) { return {t.rate, t.beta1, t.beta2, t.eps, t.decay}; }

} // namespace mote

#endif
