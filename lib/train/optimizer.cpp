#include "optimizer.h"

#include "arena.h"

namespace mote {

// A line for each optimizer.
const Optimizer *find_optimizer(uint32_t optimizer) {
    static const mote_part *const *const parts[] = {&mote_optimizer_sgd, &mote_optimizer_momentum,
                                                    &mote_optimizer_adagrad, &mote_optimizer_adamw};
    return static_cast<const Optimizer *>(*parts[optimizer]);
}

bool in_range(const Hyperparameter *parameters, uint32_t count, const mote_train_config &t) {
    for (const Hyperparameter *p = parameters; p < parameters + count; ++p) {
        const float x = t.*p->value;
        if ((!p->may_be_zero || mote_bits(x) != 0) && !within(x, p->low, p->high)) return false;
    }
    return true;
}

bool valid_hyperparameters(const mote_train_config &t) {
    if (t.optimizer > MOTE_ADAMW) return false;
    const Optimizer *const optimizer = find_optimizer(t.optimizer);
    if (optimizer == nullptr) return true;
    if (!in_range(optimizer->parameters, optimizer->parameter_count, t)) return false;
    // What weight decay leaves of a weight is positive.
    return t.optimizer != MOTE_ADAMW || t.learning_rate * t.weight_decay < 1.0f;
}

mote_status check_arrays(const void *weights, const void *gradients, size_t count) {
    if (weights == nullptr || gradients == nullptr || count % cpu::kLanes != 0) return MOTE_ERR_ARG;
    return aligned(weights) && aligned(gradients) ? MOTE_OK : MOTE_ERR_ALIGN;
}

} // namespace mote
