// The bigram: a table of logits, learned by gradient like the other models, or filled by counting.
#include "linked_parts.h"
#include "numeric.h"

namespace mote {
namespace {

Work bigram_place(const mote_config &c, const mote_train_config &train, Carver *carver) {
    Work work{};
    work.batch = train.batch;
    work.time = train.time;
    work.logits = carver->floats(uint64_t{train.batch} * train.time * pad(c.vocab));
    return work;
}

uint32_t bigram_step(const mote_state &state, uint16_t token) {
    const uint32_t vocab = state.model->config.vocab;
    cpu::gather({state.logits, cpu::kLanes}, nullptr, weight(*state.model, Role::Table, 0), {&token, 0}, 1, vocab);
    return cpu::not_finite(state.logits, vocab);
}

uint32_t bigram_forward(const mote_model &model, const Work &work, const uint16_t *tokens) {
    const cpu::Mat logits = matrix(work.logits, work.rows());
    for (uint32_t t = 0; t < work.time; ++t)
        cpu::gather(logits.row(size_t{t} * work.batch), nullptr, weight(model, Role::Table, 0), {tokens + t, work.time},
                    work.batch, model.config.vocab);
    return 0; // a bad weight is a bad logit, which the loss finds
}

uint32_t bigram_backward(const mote_model &model, const Work &work, const uint16_t *tokens, float *gradients) {
    const cpu::Mat table = zeroed_tensor(gradients, model.config, Role::Table, 0);
    const cpu::Mat delta = matrix(work.logits, work.rows());
    for (uint32_t t = 0; t < work.time; ++t)
        cpu::scatter_add(table, delta.row(size_t{t} * work.batch), {tokens + t, work.time}, work.batch,
                         model.config.vocab);
    return cpu::flush(table.data, size_t{model.config.vocab} * pad(model.config.vocab));
}

constexpr Running bigram_running(bigram_step);
constexpr Training bigram_training(bigram_place, bigram_forward, bigram_backward);

// The sum of a row of counts; false: it needs more than 32 bits.
bool row_sum(const uint32_t *counts, uint32_t vocab, uint32_t *sum) {
    uint64_t total = 0;
    for (uint32_t i = 0; i < vocab; ++i) total += counts[i];
    *sum = static_cast<uint32_t>(total);
    return total <= 0xffffffffu;
}

float log_share(uint32_t count, float smoothing, float total) {
    const float seen = static_cast<float>(count) + smoothing;
    return seen > 0.0f ? flushed(cpu::log1(seen / total)) : cpu::kExpFloor;
}

bool usable_smoothing(float x) { return mote_bits(x) == 0 || within(x, 0x1p-20f, 0x1p20f); }

} // namespace
} // namespace mote

MOTE_LINKED(mote_running_bigram, mote::bigram_running)
MOTE_LINKED(mote_training_bigram, mote::bigram_training)

using namespace mote;

extern "C" {

mote_status mote_count_pairs(const uint16_t *tokens, size_t count, uint32_t vocab, uint32_t *pairs) {
    if ((tokens == nullptr && count != 0) || pairs == nullptr || vocab == 0 || vocab > MOTE_MAX_VOCAB)
        return MOTE_ERR_ARG;
    for (size_t i = 0; i < count; ++i)
        if (tokens[i] >= vocab) return MOTE_ERR_TOKEN;
    for (size_t i = 1; i < count; ++i) {
        uint32_t &pair = pairs[size_t{tokens[i - 1]} * vocab + tokens[i]];
        if (pair != UINT32_MAX) {
            ++pair;
            continue;
        }
        for (; i > 1; --i) --pairs[size_t{tokens[i - 2]} * vocab + tokens[i - 1]];
        return MOTE_ERR_CAPACITY;
    }
    return MOTE_OK;
}

mote_status mote_bigram_count(mote_model *model, const uint32_t *pairs, float smoothing) {
    if (model == nullptr || pairs == nullptr || model->weights == nullptr || model->config.arch != MOTE_BIGRAM ||
        !usable_smoothing(smoothing))
        return MOTE_ERR_ARG;
    const uint32_t vocab = model->config.vocab;
    uint32_t sum;
    for (uint32_t a = 0; a < vocab; ++a)
        if (!row_sum(pairs + size_t{a} * vocab, vocab, &sum)) return MOTE_ERR_CAPACITY;
    const TensorSpec spec = tensor_spec(model->config, 0);
    for (uint32_t a = 0; a < vocab; ++a) {
        const uint32_t *counts = pairs + size_t{a} * vocab;
        row_sum(counts, vocab, &sum);
        const float total = static_cast<float>(sum) + smoothing * static_cast<float>(vocab);
        for (uint32_t b = 0; b < vocab; ++b) model->weights[spec.index(a, b)] = log_share(counts[b], smoothing, total);
    }
    return MOTE_OK;
}
}
