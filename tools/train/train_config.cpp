#include "train_options.h"

namespace mote::cli {

static float usual_rate(uint32_t optimizer) {
    switch (optimizer) {
    case MOTE_SGD:
    case MOTE_ADAGRAD:
        return 0.1f;
    case MOTE_MOMENTUM:
        return 0.01f;
    default:
        return 0.002f;
    }
}

uint32_t order_of(const TrainOptions &o) {
    if (o.batch == FULL_BATCH) return MOTE_ORDER_STREAM;
    return o.order.value_or(o.arch == MOTE_RNN ? MOTE_ORDER_STREAM : MOTE_ORDER_SHUFFLED);
}

mote_init init_of(const TrainOptions &o) {
    float scale = o.init_scale.value_or(o.init == INIT_NORMAL && o.arch != MOTE_BIGRAM ? 0.01f : 1.0f);
    mote_init init{{}, {MOTE_INIT_ZERO, 0}, {MOTE_INIT_NORMAL, o.init == INIT_NORMAL ? scale : 1.0f}};
    if (o.init == INIT_NORMAL) {
        init.weights = {MOTE_INIT_NORMAL, scale};
    } else if (o.init == INIT_XAVIER) {
        init.weights = {MOTE_INIT_XAVIER_NORMAL, scale};
    } else if (o.init == INIT_HE) {
        init.weights = {MOTE_INIT_FAN_IN_NORMAL, scale * 0x1.6a09e6p0f}; /* sqrt(2) */
    } else {
        uint32_t kind = o.arch == MOTE_RNN ? MOTE_INIT_HIDDEN_UNIFORM : MOTE_INIT_FAN_IN_UNIFORM;
        init.weights = init.biases = {kind, scale};
    }
    if (o.init_bias) init.biases = {MOTE_INIT_NORMAL, *o.init_bias};
    if (o.init_embed) init.embedding = {MOTE_INIT_NORMAL, *o.init_embed};
    return init;
}

mote_config model_config_of(const TrainOptions &o, uint32_t vocab) {
    mote_config config{};
    config.arch = o.arch;
    config.vocab = vocab;
    if (o.arch == MOTE_BIGRAM) return config;
    config.activation = o.activation;
    config.context = o.arch == MOTE_MLP ? o.context : 0;
    config.embed = o.embed.value_or(o.arch == MOTE_MLP ? 16 : 0);
    config.hidden = o.hidden;
    config.layers = o.layers;
    return config;
}

mote_train_config train_config_of(const TrainOptions &o) {
    uint32_t by_order = order_of(o) == MOTE_ORDER_STREAM ? MOTE_STATE_CARRY : MOTE_STATE_RESET;
    mote_train_config train{};
    train.batch = o.batch;
    train.time = o.time.value_or(o.arch == MOTE_RNN ? 64 : 1);
    train.loss = o.loss;
    train.state = o.state == STATE_BY_ORDER ? by_order : o.state;
    train.workspace = MOTE_WORKSPACE_PACKED;
    train.optimizer = o.optimizer;
    train.clip_value = o.clip_value;
    train.clip_norm = o.clip_norm;
    train.rate = o.rate.value_or(usual_rate(o.optimizer));
    train.momentum = o.momentum;
    train.beta1 = o.beta1;
    train.beta2 = o.beta2;
    train.eps = o.eps;
    train.decay = o.decay;
    return train;
}

mote_schedule schedule_of(const TrainOptions &o, uint32_t steps) {
    mote_schedule schedule{};
    schedule.rate = o.rate.value_or(usual_rate(o.optimizer));
    if (steps == 0) return schedule; /* a model as it begins */
    schedule.kind = o.schedule;
    schedule.warmup = o.warmup;
    schedule.period = o.schedule == MOTE_SCHEDULE_STEP ? o.period : 0;
    schedule.total = o.schedule == MOTE_SCHEDULE_COSINE ? steps : 0;
    schedule.factor = o.schedule == MOTE_SCHEDULE_CONSTANT ? 1.0f : o.rate_factor.value_or(0.1f);
    return schedule;
}

} // namespace mote::cli
