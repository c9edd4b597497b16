// Adagrad (Duchi et al. 2011).
#include "arena.h"
#include "optimizer.h"

namespace mote {
namespace {

void update_adagrad(const mote_train_config &t, float *w, const float *g, float *const *moments, size_t count,
                    uint32_t) {
    cpu::adagrad(w, g, moments[0], count, t.learning_rate, t.eps);
}

constexpr mote_hyperparameter parameters[] = {kLearningRate, kEps};
constexpr auto bounds = bounds_of(parameters);

bool valid_adagrad(const mote_train_config &t) { return bounds.hold(t); }

} // namespace

constexpr mote_optimizer_info adagrad_info = optimizer_info("adagrad", MOTE_ADAGRAD, 0, parameters);

namespace {
constexpr Optimizer adagrad(update_adagrad, valid_adagrad, adagrad_info, cpu::adagrad_product, cpu::adagrad_rows);
} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_optimizer_adagrad, mote::adagrad)

using namespace mote;

extern "C" mote_status mote_adagrad(float *weights, const float *gradients, float *sum, size_t count,
                                    const mote_adagrad_params *params) {
    const mote_status status = check_arrays(weights, gradients, count);
    if (status != MOTE_OK) return status;
    if (sum == nullptr || params == nullptr) return MOTE_ERR_ARG;
    mote_train_config train{};
    train.learning_rate = params->learning_rate;
    train.eps = params->eps;
    if (!valid_adagrad(train)) return MOTE_ERR_ARG;
    if (!aligned(sum)) return MOTE_ERR_ALIGN;
    update_adagrad(train, weights, gradients, &sum, count, 0);
    return MOTE_OK;
}
