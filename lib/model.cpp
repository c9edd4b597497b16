// Models in RAM: making, drawing, copying, hashing.
#include "model.h"

#include <string.h>

#include "arena.h"
#include "numeric.h"
#include "vocab.h"

namespace mote {
namespace {

bool usable(const mote_init_rule &rule) {
    return rule.kind <= MOTE_INIT_FAN_IN_NORMAL && within(rule.scale, 0.0f, 0x1p20f);
}

bool usable(const mote_init &init, const mote_config &c) {
    if (!usable(init.weights)) return false;
    if (c.arch == MOTE_BIGRAM) return init.weights.kind != MOTE_INIT_HIDDEN_UNIFORM;
    return usable(init.biases) && init.biases.kind != MOTE_INIT_XAVIER_NORMAL &&
           (c.embed == 0 || usable(init.embedding));
}

float draw(uint32_t kind, float scale, mote_rng *rng) {
    switch (kind) {
    case MOTE_INIT_NORMAL:
    case MOTE_INIT_XAVIER_NORMAL:
    case MOTE_INIT_FAN_IN_NORMAL:
        return mote_rng_normal(rng) * scale;
    case MOTE_INIT_UNIFORM:
    case MOTE_INIT_HIDDEN_UNIFORM:
    case MOTE_INIT_FAN_IN_UNIFORM:
        return (2.0f * mote_rng_uniform(rng) - 1.0f) * scale;
    default:
        return 0.0f;
    }
}

// The inputs of a unit; of a bias, those of the last product that it is added to.
uint32_t fan_in(const TensorSpec &spec, const mote_config &c) {
    if (spec.role == Role::Bias && c.arch == MOTE_MLP && spec.layer == 0) return input_width(c);
    return spec.layout == MOTE_LAYOUT_VECTOR ? c.hidden : spec.rows;
}

// The deviation or half width for a tensor.
float spread(const mote_init_rule &rule, const TensorSpec &spec, const mote_config &config) {
    if (rule.kind == MOTE_INIT_XAVIER_NORMAL)
        return rule.scale * cpu::sqrt1(2.0f / static_cast<float>(spec.rows + spec.columns));
    if (rule.kind == MOTE_INIT_HIDDEN_UNIFORM) return rule.scale / cpu::sqrt1(static_cast<float>(config.hidden));
    if (rule.kind == MOTE_INIT_FAN_IN_UNIFORM || rule.kind == MOTE_INIT_FAN_IN_NORMAL)
        return rule.scale / cpu::sqrt1(static_cast<float>(fan_in(spec, config)));
    return rule.scale;
}

const mote_init_rule &rule_of(const mote_init &init, Role role) {
    if (role == Role::Embedding) return init.embedding;
    return role == Role::Bias || role == Role::OutputBias ? init.biases : init.weights;
}

void draw_tensor(float *data, const TensorSpec &spec, const mote_config &config, const mote_init_rule &rule,
                 mote_rng *rng) {
    const float scale = spread(rule, spec, config);
    for (uint32_t r = 0; r < spec.shape(0); ++r)
        for (uint32_t c = 0; c < spec.shape(1); ++c) data[spec.index(r, c)] = flushed(draw(rule.kind, scale, rng));
}

// The code points of a model in RAM follow its handle.
void copy_vocab(mote_model *model, const mote_vocab &vocab) {
    uint32_t *code_points = reinterpret_cast<uint32_t *>(reinterpret_cast<unsigned char *>(model) + MOTE_MODEL_RESERVE);
    memcpy(code_points, vocab.code_points, 4 * size_t{vocab.count});
    model->vocab = {code_points, vocab.count, vocab.boundary};
}

} // namespace

mote_status make_model(mote_model **model, mote_arena *arena, const mote_config &config, const mote_vocab *vocab) {
    void *memory;
    const mote_status status = take(arena, model_bytes(config), &memory);
    if (status != MOTE_OK) return status;
    Carver carver(memory);
    mote_model *m = reinterpret_cast<mote_model *>(carver.bytes(MOTE_MODEL_RESERVE));
    carver.bytes(MOTE_ROUND64(4 * uint64_t{config.vocab})); // copy_vocab's
    m->config = config;
    m->weights = carver.floats(weight_count(config));
    for (uint32_t i = 0; i < tensor_count(config); ++i) m->tensors[i] = m->weights + tensor_spec(config, i).offset;
    if (vocab != nullptr && vocab->count != 0) copy_vocab(m, *vocab);
    *model = m;
    return MOTE_OK;
}

void own(mote_model *model, float *weights) {
    for (uint32_t i = 0; i < tensor_count(model->config); ++i) {
        const TensorSpec spec = tensor_spec(model->config, i);
        memcpy(weights + spec.offset, model->tensors[i], 4 * size_t{spec.count()});
        model->tensors[i] = weights + spec.offset;
    }
    model->weights = weights;
    model->tests = nullptr;
    copy_vocab(model, model->vocab);
}

} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_model_random(mote_model **model, mote_arena *arena, const mote_config *config, const mote_vocab *vocab,
                              const mote_init *init, uint64_t seed) {
    if (model == nullptr || arena == nullptr || config == nullptr || init == nullptr || !mote::valid(*config))
        return MOTE_ERR_ARG;
    if (vocab != nullptr && (vocab->count != config->vocab || !mote::valid(*vocab))) return MOTE_ERR_ARG;
    if (!usable(*init, *config)) return MOTE_ERR_ARG;
    const mote_status status = make_model(model, arena, *config, vocab);
    if (status != MOTE_OK) return status;
    mote_rng rng;
    mote_rng_init(&rng, seed, 0);
    for (uint32_t i = 0; i < tensor_count(*config); ++i) {
        const TensorSpec spec = tensor_spec(*config, i);
        draw_tensor((*model)->weights + spec.offset, spec, *config, rule_of(*init, spec.role), &rng);
    }
    return MOTE_OK;
}

