// Initialization: the weights of a new model, drawn in the order of the tensor table.
#include "model.h"
#include "numeric.h"
#include "vocab.h"

namespace mote {
namespace {

bool usable(const mote_init_rule &rule) {
    return rule.kind <= MOTE_INIT_FAN_IN_NORMAL && within(rule.scale, 0.0f, 0x1p20f);
}

bool usable(const mote_init &init, const Config &c) {
    if (!usable(init.weights)) return false;
    if (c.layers == 0) return init.weights.kind != MOTE_INIT_HIDDEN_UNIFORM;
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
uint32_t fan_in(const TensorSpec &spec, const Config &c) {
    if (spec.role == Role::Bias && spec.layer == 0 && !is_recurrent(c)) return input_width(c);
    return spec.layout == MOTE_LAYOUT_VECTOR ? c.hidden : spec.rows;
}

// The deviation or half width for a tensor.
float spread(const mote_init_rule &rule, const TensorSpec &spec, const Config &config) {
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

void draw_tensor(float *data, const TensorSpec &spec, const Config &config, const mote_init_rule &rule, mote_rng *rng) {
    const float scale = spread(rule, spec, config);
    for (uint32_t r = 0; r < spec.shape(0); ++r)
        for (uint32_t c = 0; c < spec.shape(1); ++c) data[spec.index(r, c)] = flushed(draw(rule.kind, scale, rng));
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" mote_status mote_model_random(mote_model **model, mote_arena *arena, const mote_config *config,
                                         const mote_vocab *vocab, const mote_init *init, uint64_t seed) {
    if (model == nullptr || arena == nullptr || config == nullptr || init == nullptr) return MOTE_ERR_ARG;
    mote_status status = check_config(*config);
    if (status != MOTE_OK) return status;
    if (is_quantized(known(*config))) return MOTE_ERR_ARG;
    if (vocab != nullptr && (vocab->count != config->vocab || !mote::valid(*vocab))) return MOTE_ERR_ARG;
    if (!usable(*init, known(*config))) return MOTE_ERR_ARG;
    status = make_model(model, arena, known(*config), vocab != nullptr ? *vocab : mote_vocab{});
    if (status != MOTE_OK) return status;
    mote_rng rng;
    mote_rng_init(&rng, seed, 0);
    const Config &c = (*model)->config;
    for (uint32_t i = 0; i < tensor_count(c); ++i) {
        const TensorSpec &spec = tensor_spec(c, i);
        draw_tensor(flat_weights(*model) + spec.offset, spec, c, rule_of(*init, spec.role), &rng);
    }
    return MOTE_OK;
}
