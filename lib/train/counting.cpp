// Counting pairs of characters, and a bigram made of the counts.
#include "model.h"
#include "numeric.h"

namespace mote {
namespace {

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
    if (model == nullptr || pairs == nullptr || !is_in_ram(*model) || model->config.layers != 0 ||
        is_quantized(model->config) || !usable_smoothing(smoothing))
        return MOTE_ERR_ARG;
    const uint32_t vocab = model->config.vocab;
    uint32_t sum;
    for (uint32_t a = 0; a < vocab; ++a)
        if (!row_sum(pairs + size_t{a} * vocab, vocab, &sum)) return MOTE_ERR_CAPACITY;
    const TensorSpec &spec = tensor_spec(model->config, 0);
    float *const weights = flat_weights(model);
    for (uint32_t a = 0; a < vocab; ++a) {
        const uint32_t *counts = pairs + size_t{a} * vocab;
        row_sum(counts, vocab, &sum);
        const float total = static_cast<float>(sum) + smoothing * static_cast<float>(vocab);
        for (uint32_t b = 0; b < vocab; ++b) weights[spec.index(a, b)] = log_share(counts[b], smoothing, total);
    }
    return MOTE_OK;
}
}
