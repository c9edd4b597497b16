#include "optim.h"

#include "arena.h"
#include "linked_parts.h"
#include "numeric.h"

namespace mote {
namespace {

constexpr float kMaxRate = 0x1p16f;

bool valid_rate(float rate) { return within(rate, cpu::kQuantum, kMaxRate); }
bool valid_eps(float eps) { return within(eps, cpu::kQuantum, 1.0f); }
// A factor of a running mean: 0, or not too small, and below 1.
bool valid_decay(float beta) { return storable(beta) && within(beta, 0.0f, 0x1.fffffep-1f); }

mote_status check(const void *a, const void *b, size_t count) {
    if (a == nullptr || b == nullptr || count % cpu::kLanes != 0) return MOTE_ERR_ARG;
    return aligned(a) && aligned(b) ? MOTE_OK : MOTE_ERR_ALIGN;
}

} // namespace

bool valid(const mote_sgd_params &p) { return valid_rate(p.rate) && valid_decay(p.momentum); }
bool valid(const mote_adagrad_params &p) { return valid_rate(p.rate) && valid_eps(p.eps); }
bool valid(const mote_adamw_params &p) {
    return valid_rate(p.rate) && valid_decay(p.beta1) && valid_decay(p.beta2) && valid_eps(p.eps) &&
           storable(p.decay) && within(p.decay, 0.0f, 0x1p20f) && p.rate * p.decay < 1.0f;
}
bool valid_clip(float value, float norm) {
    return storable(value) && within(value, 0.0f, cpu::kLargest) && storable(norm) && within(norm, 0.0f, 0x1p32f);
}

namespace {

const Optimizer *optimizer_of(const mote_train_config &t) {
    const mote_linked *const part = t.optimizer == MOTE_SGD        ? mote_optimizer_sgd
                                    : t.optimizer == MOTE_MOMENTUM ? mote_optimizer_momentum
                                    : t.optimizer == MOTE_ADAGRAD  ? mote_optimizer_adagrad
                                                                   : mote_optimizer_adamw;
    return static_cast<const Optimizer *>(part);
}

} // namespace

bool optimizer_linked(const mote_train_config &t) { return optimizer_of(t) != nullptr; }

bool valid_hyperparameters(const mote_train_config &t) {
    if (t.optimizer > MOTE_ADAMW) return false;
    const Optimizer *const optimizer = optimizer_of(t);
    return optimizer == nullptr || optimizer->valid(t);
}

mote_status optimizer_update(const mote_train_config &t, float *w, const float *g, float *const moments[2],
                             size_t count, uint32_t step) {
    return optimizer_of(t)->update(t, w, g, moments, count, step);
}

} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_clip_norm(float *gradients, size_t count, float max_norm, float *norm_before) {
    const mote_status status = check(gradients, gradients, count);
    if (status != MOTE_OK) return status;
    if (!within(max_norm, cpu::kQuantum, 0x1p32f)) return MOTE_ERR_ARG;
    const float norm = cpu::sqrt1(cpu::sum_squares(gradients, count));
    if (norm_before != nullptr) *norm_before = norm;
    if (!finite(norm)) return MOTE_ERR_NUMERIC;
    const float factor = max_norm / (norm + 1e-6f);
    if (factor < 1.0f) cpu::scale(gradients, count, flushed(factor));
    return MOTE_OK;
}

mote_status mote_clip_value(float *gradients, size_t count, float limit) {
    const mote_status status = check(gradients, gradients, count);
    if (status != MOTE_OK) return status;
    if (!within(limit, cpu::kQuantum, cpu::kLargest)) return MOTE_ERR_ARG;
    cpu::clip(gradients, count, limit);
    return MOTE_OK;
}

