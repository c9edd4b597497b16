// Quantization: from weights of float32 to integers and scales.
#include "quantize.h"

#include <string.h>

#include "numeric.h"

namespace mote {
namespace {

constexpr float kMost = 127.0f;                    // the largest integer of int8
constexpr float kMost4 = 7.0f, kMostGroup = 15.0f; // of 4 bits, and of a group
// Of 4 bits the largest weight of an output in steps of its scale: more than 7 * 15, which it then becomes. Models that
// learned with such weights lost less than with 105: names-gru, seed 1, 0.006 nats in place of 0.013. With 150 they
// lost as much as with 131, but the same model without learning 0.07 in place of 0.03.
constexpr float kSteps4 = 131.0f;

// The nearest integer to x / scale, ties to the even one, between -most and most: adding 1.5 * 2^23 rounds there.
float nearest(float x, float scale, float most) {
    if (scale == 0.0f) return 0.0f;
    const float quotient = x / scale;
    const float bounded = quotient < -most ? -most : quotient > most ? most : quotient;
    return (bounded + 0x1.8p23f) - 0x1.8p23f;
}

// 0 of weights that are all +0. `steps`: the integer that the largest weight becomes; `most`: the largest scale that
// may be stored there.
float scale_for(float largest, float steps, float most) {
    if (largest == 0.0f) return 0.0f;
    const float scale = largest / steps;
    return scale < cpu::kQuantum ? cpu::kQuantum : scale > most ? most : scale;
}

void set_half(void *data, size_t index, uint32_t value) {
    uint8_t &byte = static_cast<uint8_t *>(data)[index / 2];
    byte = static_cast<uint8_t>(index % 2 == 0 ? (byte & 0xf0) | value : (byte & 0x0f) | value << 4);
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
    // The largest magnitude in rows and columns from the first to the one before the end.
    float largest(uint32_t row, uint32_t end, uint32_t column, uint32_t end_column) const {
        float most = 0.0f;
        for (uint32_t c = column; c < end_column; ++c) {
            for (uint32_t r = row; r < end; ++r) {
                const float size = magnitude(weight(r, c));
                if (most < size) most = size;
            }
        }
        return most;
    }
    float largest(uint32_t column) const { return largest(0, from.rows, column, column + 1); }
    void set_scale(uint32_t column, float scale) const { static_cast<float *>(data)[to.scale_at(column)] = scale; }
};

void quantize_int8(const Tensors &t, uint32_t column, float scale) {
    int8_t *const integers = static_cast<int8_t *>(t.data);
    for (uint32_t r = 0; r < t.from.rows; ++r)
        integers[t.to.stored_index(r, column)] = static_cast<int8_t>(nearest(t.weight(r, column), scale, kMost));
}

// The integer of a group: its largest weight in steps of the output's scale, rounded to a multiple of 7.
float group_integer(float largest, float scale) {
    const float integer = nearest(largest / kMost4, scale, kMostGroup);
    return integer < 1.0f ? 1.0f : integer;
}

void quantize_int4(const Tensors &t, uint32_t column, float scale) {
    const uint32_t rows = t.from.rows;
    for (uint32_t row = 0; row < rows; row += cpu::kQuant4Group) {
        const uint32_t end = rows - row < cpu::kQuant4Group ? rows : row + cpu::kQuant4Group;
        const float integer = group_integer(t.largest(row, end, column, column + 1), scale);
        set_half(t.data, int4_group(row, column, rows), static_cast<uint32_t>(integer));
        for (uint32_t r = row; r < end; ++r) {
            const float weight = nearest(t.weight(r, column), integer * scale, kMost4);
            set_half(t.data, int4_index(r, column, rows), static_cast<uint32_t>(weight + 8.0f));
        }
    }
}

// Halves of bytes of no weight are 8, which stands for 0.
void clear_int4(const Tensors &t) {
    const uint32_t rows = t.to.rows;
    for (uint32_t c = 0; c < pad(t.to.columns); ++c)
        for (uint32_t r = 0; r < (rows + 7) / 8 * 8; ++r) set_half(t.data, int4_index(r, c, rows), 8);
}

// Each output by its own scale.
void quantize_outputs(const Tensors &t) {
    const bool int4 = t.to.type() == MOTE_TYPE_I4;
    if (int4) clear_int4(t);
    for (uint32_t c = 0; c < t.from.columns; ++c) {
        const float scale = scale_for(t.largest(c), int4 ? kSteps4 : kMost, kLargestScale);
        t.set_scale(c, scale);
        if (int4)
            quantize_int4(t, c, scale);
        else
            quantize_int8(t, c, scale);
    }
}

// All by one scale, which is returned.
float quantize_embedding(const Tensors &t) {
    const float scale = scale_for(t.largest(0, t.from.rows, 0, t.from.columns), kMost, cpu::kLargest);
    for (uint32_t c = 0; c < t.from.columns; ++c) quantize_int8(t, c, scale);
    return scale;
}

bool usable(const float *largest, const Config &c) {
    if (c.activation != MOTE_RELU) return true;
    for (uint32_t l = 0; l < c.layers; ++l)
        if (largest == nullptr || !within(largest[l], 0x1p-30f, cpu::kLargest)) return false;
    return true;
}

} // namespace

bool may_be_quantized(const Config &config, uint32_t precision, const float *largest) {
    if (is_quantized(config) || precision == MOTE_PRECISION_FLOAT32 || precision >= MOTE_PRECISION_COUNT) return false;
    mote_config wanted = config;
    wanted.precision = precision;
    return check_config(wanted) == MOTE_OK && usable(largest, config);
}

bool may_be_stored(const mote_model &model) {
    for (uint32_t i = 0; i < tensor_count(model.config); ++i) {
        const TensorSpec &spec = spec_of(model, i);
        const float *const weights = static_cast<const float *>(tensor_data(model, i));
        for (uint32_t k = 0; k < spec.count(); ++k)
            if (!storable(weights[k])) return false;
    }
    return true;
}

void quantize(const mote_model &model, mote_model *quantized, const float *largest) {
    const Config &config = quantized->config;
    float scale = 1.0f; // of what the first layer reads
    for (uint32_t i = 0; i < tensor_count(model.config); ++i) {
        const Tensors t(model, quantized, i);
        if (!t.to.is_quantized())
            memcpy(t.data, t.weights, t.to.bytes());
        else if (t.to.has_scales())
            quantize_outputs(t);
        else
            scale = quantize_embedding(t);
    }
    if (config.layers == 0 || kOneModel) return;
    float *const scales = flat_weights(quantized) + tensor_spec(config, tensor_index(config, Role::Scales, 0)).offset;
    scales[0] = scale != 0.0f ? scale : 1.0f;
    for (uint32_t l = 0; l < config.layers; ++l)
        scales[l + 1] = (config.activation == MOTE_RELU ? largest[l] : 1.0f) / kMost;
}

} // namespace mote

using namespace mote;

extern "C" mote_status mote_model_quantize(mote_model **quantized, mote_arena *arena, const mote_model *model,
                                           uint32_t precision, const float *largest) {
    if (kOneModel) return MOTE_ERR_UNSUPPORTED; // what it makes is another
    if (quantized == nullptr || arena == nullptr || model == nullptr ||
        !may_be_quantized(model->config, precision, largest))
        return MOTE_ERR_ARG;
    if (!may_be_stored(*model)) return MOTE_ERR_NUMERIC;
    const mote_status status = make_model(quantized, arena, with_precision(model->config, precision), vocab_of(*model));
    if (status == MOTE_OK) quantize(*model, *quantized, largest);
    return status;
}
