#include "optimizer.h"

#include "arena.h"

namespace mote {

// A line for each optimizer.
const Optimizer *find_optimizer(uint32_t optimizer) {
    const mote_part *part = nullptr;
    switch (optimizer) {
    case MOTE_SGD:
        part = mote_optimizer_sgd;
        break;
    case MOTE_MOMENTUM:
        part = mote_optimizer_momentum;
        break;
    case MOTE_ADAGRAD:
        part = mote_optimizer_adagrad;
        break;
    case MOTE_ADAMW:
        part = mote_optimizer_adamw;
        break;
    default:
        break;
    }
    return static_cast<const Optimizer *>(part);
}

bool valid_hyperparameters(const mote_train_config &t) {
    if (t.optimizer > MOTE_ADAMW) return false;
    const Optimizer *const optimizer = find_optimizer(t.optimizer);
    if (optimizer == nullptr) return true;
    for (uint32_t i = 0; i < optimizer->parameter_count; ++i)
        if (!optimizer->parameters[i].is_valid(t)) return false;
    // What weight decay leaves of a weight is positive.
    return t.optimizer != MOTE_ADAMW || t.learning_rate * t.weight_decay < 1.0f;
}

mote_status check_arrays(const void *weights, const void *gradients, size_t count) {
    if (weights == nullptr || gradients == nullptr || count % cpu::kLanes != 0) return MOTE_ERR_ARG;
    return aligned(weights) && aligned(gradients) ? MOTE_OK : MOTE_ERR_ALIGN;
}

} // namespace mote
