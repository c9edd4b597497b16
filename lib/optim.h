// Clipping and the optimizers over flat arrays, checked.
#ifndef MOTE_OPTIM_H
#define MOTE_OPTIM_H

#include "mote.h"

namespace mote {

bool valid(const mote_sgd_params &p);
bool valid(const mote_adagrad_params &p);
bool valid(const mote_adamw_params &p);
bool valid_clip(float value, float norm);

inline mote_sgd_params sgd_params(const mote_train_config &t) { return {t.rate, t.momentum}; }
inline mote_adagrad_params adagrad_params(const mote_train_config &t) { return {t.rate, t.eps}; }
inline mote_adamw_params adamw_params(const mote_train_config &t) { return {t.rate, t.beta1, t.beta2, t.eps, t.decay}; }

} // namespace mote

#endif
