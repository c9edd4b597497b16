// Models in RAM: making, copying, hashing.
#include "model.h"

#include <string.h>

#include "numeric.h"
#include "sizes.h"

namespace mote {
namespace {

void copy_code_points(mote_model *model, const mote_vocab &vocab) {
    memcpy(at_offset<uint32_t>(model, model->code_points), vocab.code_points, 4 * size_t{vocab.count});
}

uint64_t elements_hash(uint64_t hash, const unsigned char *data, const TensorSpec &spec) {
    const size_t size = MOTE_TYPE_BITS(spec.type()) / 8;
    for (uint32_t r = 0; r < spec.shape(0); ++r)
        for (uint32_t c = 0; c < spec.shape(1); ++c) hash = mote_fnv1a(hash, data + size * spec.index(r, c), size);
    return hash;
}

// Of 4 bits: the weights, then of each output the integers of its groups, a byte each.
uint64_t int4_hash(uint64_t hash, const unsigned char *data, const TensorSpec &spec) {
    for (uint32_t r = 0; r < spec.shape(0); ++r)
        for (uint32_t c = 0; c < spec.shape(1); ++c) {
            const uint8_t integer = static_cast<uint8_t>(half_at(data, spec.index(r, c)) - 8);
            hash = mote_fnv1a(hash, &integer, 1);
        }
    for (uint32_t c = 0; c < spec.columns; ++c)
        for (uint32_t r = 0; r < spec.rows; r += cpu::kQuant4Group) {
            const uint8_t group = static_cast<uint8_t>(half_at(data, int4_group(r, c, spec.rows)));
            hash = mote_fnv1a(hash, &group, 1);
        }
    return hash;
}

} // namespace

float *flat_weights(mote_model *model) {
    return at_offset<float>(model, *at_offset<uint32_t>(model, model->tensor_offsets));
}

mote_status make_model(mote_model **model, mote_arena *arena, const Config &config, const mote_vocab &vocab) {
    void *memory;
    const mote_status status = arena_alloc(arena, model_bytes(config), &memory);
    if (status != MOTE_OK) return status;
    mote_model *m = static_cast<mote_model *>(memory);
    const uint32_t tensors = tensor_count(config);
    Offsets offsets(MOTE_SZ_MODEL_HANDLE);
    m->config = config;
    m->base = reinterpret_cast<unsigned char *>(m);
    m->tensor_offsets = offsets.bytes(4 * tensors);
    m->tensor_offset_distance = 4;
    const uint32_t code_points = offsets.bytes(4 * config.vocab);
    const uint32_t weights = offsets.floats(static_cast<uint32_t>(weight_count(config)));
    for (uint32_t i = 0; i < tensors; ++i)
        at_offset<uint32_t>(m, m->tensor_offsets)[i] = weights + 4 * tensor_spec(config, i).offset;
    if (vocab.count != 0) {
        m->code_points = code_points;
        m->boundary = vocab.boundary;
        copy_code_points(m, vocab);
    }
    *model = m;
    return MOTE_OK;
}

void copy_contents(mote_model *copy, const mote_model &model) {
    float *const weights = flat_weights(copy);
    for (uint32_t i = 0; i < tensor_count(model.config); ++i) {
        const TensorSpec &spec = spec_of(model, i);
        memcpy(weights + spec.offset, tensor_data(model, i), spec.bytes());
    }
}

} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_model_copy(mote_model **copy, mote_arena *arena, const mote_model *model) {
    if (copy == nullptr || arena == nullptr || model == nullptr) return MOTE_ERR_ARG;
    const mote_status status = make_model(copy, arena, model->config, vocab_of(*model));
    if (status == MOTE_OK) copy_contents(*copy, *model);
    return status;
}

mote_status mote_model_config(const mote_model *model, mote_config *config) {
    if (model == nullptr || config == nullptr) return MOTE_ERR_ARG;
    *config = model->config;
    return MOTE_OK;
}

mote_status mote_model_vocab(const mote_model *model, mote_vocab *vocab) {
    if (model == nullptr || vocab == nullptr) return MOTE_ERR_ARG;
    *vocab = vocab_of(*model);
    return MOTE_OK;
}

float *mote_model_weights(mote_model *model, size_t *count) {
    if (model == nullptr || !is_in_ram(*model) || is_quantized(model->config)) return nullptr;
    if (count != nullptr) *count = static_cast<size_t>(weight_count(model->config));
    return flat_weights(model);
}

mote_status mote_model_tensor(const mote_model *model, uint32_t index, mote_tensor *tensor) {
    if (model == nullptr || tensor == nullptr) return MOTE_ERR_ARG;
    const mote_status status = mote_tensor_describe(&static_cast<const mote_config &>(model->config), index, tensor);
    if (status != MOTE_OK) return status;
    tensor->data = tensor_data(*model, index);
    if (tensor->layout == MOTE_LAYOUT_INT8_ROWS) tensor->scale = scales_of(*model);
    return MOTE_OK;
}

uint64_t mote_weights_hash(const mote_model *model) {
    if (model == nullptr) return 0;
    uint64_t hash = MOTE_FNV_START;
    for (uint32_t i = 0; i < tensor_count(model->config); ++i) {
        const TensorSpec &spec = spec_of(*model, i);
        const unsigned char *const data = static_cast<const unsigned char *>(tensor_data(*model, i));
        hash = spec.type() == MOTE_TYPE_I4 ? int4_hash(hash, data, spec) : elements_hash(hash, data, spec);
        for (uint32_t c = 0; spec.has_scales() && c < spec.columns; ++c)
            hash = mote_fnv1a(hash, data + sizeof(float) * spec.scale_at(c), sizeof(float));
    }
    return hash;
}
}