mote_status mote_sgd(float *weights, const float *gradients, float *momentum, size_t count,
                     const mote_sgd_params *params) {
    const mote_status status = check(weights, gradients, count);
    if (status != MOTE_OK) return status;
    if (params == nullptr || !valid(*params) || (momentum == nullptr && params->momentum > 0.0f)) return MOTE_ERR_ARG;
    if (!aligned(momentum)) return MOTE_ERR_ALIGN;
    if (params->momentum > 0.0f)
        cpu::momentum(weights, gradients, momentum, count, params->rate, params->momentum);
    else
        cpu::sgd(weights, gradients, count, params->rate);
    return MOTE_OK;
}

mote_status mote_adagrad(float *weights, const float *gradients, float *sum, size_t count,
                         const mote_adagrad_params *params) {
    const mote_status status = check(weights, gradients, count);
    if (status != MOTE_OK) return status;
    if (sum == nullptr || params == nullptr || !valid(*params)) return MOTE_ERR_ARG;
    if (!aligned(sum)) return MOTE_ERR_ALIGN;
    cpu::adagrad(weights, gradients, sum, count, params->rate, params->eps);
    return MOTE_OK;
}

mote_status mote_adamw(float *weights, const float *gradients, float *m, float *v, size_t count,
                       const mote_adamw_params *params, uint32_t step) {
    const mote_status status = check(weights, gradients, count);
    if (status != MOTE_OK) return status;
    if (m == nullptr || v == nullptr || params == nullptr || !valid(*params) || step == 0) return MOTE_ERR_ARG;
    if (!aligned(m) || !aligned(v)) return MOTE_ERR_ALIGN;
    const mote_adamw_params &p = *params;
    cpu::AdamW a;
    a.step_size = p.rate / (1.0f - power(p.beta1, step));
    a.root_scale = 1.0f / cpu::sqrt1(1.0f - power(p.beta2, step));
    a.beta1 = p.beta1;
    a.beta2 = p.beta2;
    a.eps = p.eps;
    a.keep = 1.0f - p.rate * p.decay;
    cpu::adamw(weights, gradients, m, v, count, a);
    return MOTE_OK;
}
}

namespace mote {
namespace {

mote_status update_sgd(const mote_train_config &t, float *w, const float *g, float *const *, size_t count, uint32_t) {
    cpu::sgd(w, g, count, t.rate);
    return MOTE_OK;
}

mote_status update_momentum(const mote_train_config &t, float *w, const float *g, float *const *moments, size_t count,
                            uint32_t) {
    const mote_sgd_params params = sgd_params(t);
    return mote_sgd(w, g, moments[0], count, &params);
}

mote_status update_adagrad(const mote_train_config &t, float *w, const float *g, float *const *moments, size_t count,
                           uint32_t) {
    const mote_adagrad_params params = adagrad_params(t);
    return mote_adagrad(w, g, moments[0], count, &params);
}

mote_status update_adamw(const mote_train_config &t, float *w, const float *g, float *const *moments, size_t count,
                         uint32_t step) {
    const mote_adamw_params params = adamw_params(t);
    return mote_adamw(w, g, moments[0], moments[1], count, &params, step);
}

bool valid_sgd(const mote_train_config &t) { return valid_rate(t.rate); }
bool valid_momentum(const mote_train_config &t) { return valid(sgd_params(t)); }
bool valid_adagrad(const mote_train_config &t) { return valid(adagrad_params(t)); }
bool valid_adamw(const mote_train_config &t) { return valid(adamw_params(t)); }

constexpr Optimizer sgd_optimizer(update_sgd, valid_sgd), momentum_optimizer(update_momentum, valid_momentum),
    adagrad_optimizer(update_adagrad, valid_adagrad), adamw_optimizer(update_adamw, valid_adamw);

} // namespace
} // namespace mote

MOTE_LINKED(mote_optimizer_sgd, mote::sgd_optimizer)
MOTE_LINKED(mote_optimizer_momentum, mote::momentum_optimizer)
MOTE_LINKED(mote_optimizer_adagrad, mote::adagrad_optimizer)
MOTE_LINKED(mote_optimizer_adamw, mote::adamw_optimizer)