mote_status mote_model_copy(mote_model **copy, mote_arena *arena, const mote_model *model) {
    if (copy == nullptr || arena == nullptr || model == nullptr) return MOTE_ERR_ARG;
    const mote_status status = make_model(copy, arena, model->config, &model->vocab);
    if (status != MOTE_OK) return status;
    for (uint32_t i = 0; i < tensor_count(model->config); ++i) {
        const TensorSpec spec = tensor_spec(model->config, i);
        memcpy((*copy)->weights + spec.offset, model->tensors[i], 4 * size_t{spec.count()});
    }
    return MOTE_OK;
}

mote_status mote_model_config(const mote_model *model, mote_config *config) {
    if (model == nullptr || config == nullptr) return MOTE_ERR_ARG;
    *config = model->config;
    return MOTE_OK;
}

mote_status mote_model_vocab(const mote_model *model, mote_vocab *vocab) {
    if (model == nullptr || vocab == nullptr) return MOTE_ERR_ARG;
    *vocab = model->vocab;
    return MOTE_OK;
}

float *mote_model_weights(mote_model *model, size_t *count) {
    if (model == nullptr || model->weights == nullptr) return nullptr;
    if (count != nullptr) *count = static_cast<size_t>(weight_count(model->config));
    return model->weights;
}

mote_status mote_model_tensor(const mote_model *model, uint32_t index, mote_tensor *tensor) {
    if (model == nullptr || tensor == nullptr || index >= tensor_count(model->config)) return MOTE_ERR_ARG;
    const TensorSpec spec = tensor_spec(model->config, index);
    tensor_name(spec, tensor->name);
    tensor->shape[0] = spec.shape(0);
    tensor->shape[1] = spec.shape(1);
    tensor->layout = spec.layout;
    tensor->offset = spec.offset;
    tensor->count = spec.count();
    tensor->data = model->tensors[index];
    return MOTE_OK;
}

float mote_tensor_at(const mote_tensor *tensor, uint32_t row, uint32_t column) {
    const bool turned = tensor->layout != MOTE_LAYOUT_PANELS;
    const uint32_t rows = turned ? tensor->shape[1] : tensor->shape[0];
    const size_t r = turned ? column : row, c = turned ? row : column;
    return tensor->data[(c / cpu::kLanes * rows + r) * cpu::kLanes + c % cpu::kLanes];
}

uint64_t mote_fnv1a(uint64_t hash, const void *bytes, size_t count) {
    const unsigned char *p = static_cast<const unsigned char *>(bytes);
    for (size_t i = 0; i < count; ++i) hash = (hash ^ p[i]) * 0x100000001b3ull;
    return hash;
}

uint64_t mote_weights_hash(const mote_model *model) {
    if (model == nullptr) return 0;
    uint64_t hash = MOTE_FNV_START;
    for (uint32_t i = 0; i < tensor_count(model->config); ++i) {
        const TensorSpec spec = tensor_spec(model->config, i);
        for (uint32_t r = 0; r < spec.shape(0); ++r)
            for (uint32_t c = 0; c < spec.shape(1); ++c)
                hash = mote_fnv1a(hash, model->tensors[i] + spec.index(r, c), sizeof(float));
    }
    return hash;
}
}
