#include "trainer.h"

#include <string.h>

#include "network.h"
#include "numeric.h"
#include "optim.h"

namespace mote {
namespace {

// Tokens in the vocabulary, targets too or ignored; *counted: how many of them count.
MOTE_NOINLINE mote_status check_batch(const mote_trainer &t, const uint16_t *tokens, const uint16_t *targets,
                                      uint32_t *counted) {
    const uint32_t vocab = t.model->config.vocab;
    for (size_t i = 0; i < size_t{t.train.batch} * row_tokens(t.model->config, t.train.time); ++i)
        if (tokens[i] >= vocab) return MOTE_ERR_TOKEN;
    *counted = 0;
    for (size_t i = 0; i < size_t{t.train.batch} * t.train.time; ++i) {
        if (targets[i] == MOTE_IGNORE) continue;
        if (targets[i] >= vocab) return MOTE_ERR_TOKEN;
        ++*counted;
    }
    return MOTE_OK;
}

float sum_lanes(float *lanes) {
    for (uint32_t half = cpu::kLanes / 2; half > 0; half /= 2)
        for (uint32_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
    return lanes[0];
}

// The loss of the rows whose lanes, row mod 16, are in the range: a lane's sum is one chain, whoever has it.
MOTE_INLINE uint32_t lanes_loss(const mote_trainer &t, const uint16_t *targets, float scale, float *nats, Range lanes) {
    const uint32_t batch = t.train.batch, time = t.train.time, rows = batch * time;
    const cpu::Mat logits = matrix(t.work.logits, rows);
    uint32_t bad = 0;
    for (uint32_t i = 0; i < time; ++i) {
        const uint32_t begin = i * batch, end = begin + batch;
        for (uint32_t block = begin / cpu::kLanes * cpu::kLanes; block < end; block += cpu::kLanes) {
            const uint32_t low = block + lanes.first, high = block + lanes.end;
            const uint32_t first = low < begin ? begin : low, last = high < end ? high : end;
            if (first >= last) continue;
            const cpu::Tokens wanted{targets + size_t{first - begin} * time + i, time};
            bad |=
                cpu::cross_entropy(logits.row(first), last - first, t.model->config.vocab, wanted, scale, nats, first);
        }
    }
    return bad;
}

// The logits become their gradients; *loss is the batch's.
MOTE_NOINLINE uint32_t batch_loss(mote_trainer &t, const uint16_t *targets, uint32_t counted, float *loss) {
    const float n = t.train.loss == MOTE_LOSS_MEAN && counted != 0 ? static_cast<float>(counted) : 1.0f;
    const float scale = 1.0f / n;
    memset(t.nats, 0, sizeof t.nats);
    const uint64_t exponentials = uint64_t{t.work.rows()} * t.model->config.vocab * 16; // each as much as 16 products
    const uint32_t bad = each_part(t.work.parts, cpu::kLanes, 1, exponentials,
                                   [&](Range lanes) { return lanes_loss(t, targets, scale, t.nats, lanes); });
    *loss = sum_lanes(t.nats) / n;
    return bad;
}

MOTE_NOINLINE uint32_t flush_gradients(const mote_trainer &t) {
    const uint32_t count = static_cast<uint32_t>(weight_count(t.model->config));
    return each_part(t.work.parts, count, cpu::kLanes, count,
                     [&](Range range) { return cpu::flush(t.gradients + range.first, range.size()); });
}

struct Computed {
    mote_status status;
    uint32_t counted;
    uint32_t found; // by flush()
};

// Loss and gradients; neither weights, moments nor the hidden state between batches change.
Computed compute(mote_trainer &t, const uint16_t *tokens, const uint16_t *targets, float *loss) {
    Computed result{};
    result.status = check_batch(t, tokens, targets, &result.counted);
    if (result.status != MOTE_OK) return result;
    if (t.train.state == MOTE_STATE_RESET) network_reset(t.model->config, t.work);
    uint32_t bad = network_forward(*t.model, t.work, tokens);
    bad |= batch_loss(t, targets, result.counted, loss);
    if (bad == 0 && finite(*loss)) {
        result.found = network_backward(*t.model, t.work, tokens, t.gradients);
        bad = result.found & cpu::kNotFinite;
    }
    if (bad != 0 || !finite(*loss)) result.status = MOTE_ERR_NUMERIC;
    t.counted = result.status == MOTE_OK ? result.counted : 0;
    return result;
}

// Clips the gradients in place and says whether an optimizer may have them.
mote_status clip(mote_trainer &t, uint32_t found) {
    const size_t count = static_cast<size_t>(weight_count(t.model->config));
    const bool by_value = t.train.clip_value > 0.0f, by_norm = t.train.clip_norm > 0.0f;
    if (by_value) cpu::clip(t.gradients, count, t.train.clip_value);
    if (by_norm) return mote_clip_norm(t.gradients, count, t.train.clip_norm, &t.norm);
    // A limit of the clip is at most kLargest, so only gradients that nothing clips can be above it.
    return !by_value && (found & cpu::kTooLarge) != 0 ? MOTE_ERR_NUMERIC : MOTE_OK;
}

mote_status update_range(const mote_trainer &t, Range range) {
    const auto moment = [&](uint32_t i) { return t.moments[i] != nullptr ? t.moments[i] + range.first : nullptr; };
    float *const moments[2] = {moment(0), moment(1)};
    return optimizer_update(t.train, t.model->weights + range.first, t.gradients + range.first, moments, range.size(),
                            t.step);
}

mote_status update(mote_trainer &t) {
    const uint32_t count = static_cast<uint32_t>(weight_count(t.model->config));
    t.step += t.step != UINT32_MAX ? 1 : 0;
    const uint32_t failed =
        each_part(t.work.parts, count, cpu::kLanes, uint64_t{count} * 4,
                  [&](Range range) -> uint32_t { return update_range(t, range) == MOTE_OK ? 0 : 1; });
    return failed == 0 ? MOTE_OK : MOTE_ERR_ARG;
}

MOTE_NOINLINE mote_status clip_and_update(mote_trainer &t, uint32_t found) {
    const mote_status status = clip(t, found);
    return status == MOTE_OK ? update(t) : status;
}

void carry(mote_trainer &t) {
    if (t.train.state == MOTE_STATE_CARRY) network_carry(t.model->config, t.work);
}

} // namespace

bool valid(const mote_train_config &t) {
    return t.batch >= 1 && t.batch <= 65536 && t.time >= 1 && t.time <= 65536 && t.loss <= MOTE_LOSS_SUM &&
           t.state <= MOTE_STATE_RESET && t.workspace <= MOTE_WORKSPACE_PACKED &&
           valid_clip(t.clip_value, t.clip_norm) && valid_hyperparameters(t);
}

bool trains(const mote_config &config, const mote_train_config &train) {
    return network_trains(config) && optimizer_linked(train);
}

mote_status make_trainer(mote_trainer **trainer, mote_arena *arena, mote_model *model, const mote_train_config &train) {
    void *memory;
    const mote_status status = take(arena, trainer_bytes(model->config, train), &memory);
    if (status != MOTE_OK) return status;
    Carver carver(memory);
    mote_trainer *t = reinterpret_cast<mote_trainer *>(carver.bytes(MOTE_TRAINER_RESERVE));
    const uint64_t count = weight_count(model->config);
    t->train = train;
    t->model = model;
    t->gradients = carver.floats(count);
    for (uint32_t i = 0; i < MOTE_MOMENTS(train.optimizer); ++i) t->moments[i] = carver.floats(count);
    t->work = network_place(model->config, train, &carver);
    *trainer = t;
    return MOTE_OK;
}

} // namespace mote

using namespace mote;

extern "C" {

size_t mote_trainer_bytes(const mote_config *config, const mote_train_config *train) {
    if (config == nullptr || train == nullptr || !mote::valid(*config) || !mote::valid(*train)) return 0;
    const uint64_t bytes = trainer_bytes(*config, *train);
    return bytes <= kMaxBytes ? static_cast<size_t>(bytes) : 0;
}

mote_status mote_trainer_init(mote_trainer **trainer, mote_arena *arena, mote_model *model,
                              const mote_train_config *train) {
    if (trainer == nullptr || arena == nullptr || model == nullptr || train == nullptr) return MOTE_ERR_ARG;
    if (model->weights == nullptr || !mote::valid(*train) || !trains(model->config, *train)) return MOTE_ERR_ARG;
    return make_trainer(trainer, arena, model, *train);
}

mote_status mote_forward_backward(mote_trainer *trainer, const uint16_t *tokens, const uint16_t *targets, float *loss) {
    if (trainer == nullptr || tokens == nullptr || targets == nullptr || loss == nullptr) return MOTE_ERR_ARG;
    const Computed computed = compute(*trainer, tokens, targets, loss);
    if (computed.status == MOTE_OK) carry(*trainer);
    return computed.status;
}

mote_status mote_trainer_apply(mote_trainer *trainer) {
    if (trainer == nullptr) return MOTE_ERR_ARG;
    if (trainer->counted == 0) return MOTE_OK;
    // The caller may have touched the gradients since they were computed.
    const uint32_t found = flush_gradients(*trainer);
    if ((found & cpu::kNotFinite) != 0) return MOTE_ERR_NUMERIC;
    return clip_and_update(*trainer, found);
}

mote_status mote_train_step(mote_trainer *trainer, const uint16_t *tokens, const uint16_t *targets, float *loss) {
    if (trainer == nullptr || tokens == nullptr || targets == nullptr || loss == nullptr) return MOTE_ERR_ARG;
    const Computed computed = compute(*trainer, tokens, targets, loss);
    mote_status status = computed.status;
    if (status == MOTE_OK && computed.counted != 0) status = clip_and_update(*trainer, computed.found);
    if (status == MOTE_OK) carry(*trainer);
    return status;
}

mote_status mote_trainer_set_rate(mote_trainer *trainer, float rate) {
    if (trainer == nullptr) return MOTE_ERR_ARG;
    mote_train_config train = trainer->train;
    train.rate = rate;
    if (!mote::valid(train)) return MOTE_ERR_ARG;
    trainer->train = train;
    return MOTE_OK;
}

mote_status mote_trainer_set_parallel(mote_trainer *trainer, mote_parallel_fn parallel, void *user, uint32_t parts) {
    if (trainer == nullptr || parts == 0 || parts > MOTE_MAX_PARTS) return MOTE_ERR_ARG;
#if defined(MOTE_WITHOUT_THREADS)
    if (parallel != nullptr && parts > 1) return MOTE_ERR_ARG;
#endif
    trainer->work.parts = parts > 1 ? Parts{parallel, user, parts, kWorthCutting} : Parts{};
    return MOTE_OK;
}

void mote_trainer_reset_state(mote_trainer *trainer) {
    if (trainer != nullptr) network_reset(trainer->model->config, trainer->work);
}

float *mote_gradients(mote_trainer *trainer, size_t *count) {
    if (trainer == nullptr) return nullptr;
    if (count != nullptr) *count = static_cast<size_t>(weight_count(trainer->model->config));
    return trainer->gradients;
}

uint32_t mote_trainer_step(const mote_trainer *trainer) { return trainer != nullptr ? trainer->step : 0; }

float mote_trainer_norm(const mote_trainer *trainer) { return trainer != nullptr ? trainer->norm : 0.0f; }

mote_status mote_trainer_config(const mote_trainer *trainer, mote_train_config *train) {
    if (trainer == nullptr || train == nullptr) return MOTE_ERR_ARG;
    *train = trainer->train;
    return MOTE_OK;
}
}
