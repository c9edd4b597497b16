// A training step, for whoever watches its stages (watch.h). Each source that includes this compiles it for one watcher
// alone, with functions of its own, so that a step without a hook is what it would be if there were none.
#ifndef MOTE_TRAINER_STEP_H
#define MOTE_TRAINER_STEP_H

#include <string.h>

#include "numeric.h"
#include "optimizer.h"
#include "output.h"
#include "quantizer.h"
#include "trainer.h"
#include "watch.h"

namespace mote {
namespace {

// Of a quantizer. Without hidden layers the logits are weights, and a forward pass by those of the batch is the same.
template <typename Watch>
uint32_t quantized_loss(mote_trainer &t, const uint16_t *targets, float scale, const Watch &watch) {
    const Quantizer &q = *quantizer_of(t);
    const uint32_t bad = q.quantize(t);
    if (bad != 0) return bad;
    if (t.model->config.layers == 0) return watch.loss(t.batch, targets, scale, t.nats);
    return q.forward(t) | cross_entropy(t.batch, targets, scale, t.nats);
}

// The loss, and logits that have become their gradients. Not 0: NaN or infinity was met.
template <typename Watch>
MOTE_NOINLINE uint32_t forward(mote_trainer &t, const uint16_t *targets, float *loss, const Watch &watch) {
    const float divisor = loss_divisor(t);
    memset(t.nats, 0, sizeof t.nats);
    const uint32_t bad = quantizer_of(t) != nullptr ? quantized_loss(t, targets, 1.0f / divisor, watch)
                                                    : watch.loss(t.batch, targets, 1.0f / divisor, t.nats);
    *loss = sum_lanes(t.nats) / divisor;
    return bad;
}

// After forward(), weights are updated as their gradients are computed, where these need not be seen together first.
// False: weights and moments have not changed, and *found is as network_update() says.
bool update_at_once(mote_trainer &t, uint32_t *found) {
    const Optimizer &optimizer = *find_optimizer(t.train.optimizer);
    if (optimizer.product == nullptr || t.train.clip_norm > 0.0f || t.counted == 0) return false;
    const float limit = t.train.clip_value > 0.0f ? t.train.clip_value : cpu::kLargest;
    const WeightUpdate update{optimizer.product,
                              optimizer.rows,
                              {gradients_of(t), flat_weights(t.model), at_offset<float>(&t, t.moments[0]), limit,
                               t.train.learning_rate, t.train.eps}};
    if (!network_update(t.batch, update, found)) return false;
    t.step = next_step(t);
    return true;
}

// What compute() has found where it has updated the weights, too.
constexpr uint32_t kUpdated = 4;

// Loss and gradients from arguments that nobody has checked; *found is what flush() found of the gradients. Neither
// weights, moments nor the hidden state between batches change, but where *found is kUpdated: `may_update` allows it.
template <typename Watch>
mote_status compute(mote_trainer &t, const uint16_t *tokens, const uint16_t *targets, float *loss, bool may_update,
                    uint32_t *found, const Watch &watch) {
    *found = 0;
    if (t.ready > kGradients) return MOTE_ERR_SEQUENCE;
    t.ready = 0;
    const mote_status status =
        check_batch(t.model->config, t.train.batch, t.train.time_steps, tokens, targets, &t.counted);
    if (status != MOTE_OK) return status;
    t.batch.tokens = tokens;
    if (t.train.state == MOTE_STATE_RESET) network_begin(t.batch, false);
    t.batch.split.missed = 0;
    const uint32_t bad = forward(t, targets, loss, watch);
    if (bad != 0 || !finite(*loss)) return MOTE_ERR_NUMERIC;
    uint32_t gradients = kNoGradients;
    if (cpu::kRoomForCode && Watch::updates_at_once && may_update && update_at_once(t, &gradients)) {
        *found = kUpdated;
        return MOTE_OK;
    }
    *found = gradients != kNoGradients ? gradients : watch.backward(t.batch);
    if ((*found & cpu::kNotFinite) != 0) return MOTE_ERR_NUMERIC;
    if (t.batch.split.missed != 0) return MOTE_ERR_PARALLEL;
    t.ready = kGradients;
    return MOTE_OK;
}

// Clips the gradients in place and says whether an optimizer may have them.
mote_status clip(mote_trainer &t, uint32_t found) {
    const bool by_value = t.train.clip_value > 0.0f, by_norm = t.train.clip_norm > 0.0f;
    if (by_value) cpu::clip(gradients_of(t), t.batch.at.count, t.train.clip_value);
    if (by_norm) return clip_norm(gradients_of(t), t.batch.at.count, t.train.clip_norm, &t.norm);
    // A limit of the clip is at most kLargest, so only gradients that nothing clips can be above it.
    return !by_value && (found & cpu::kTooLarge) != 0 ? MOTE_ERR_NUMERIC : MOTE_OK;
}

MOTE_NOINLINE void update(mote_trainer &t) {
    t.step = next_step(t);
    const Optimizer &optimizer = *find_optimizer(t.train.optimizer);
    float *const weights = flat_weights(t.model), *const gradients = gradients_of(t);
    const uint32_t count = t.batch.at.count;
    parallel_for(t.batch.split, count, cpu::kLanes, uint64_t{count} * 4, [&](Range range) {
        float *const moments[2] = {at_offset<float>(&t, t.moments[0]) + range.first,
                                   at_offset<float>(&t, t.moments[1]) + range.first};
        optimizer.update(t.train, weights + range.first, gradients + range.first, moments, range.size(), t.step);
        return 0u;
    });
}

// The gradients are used up, whatever comes of it: clipping has changed them.
template <typename Watch>
MOTE_NOINLINE mote_status clip_and_update(mote_trainer &t, uint32_t found, const Watch &watch) {
    t.ready = 0;
    if (t.counted == 0) return MOTE_OK;
    watch.before(MOTE_STAGE_CLIP, 0);
    const mote_status status = clip(t, found);
    watch.after(MOTE_STAGE_CLIP, 0);
    if (status != MOTE_OK) return status;
    watch.before(MOTE_STAGE_UPDATE, 0);
    update(t);
    watch.after(MOTE_STAGE_UPDATE, 0);
    return MOTE_OK;
}

void carry(mote_trainer &t) {
    if (t.train.state == MOTE_STATE_CARRY) network_begin(t.batch, true);
}

// As mote_train_step(), whose arguments are not null.
template <typename Watch>
mote_status train_step(mote_trainer &t, const uint16_t *tokens, const uint16_t *targets, float *loss,
                       const Watch &watch) {
    uint32_t found;
    mote_status status = compute(t, tokens, targets, loss, true, &found, watch);
    const bool updated = cpu::kRoomForCode && Watch::updates_at_once && found == kUpdated;
    if (status == MOTE_OK && !updated) status = clip_and_update(t, found, watch);
    if (status == MOTE_OK) carry(t);
    return status;
}

} // namespace
} // namespace mote

#endif
