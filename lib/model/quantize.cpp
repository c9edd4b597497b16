// Quantization: from weights of float32 to integers and scales.
#include "model.h"
#include "numeric.h"

namespace mote {
namespace {

constexpr float kMost = 127.0f; // the largest integer

// The nearest integer to x / scale, ties to the even one: adding 1.5 * 2^23 rounds there.
int8_t nearest(float x, float scale) {
    if (scale == 0.0f) return 0;
    const float quotient = x / scale;
    const float bounded = quotient < -kMost ? -kMost : quotient > kMost ? kMost : quotient;
    return static_cast<int8_t>((bounded + 0x1.8p23f) - 0x1.8p23f);
}

// 0 of weights that are all +0. `most`: the largest scale that may be stored there.
float scale_for(float largest, float most) {
    if (largest == 0.0f) return 0.0f;
    const float scale = largest / kMost;
    return scale < cpu::kQuantum ? cpu::kQuantum : scale > most ? most : scale;
}

// A tensor of a model, and what it becomes.
struct Tensors {
    const TensorSpec from, to;
    const float *weights;
    void *data;

    Tensors(const mote_model &model, mote_model *quantized, uint32_t index)
        : from(spec_of(model, index)), to(spec_of(*quantized, index)),
          weights(static_cast<const float *>(tensor_data(model, index))), data(flat_weights(quantized) + to.offset) {}

    float weight(uint32_t row, uint32_t column) const { return weights[from.stored_index(row, column)]; }
    // The largest magnitude among columns from `first` to the one before `end`.
    float largest(uint32_t first, uint32_t end) const {
        float most = 0.0f;
        for (uint32_t c = first; c < end; ++c) {
            for (uint32_t r = 0; r < from.rows; ++r) {
                const float size = magnitude(weight(r, c));
                if (most < size) most = size;
            }
        }
        return most;
    }
    void quantize(uint32_t column, float scale) const {
        int8_t *const integers = static_cast<int8_t *>(data);
        for (uint32_t r = 0; r < from.rows; ++r)
            integers[to.stored_index(r, column)] = nearest(weight(r, column), scale);
    }
};

// Each output by its own scale; an embedding by one, which is returned.
float quantize(const Tensors &t) {
    const float all = t.to.has_scales() ? 0.0f : scale_for(t.largest(0, t.from.columns), cpu::kLargest);
    for (uint32_t c = 0; c < t.from.columns; ++c) {
        const float scale = t.to.has_scales() ? scale_for(t.largest(c, c + 1), kLargestScale) : all;
        if (t.to.has_scales()) static_cast<float *>(t.data)[int8_scale(c, t.to.rows)] = scale;
        t.quantize(c, scale);
    }
    return all;
}

bool may_be_stored(const mote_model &model) {
    for (uint32_t i = 0; i < tensor_count(model.config); ++i) {
        const TensorSpec spec = spec_of(model, i);
        const float *const weights = static_cast<const float *>(tensor_data(model, i));
        for (uint32_t k = 0; k < spec.count(); ++k)
            if (!storable(weights[k])) return false;
    }
    return true;
}

bool usable(const float *largest, const mote_config &c) {
    if (c.activation != MOTE_RELU) return true;
    for (uint32_t l = 0; l < c.layers; ++l)
        if (largest == nullptr || !within(largest[l], 0x1p-30f, cpu::kLargest)) return false;
    return true;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" mote_status mote_model_quantize(mote_model **quantized, mote_arena *arena, const mote_model *model,
                                           const float *largest) {
    if (quantized == nullptr || arena == nullptr || model == nullptr || is_int8(model->config)) return MOTE_ERR_ARG;
    mote_config config = model->config;
    config.precision = MOTE_PRECISION_INT8;
    mote_status status = check_config(config);
    if (status == MOTE_OK && !usable(largest, config)) status = MOTE_ERR_ARG;
    if (status == MOTE_OK && !may_be_stored(*model)) status = MOTE_ERR_NUMERIC;
    if (status == MOTE_OK) status = make_model(quantized, arena, config, vocab_of(*model));
    if (status != MOTE_OK) return status;
    float scale = 1.0f; // of what the first layer reads
    for (uint32_t i = 0; i < tensor_count(model->config); ++i) {
        const Tensors t(*model, *quantized, i);
        if (!t.to.is_int8())
            memcpy(t.data, t.weights, t.to.bytes());
        else if (t.to.has_scales())
            quantize(t);
        else
            scale = quantize(t);
    }
    if (config.layers == 0) return MOTE_OK;
    float *const scales = flat_weights(*quantized) + tensor_spec(config, tensor_index(config, Role::Scales, 0)).offset;
    scales[0] = scale != 0.0f ? scale : 1.0f;
    for (uint32_t l = 0; l < config.layers; ++l)
        scales[l + 1] = (config.activation == MOTE_RELU ? largest[l] : 1.0f) / kMost;
    return MOTE_OK;
}
