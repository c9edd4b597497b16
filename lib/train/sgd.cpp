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

constexpr mote_hyperparameter sgd_parameters[] = {kLearningRate};
constexpr mote_hyperparameter momentum_parameters[] = {kLearningRate, MOTE_HYPERPARAMETER(momentum, 1, kBelowOne)};
constexpr auto sgd_bounds = bounds_of(sgd_parameters);
constexpr auto momentum_bounds = bounds_of(momentum_parameters);

bool valid_sgd(const mote_train_config &t) { return sgd_bounds.hold(t); }
bool valid_momentum(const mote_train_config &t) { return momentum_bounds.hold(t); }

} // namespace

constexpr mote_optimizer_info sgd_info = optimizer_info("sgd", MOTE_SGD, 0, sgd_parameters);
constexpr mote_optimizer_info momentum_info = optimizer_info("momentum", MOTE_MOMENTUM, 1, momentum_parameters);

namespace {
constexpr Optimizer plain_sgd(update_sgd, valid_sgd, sgd_info, cpu::sgd_product, cpu::sgd_rows);
constexpr Optimizer sgd_with_momentum(update_momentum, valid_momentum, momentum_info);
} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_optimizer_sgd, mote::plain_sgd)
MOTE_DEFINE_PART(mote_optimizer_momentum, mote::sgd_with_momentum)

using namespace mote;

extern "C" mote_status mote_sgd(float *weights, const float *gradients, float *momentum, size_t count,
                                const mote_sgd_params *params) {
    const mote_status status = check_arrays(weights, gradients, count);
    if (status != MOTE_OK) return status;
    if (params == nullptr) return MOTE_ERR_ARG;
    mote_train_config train{};
    train.learning_rate = params->learning_rate;
    train.momentum = params->momentum;
    if (!valid_momentum(train)) return MOTE_ERR_ARG;
    if (momentum == nullptr && params->momentum > 0.0f) return MOTE_ERR_ARG;
    if (!aligned(momentum)) return MOTE_ERR_ALIGN;
    update_momentum(train, weights, gradients, &momentum, count, 0);
    return MOTE_OK;
}
