#include "trainer.h"

#include <string.h>

#include "numeric.h"
#include "optimizer.h"
#include "output.h"
#include "sizes.h"

namespace mote {
namespace {

// The limits of a clip: 0, or within the range of gradients, or of their norm.
constexpr Bounds clip_limits[] = {{cpu::kLargest, offsetof(mote_train_config, clip_value), true, false},
                                  {0x1p32f, offsetof(mote_train_config, clip_norm), true, true}};

float *gradients_of(mote_trainer &t) { return at_offset<float>(&t, t.batch.at.gradients); }

MOTE_NOINLINE uint32_t flush_gradients(mote_trainer &t) {
    float *const gradients = gradients_of(t);
    const uint32_t count = t.batch.at.count;
    return parallel_for(t.batch.split, count, cpu::kLanes, count,
                        [&](Range range) { return cpu::flush(gradients + range.first, range.size()); });
}

// What the sum of the losses is divided by.
float loss_divisor(const mote_trainer &t) {
    return t.train.loss == MOTE_LOSS_MEAN && t.counted != 0 ? static_cast<float>(t.counted) : 1.0f;
}

// The loss, and logits that have become their gradients. Not 0: NaN or infinity was met.
MOTE_NOINLINE uint32_t forward(mote_trainer &t, const uint16_t *targets, float *loss) {
    const float divisor = loss_divisor(t);
    memset(t.nats, 0, sizeof t.nats);
    const uint32_t bad = network_loss(t.batch, targets, 1.0f / divisor, t.nats);
    *loss = sum_lanes(t.nats) / divisor;
    return bad;
}

void count_step(mote_trainer &t) { t.step += t.step != UINT32_MAX ? 1 : 0; }

// After forward(), weights are updated as their gradients are computed, where these need not be seen together first.
// False: nothing has changed.
bool update_at_once(mote_trainer &t) {
    const Optimizer &optimizer = *find_optimizer(t.train.optimizer);
    if (optimizer.product == nullptr || t.train.clip_norm > 0.0f || t.counted == 0) return false;
    const float limit = t.train.clip_value > 0.0f ? t.train.clip_value : cpu::kLargest;
    const WeightUpdate update{optimizer.product,
                              optimizer.rows,
                              {gradients_of(t), flat_weights(t.model), at_offset<float>(&t, t.moments[0]), limit,
                               t.train.learning_rate, t.train.eps}};
    if (!network_update(t.batch, update)) return false;
    count_step(t);
    return true;
}

// What compute() has found where it has updated the weights, too.
constexpr uint32_t kUpdated = 4;

// Loss and gradients from arguments that nobody has checked; *found is what flush() found of the gradients. Neither
// weights, moments nor the hidden state between batches change, but where *found is kUpdated: `may_update` allows it.
mote_status compute(mote_trainer &t, const uint16_t *tokens, const uint16_t *targets, float *loss, bool may_update,
                    uint32_t *found) {
    t.ready = 0;
    *found = 0;
    const mote_status status =
        check_batch(t.model->config, t.train.batch, t.train.time_steps, tokens, targets, &t.counted);
    if (status != MOTE_OK) return status;
    t.batch.tokens = tokens;
    if (t.train.state == MOTE_STATE_RESET) network_begin(t.batch, false);
    t.batch.split.missed = 0;
    const uint32_t bad = forward(t, targets, loss);
    if (bad != 0 || !finite(*loss)) return MOTE_ERR_NUMERIC;
    if (cpu::kRoomForCode && may_update && update_at_once(t)) {
        *found = kUpdated;
        return MOTE_OK;
    }
    *found = network_backward(t.batch);
    if ((*found & cpu::kNotFinite) != 0) return MOTE_ERR_NUMERIC;
    if (t.batch.split.missed != 0) return MOTE_ERR_PARALLEL;
    t.ready = 1;
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
    count_step(t);
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
MOTE_NOINLINE mote_status clip_and_update(mote_trainer &t, uint32_t found) {
    t.ready = 0;
    if (t.counted == 0) return MOTE_OK;
    const mote_status status = clip(t, found);
    if (status == MOTE_OK) update(t);
    return status;
}

void carry(mote_trainer &t) {
    if (t.train.state == MOTE_STATE_CARRY) network_begin(t.batch, true);
}

} // namespace

bool valid(const mote_train_config &t) {
    return t.batch >= 1 && t.batch <= 65536 && t.time_steps >= 1 && t.time_steps <= 65536 && t.loss <= MOTE_LOSS_SUM &&
           t.state <= MOTE_STATE_RESET && t.workspace <= MOTE_WORKSPACE_PACKED && within_bounds(t, clip_limits) &&
           valid_hyperparameters(t);
}

uint64_t trainer_bytes(const mote_config &c, const mote_train_config &t) {
    const uint64_t activations =
        MOTE_SZ_ACTIVATIONS(c.input, c.cell, c.vocab, c.context, c.embed, c.hidden, c.layers, t.batch, t.time_steps);
    return MOTE_SZ_TRAINER_OF(weight_count(c), activations, transposed_count(c), t.optimizer, t.workspace);
}

mote_status check_trainable(const mote_config &config, const mote_train_config &train) {
    if (!network_trains(config) || find_optimizer(train.optimizer) == nullptr) return MOTE_ERR_UNSUPPORTED;
    return trainer_bytes(config, train) <= kMaxBytes ? MOTE_OK : MOTE_ERR_SIZE;
}

mote_status make_trainer(mote_trainer **trainer, mote_arena *arena, mote_model *model, const mote_train_config &train) {
    void *memory;
    const mote_status status = arena_alloc(arena, trainer_bytes(model->config, train), &memory);
    if (status != MOTE_OK) return status;
    mote_trainer *t = static_cast<mote_trainer *>(memory);
    Offsets offsets(MOTE_SZ_TRAINER_HANDLE);
    t->train = train;
    t->model = model;
    t->batch.model = model;
    place_batch(&t->batch, train.batch, train.time_steps, true, &offsets);
    for (uint32_t i = 0; i < MOTE_MOMENTS(train.optimizer); ++i) t->moments[i] = offsets.floats(t->batch.at.count);
    // The last of all, so that how many they are is not asked here.
    if (train.workspace == MOTE_WORKSPACE_PACKED) t->batch.at.transposed = offsets.bytes(0);
    *trainer = t;
    return MOTE_OK;
}

} // namespace mote

using namespace mote;

extern "C" {

size_t mote_trainer_bytes(const mote_config *config, const mote_train_config *train) {
    if (config == nullptr || train == nullptr || !mote::valid(*config) || !mote::valid(*train)) return 0;
    return limited_size(trainer_bytes(*config, *train));
}

mote_status mote_trainer_init(mote_trainer **trainer, mote_arena *arena, mote_model *model,
                              const mote_train_config *train) {
    if (trainer == nullptr || arena == nullptr || model == nullptr || train == nullptr) return MOTE_ERR_ARG;
    if (!is_in_ram(*model) || !mote::valid(*train)) return MOTE_ERR_ARG;
    const mote_status status = check_trainable(model->config, *train);
    return status == MOTE_OK ? make_trainer(trainer, arena, model, *train) : status;
}

mote_status mote_forward_backward(mote_trainer *trainer, const uint16_t *tokens, const uint16_t *targets, float *loss) {
    if (trainer == nullptr || tokens == nullptr || targets == nullptr || loss == nullptr) return MOTE_ERR_ARG;
    uint32_t found;
    const mote_status status = compute(*trainer, tokens, targets, loss, false, &found);
    if (status == MOTE_OK) carry(*trainer);
    return status;
}

mote_status mote_trainer_apply(mote_trainer *trainer) {
    if (trainer == nullptr) return MOTE_ERR_ARG;
    if (trainer->ready == 0) return MOTE_ERR_SEQUENCE;
    // The caller may have changed the gradients since they were computed.
    trainer->batch.split.missed = 0;
    const uint32_t found = trainer->counted != 0 ? flush_gradients(*trainer) : 0;
    if (trainer->batch.split.missed != 0) return MOTE_ERR_PARALLEL;
    if ((found & cpu::kNotFinite) != 0) {
        trainer->ready = 0;
        return MOTE_ERR_NUMERIC;
    }
    return clip_and_update(*trainer, found);
}

mote_status mote_train_step(mote_trainer *trainer, const uint16_t *tokens, const uint16_t *targets, float *loss) {
    if (trainer == nullptr || tokens == nullptr || targets == nullptr || loss == nullptr) return MOTE_ERR_ARG;
    uint32_t found;
    mote_status status = compute(*trainer, tokens, targets, loss, true, &found);
    const bool updated = cpu::kRoomForCode && found == kUpdated;
    if (status == MOTE_OK && !updated) status = clip_and_update(*trainer, found);
    if (status == MOTE_OK) carry(*trainer);
    return status;
}

mote_status mote_trainer_set_learning_rate(mote_trainer *trainer, float learning_rate) {
    if (trainer == nullptr) return MOTE_ERR_ARG;
    mote_train_config train = trainer->train;
    train.learning_rate = learning_rate;
    if (!mote::valid(train)) return MOTE_ERR_ARG;
    trainer->train = train;
    return MOTE_OK;
}

mote_status mote_trainer_set_parallel(mote_trainer *trainer, mote_parallel_fn parallel, void *user, uint32_t tasks) {
    if (trainer == nullptr || tasks == 0 || tasks > MOTE_MAX_TASKS) return MOTE_ERR_ARG;
#if defined(MOTE_WITHOUT_THREADS)
    if (parallel != nullptr && tasks > 1) return MOTE_ERR_UNSUPPORTED;
#endif
    trainer->batch.split = tasks > 1 ? WorkSplit{parallel, user, tasks, 0, kMinParallelMacs} : WorkSplit{};
    return MOTE_OK;
}

void mote_trainer_reset_state(mote_trainer *trainer) {
    if (trainer != nullptr) network_begin(trainer->batch, false);
}

float *mote_gradients(mote_trainer *trainer, size_t *count) {
    if (trainer == nullptr) return nullptr;
    if (count != nullptr) *count = trainer->batch.at.count;
    return gradients_of(*trainer);
}

uint32_t mote_trainer_step_count(const mote_trainer *trainer) { return trainer != nullptr ? trainer->step : 0; }

float mote_trainer_norm(const mote_trainer *trainer) { return trainer != nullptr ? trainer->norm : 0.0f; }

mote_status mote_trainer_config(const mote_trainer *trainer, mote_train_config *train) {
    if (trainer == nullptr || train == nullptr) return MOTE_ERR_ARG;
    *train = trainer->train;
    return MOTE_OK;
}
}
