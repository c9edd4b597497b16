// Stochastic gradient descent, and with momentum as PyTorch's SGD has it.
#include "arena.h"
#include "optimizer.h"

namespace mote {
namespace {

void update_sgd(const mote_train_config &t, float *w, const float *g, float *const *, size_t count, uint32_t) {
    cpu::sgd(w, g, count, t.learning_rate);
}

void update_momentum(const mote_train_config &t, float *w, const float *g, float *const *moments, size_t count,
                     uint32_t) {
    if (t.momentum > 0.0f)
        cpu::momentum(w, g, moments[0], count, t.learning_rate, t.momentum);
    else
        cpu::sgd(w, g, count, t.learning_rate);
}

constexpr Hyperparameter sgd_parameters[] = {kLearningRate};
constexpr Hyperparameter momentum_parameters[] = {kLearningRate,
                                                  {&mote_train_config::momentum, cpu::kQuantum, kBelowOne, true}};

constexpr Optimizer sgd_optimizer(update_sgd, sgd_parameters, 0),
    momentum_optimizer(update_momentum, momentum_parameters, 1);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_optimizer_sgd, mote::sgd_optimizer)
MOTE_DEFINE_PART(mote_optimizer_momentum, mote::momentum_optimizer)

using namespace mote;

extern "C" mote_status mote_sgd(float *weights, const float *gradients, float *momentum, size_t count,
                                const mote_sgd_params *params) {
    const mote_status status = check_arrays(weights, gradients, count);
    if (status != MOTE_OK) return status;
    if (params == nullptr) return MOTE_ERR_ARG;
    mote_train_config train{};
    train.learning_rate = params->learning_rate;
    train.momentum = params->momentum;
    if (!in_range(momentum_parameters, 2, train)) return MOTE_ERR_ARG;
    if (momentum == nullptr && params->momentum > 0.0f) return MOTE_ERR_ARG;
    if (!aligned(momentum)) return MOTE_ERR_ALIGN;
    update_momentum(train, weights, gradients, &momentum, count, 0);
    return MOTE_OK;
}
