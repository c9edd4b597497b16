// AdamW (Loshchilov and Hutter 2019), as PyTorch has it.
#include "arena.h"
#include "optimizer.h"

namespace mote {
namespace {

void update_adamw(const mote_train_config &t, float *w, const float *g, float *const *moments, size_t count,
                  uint32_t step) {
    cpu::AdamW a;
    a.step_size = t.learning_rate / (1.0f - power(t.beta1, step));
    a.root_scale = 1.0f / cpu::sqrt1(1.0f - power(t.beta2, step));
    a.beta1 = t.beta1;
    a.beta2 = t.beta2;
    a.eps = t.eps;
    a.keep = 1.0f - t.learning_rate * t.weight_decay;
    cpu::adamw(w, g, moments[0], moments[1], count, a);
}

constexpr mote_hyperparameter parameters[] = {kLearningRate, MOTE_HYPERPARAMETER(beta1, 1, kBelowOne),
                                              MOTE_HYPERPARAMETER(beta2, 1, kBelowOne), kEps,
                                              MOTE_HYPERPARAMETER(weight_decay, 1, 0x1p20f)};
constexpr auto bounds = bounds_of(parameters);

// What weight decay leaves of a weight is positive.
bool valid_adamw(const mote_train_config &t) { return bounds.hold(t) && t.learning_rate * t.weight_decay < 1.0f; }

} // namespace

// The mean has a sign, the mean of squares none.
constexpr mote_optimizer_info adamw_info = optimizer_info("adamw", MOTE_ADAMW, 1, parameters);

namespace {
constexpr Optimizer adamw(update_adamw, valid_adamw, adamw_info);
} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_optimizer_adamw, mote::adamw)

using namespace mote;

extern "C" mote_status mote_adamw(float *weights, const float *gradients, float *m, float *v, size_t count,
                                  const mote_adamw_params *params, uint32_t step) {
    const mote_status status = check_arrays(weights, gradients, count);
    if (status != MOTE_OK) return status;
    if (m == nullptr || v == nullptr || params == nullptr || step == 0) return MOTE_ERR_ARG;
    mote_train_config train{};
    train.learning_rate = params->learning_rate;
    train.beta1 = params->beta1;
    train.beta2 = params->beta2;
    train.eps = params->eps;
    train.weight_decay = params->weight_decay;
    if (!valid_adamw(train)) return MOTE_ERR_ARG;
    if (!aligned(m) || !aligned(v)) return MOTE_ERR_ALIGN;
    float *const moments[2] = {m, v};
    update_adamw(train, weights, gradients, moments, count, step);
    return MOTE_OK;
}
