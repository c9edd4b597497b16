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

mote_init init_of(const TrainOptions &o) {
    float scale = o.init_scale.value_or(o.init == INIT_NORMAL ? 0.01f : 1.0f);
    mote_init_rule zero{MOTE_INIT_ZERO, 0}, unit_normal{MOTE_INIT_NORMAL, 1};
    if (o.init == INIT_NORMAL) return {{MOTE_INIT_NORMAL, scale}, zero, {MOTE_INIT_NORMAL, scale}};
    if (o.init == INIT_XAVIER) return {{MOTE_INIT_XAVIER_NORMAL, scale}, zero, unit_normal};
    mote_init_rule uniform{MOTE_INIT_HIDDEN_UNIFORM, scale};
    return {uniform, uniform, unit_normal};
}

mote_config model_config_of(const TrainOptions &o, uint32_t vocab) {
    mote_config config{};
    config.arch = o.arch;
    config.activation = o.activation;
    config.vocab = vocab;
    config.embed = o.embed;
    config.hidden = o.hidden;
    config.layers = o.layers;
    return config;
}

mote_train_config train_config_of(const TrainOptions &o) {
    uint32_t by_order = o.order == MOTE_ORDER_RANDOM ? MOTE_STATE_RESET : MOTE_STATE_CARRY;
    mote_train_config train{};
    train.batch = o.batch;
    train.time = o.time;
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
    schedule.kind = o.schedule;
    schedule.warmup = o.warmup;
    schedule.period = o.schedule == MOTE_SCHEDULE_STEP ? o.period : 0;
    schedule.total = o.schedule == MOTE_SCHEDULE_COSINE ? steps : 0;
    schedule.rate = o.rate.value_or(usual_rate(o.optimizer));
    schedule.factor = o.schedule == MOTE_SCHEDULE_CONSTANT ? 1.0f : o.rate_factor.value_or(0.1f);
    return schedule;
}

} // namespace mote::cli
