#include "learner.h"

#include <string.h>

#include "network.h"
#include "numeric.h"
#include "optimizer.h"
#include "output.h"
#include "sizes.h"
#include "trainer.h"

namespace mote {

void add_output_gradients(mote_learner &t, cpu::ConstMat x, cpu::ConstMat logits, uint32_t rows) {
    static constexpr uint16_t the_row = 0;
    const Config &c = t.adapter->base->config;
    float *const bias = gradients_of(t) + (t.adapter->count - pad(c.vocab));
    cpu::scatter_add(matrix(bias, 1), logits, {&the_row, 0}, rows, c.vocab);
    if ((t.adapter->learned & MOTE_LEARN_OUTPUT) == 0) return;
    cpu::gemm_tn_add(matrix(bias - size_t{c.hidden} * pad(c.vocab), c.hidden), x, logits, {c.hidden, c.vocab, rows});
}

namespace {

// Null: it was left out.
const LearningWay *way_of(uint32_t learned) {
    const bool biases = (learned & MOTE_LEARN_BIASES) != 0;
    return static_cast<const LearningWay *>(linked_part(biases ? mote_learning_biases : mote_learning_output));
}
const LearningWay &way_of(const mote_learner &t) { return *way_of(t.adapter->learned); }

uint64_t learner_bytes(const Config &c, uint32_t learned, const mote_train_config &t) {
    return MOTE_LEARNER_BYTES(MOTE_SHAPE_OF(c), learned, t.batch, t.time_steps, t.optimizer);
}

mote_status check_learner(const mote_adapter &a, const mote_train_config &train) {
    const Config &c = a.base->config;
    const LearningWay *const way = way_of(a.learned);
    if (way == nullptr || !way->linked(c) || !updates_are_linked(train)) return MOTE_ERR_UNSUPPORTED;
    if (uint64_t{train.batch} * train.time_steps > UINT32_MAX) return MOTE_ERR_SIZE; // targets are counted in 32 bits
    return learner_bytes(c, a.learned, train) <= kMaxBytes ? MOTE_OK : MOTE_ERR_SIZE;
}

void place_learner(mote_learner *t, mote_adapter *adapter, const mote_train_config &train) {
    Offsets offsets(MOTE_SZ_LEARNER_HANDLE);
    t->adapter = adapter;
    t->train = train;
    t->batch.model = &model_of(*adapter);
    t->batch.batch = train.batch;
    t->batch.time = train.time_steps;
    t->gradients = offsets.floats(adapter->count);
    for (uint32_t i = 0; i < MOTE_MOMENTS(train.optimizer); ++i) t->moments[i] = offsets.floats(adapter->count);
    way_of(*t).place(t, &offsets);
}

uint32_t flush_gradients(mote_learner &t) { return cpu::flush(gradients_of(t), t.adapter->count); }

float loss_divisor(const mote_learner &t) {
    return t.train.loss == MOTE_LOSS_MEAN && t.counted != 0 ? static_cast<float>(t.counted) : 1.0f;
}

MOTE_NOINLINE void clear_sums(mote_learner &t) {
    memset(gradients_of(t), 0, 4 * size_t{t.adapter->count});
    memset(t.nats, 0, sizeof t.nats);
}

// Loss and gradients; *found is what flush() found of the gradients. This and the next are parts of their caller,
// since their frames would else lie below that of the whole pass.
MOTE_INLINE mote_status compute(mote_learner &t, const uint16_t *tokens, const uint16_t *targets, float *loss,
                                uint32_t *found) {
    const LearnerPass pass{targets, 1.0f / loss_divisor(t)};
    t.batch.tokens = tokens;
    clear_sums(t);
    const uint32_t bad = way_of(t).pass(t, pass);
    *loss = sum_lanes(t.nats) / loss_divisor(t);
    if (bad != 0 || !finite(*loss)) return MOTE_ERR_NUMERIC;
    *found = flush_gradients(t);
    return (*found & cpu::kNotFinite) != 0 ? MOTE_ERR_NUMERIC : MOTE_OK;
}

// What of a step precedes the update. Where it fails the hidden state is as it was.
MOTE_INLINE mote_status forward_backward(mote_learner &t, const uint16_t *tokens, const uint16_t *targets, float *loss,
                                         uint32_t *found) {
    t.ready = 0;
    mote_status status = check_batch(t.batch.config(), t.train.batch, t.train.time_steps, tokens, targets, &t.counted);
    if (status != MOTE_OK) return status;
    if (t.train.state == MOTE_STATE_RESET) way_of(t).reset(t);
    status = compute(t, tokens, targets, loss, found);
    if (status != MOTE_OK) way_of(t).carry(t, false);
    t.ready = status == MOTE_OK;
    return status;
}

// As clip() of a trainer.
mote_status clip(mote_learner &t, uint32_t found) {
    const bool by_value = t.train.clip_value > 0.0f;
    if (by_value) cpu::clip(gradients_of(t), t.adapter->count, t.train.clip_value);
    if (t.train.clip_norm > 0.0f) return clip_norm(gradients_of(t), t.adapter->count, t.train.clip_norm, &t.norm);
    return !by_value && (found & cpu::kTooLarge) != 0 ? MOTE_ERR_NUMERIC : MOTE_OK;
}

MOTE_NOINLINE void update(mote_learner &t) {
    float *const moments[2] = {at_offset<float>(&t, t.moments[0]), at_offset<float>(&t, t.moments[1])};
    t.step += t.step != UINT32_MAX ? 1 : 0;
    find_optimizer(t.train.optimizer)
        ->update(t.train, own_weights(*t.adapter), gradients_of(t), moments, t.adapter->count, t.step);
}

mote_status clip_and_update(mote_learner &t, uint32_t found) {
    t.ready = 0;
    if (t.counted == 0) return MOTE_OK;
    const mote_status status = clip(t, found);
    if (status == MOTE_OK) update(t);
    return status;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

size_t mote_learner_bytes(const mote_config *base, uint32_t learned, const mote_train_config *train) {
    if (mote_adapter_bytes(base, learned) == 0 || train == nullptr || !mote::valid(*train)) return 0;
    return limited_size(learner_bytes(known(*base), learned, *train));
}

mote_status mote_learner_init(mote_learner **learner, mote_arena *arena, mote_adapter *adapter,
                              const mote_train_config *train) {
    if (learner == nullptr || arena == nullptr || adapter == nullptr || train == nullptr) return MOTE_ERR_ARG;
    if (own_weights(*adapter) == nullptr || !mote::valid(*train)) return MOTE_ERR_ARG;
    mote_status status = check_learner(*adapter, *train);
    void *memory;
    if (status == MOTE_OK)
        status = arena_alloc(arena, learner_bytes(adapter->base->config, adapter->learned, *train), &memory);
    if (status != MOTE_OK) return status;
    *learner = static_cast<mote_learner *>(memory);
    place_learner(*learner, adapter, *train);
    return MOTE_OK;
}

mote_status mote_learner_forward_backward(mote_learner *learner, const uint16_t *tokens, const uint16_t *targets,
                                          float *loss) {
    if (learner == nullptr || tokens == nullptr || targets == nullptr || loss == nullptr) return MOTE_ERR_ARG;
    uint32_t found;
    const mote_status status = forward_backward(*learner, tokens, targets, loss, &found);
    if (status == MOTE_OK) way_of(*learner).carry(*learner, true);
    return status;
}

mote_status mote_learner_apply(mote_learner *learner) {
    if (learner == nullptr) return MOTE_ERR_ARG;
    if (learner->ready == 0) return MOTE_ERR_SEQUENCE;
    // The caller may have changed the gradients since they were computed.
    const uint32_t found = flush_gradients(*learner);
    if ((found & cpu::kNotFinite) != 0) {
        learner->ready = 0;
        return MOTE_ERR_NUMERIC;
    }
    return clip_and_update(*learner, found);
}

mote_status mote_learn_step(mote_learner *learner, const uint16_t *tokens, const uint16_t *targets, float *loss) {
    if (learner == nullptr || tokens == nullptr || targets == nullptr || loss == nullptr) return MOTE_ERR_ARG;
    uint32_t found;
    mote_status status = forward_backward(*learner, tokens, targets, loss, &found);
    if (status != MOTE_OK) return status;
    status = clip_and_update(*learner, found);
    way_of(*learner).carry(*learner, status == MOTE_OK);
    return status;
}

mote_status mote_learner_set_learning_rate(mote_learner *learner, float learning_rate) {
    if (learner == nullptr) return MOTE_ERR_ARG;
    mote_train_config train = learner->train;
    train.learning_rate = learning_rate;
    if (!mote::valid(train)) return MOTE_ERR_ARG;
    learner->train = train;
    return MOTE_OK;
}

void mote_learner_reset_state(mote_learner *learner) {
    if (learner != nullptr) way_of(*learner).reset(*learner);
}

float *mote_learner_gradients(mote_learner *learner, size_t *count) {
    if (learner == nullptr) return nullptr;
    if (count != nullptr) *count = learner->adapter->count;
    return gradients_of(*learner);
}

uint32_t mote_learner_step_count(const mote_learner *learner) { return learner != nullptr ? learner->step : 0; }

float mote_learner_norm(const mote_learner *learner) { return learner != nullptr ? learner->norm : 0.0f; }
}
