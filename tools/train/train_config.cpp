#include "train_options.h"

#include "model_kinds.h"
#include "optimizers.h"
#include "run_record.h"

namespace mote::cli {

uint32_t order_of(const TrainOptions &o) {
    if (o.batch == FULL_BATCH) return ORDER_STREAM;
    return o.order.value_or(kind_of_cell(o.cell).carries_state ? ORDER_STREAM : ORDER_SHUFFLED);
}

mote_init init_of(const TrainOptions &o) {
    float scale = o.init_scale.value_or(o.init == INIT_NORMAL && kind_of_cell(o.cell).has_layers() ? 0.01f : 1.0f);
    mote_init init{{}, {MOTE_INIT_ZERO, 0}, {MOTE_INIT_NORMAL, o.init == INIT_NORMAL ? scale : 1.0f}};
    if (o.init == INIT_NORMAL) {
        init.weights = {MOTE_INIT_NORMAL, scale};
    } else if (o.init == INIT_XAVIER) {
        init.weights = {MOTE_INIT_XAVIER_NORMAL, scale};
    } else if (o.init == INIT_HE) {
        init.weights = {MOTE_INIT_FAN_IN_NORMAL, scale * 0x1.6a09e6p0f}; /* sqrt(2) */
    } else {
        init.weights = init.biases = {kind_of_cell(o.cell).init, scale};
    }
    if (o.init_bias) init.biases = {MOTE_INIT_NORMAL, *o.init_bias};
    if (o.init_embed) init.embedding = {MOTE_INIT_NORMAL, *o.init_embed};
    return init;
}

mote_config model_config_of(const TrainOptions &o, uint32_t vocab) {
    const ModelKind &kind = kind_of_cell(o.cell);
    mote_config wanted{};
    wanted.vocab = vocab;
    wanted.context = o.context;
    wanted.embed = o.embed.value_or(kind.embed);
    wanted.hidden = o.hidden;
    wanted.layers = o.layers;
    wanted.activation = o.activation;
    return config_of(kind, wanted);
}

mote_train_config train_config_of(const TrainOptions &o) {
    uint32_t by_order = order_of(o) == ORDER_STREAM ? MOTE_STATE_CARRY : MOTE_STATE_RESET;
    mote_train_config train{};
    train.batch = o.batch;
    train.time_steps = o.time.value_or(kind_of_cell(o.cell).time);
    train.loss = o.loss;
    train.state = o.state == STATE_BY_ORDER ? by_order : o.state;
    train.workspace = MOTE_WORKSPACE_PACKED;
    train.optimizer = o.optimizer;
    train.clip_value = o.clip_value;
    train.clip_norm = o.clip_norm;
    train.learning_rate = o.rate.value_or(usual_learning_rate(o.optimizer));
    train.momentum = o.momentum;
    train.beta1 = o.beta1;
    train.beta2 = o.beta2;
    train.eps = o.eps;
    train.weight_decay = o.decay;
    return train;
}

mote_schedule schedule_of(const TrainOptions &o, uint32_t steps) {
    mote_schedule schedule{};
    schedule.learning_rate = o.rate.value_or(usual_learning_rate(o.optimizer));
    if (steps == 0) return schedule; /* a model as it begins */
    schedule.kind = o.schedule;
    schedule.warmup = o.warmup;
    schedule.period = o.schedule == MOTE_SCHEDULE_STEP ? o.period : 0;
    schedule.total = o.schedule == MOTE_SCHEDULE_COSINE ? steps : 0;
    schedule.factor = o.schedule == MOTE_SCHEDULE_CONSTANT ? 1.0f : o.rate_factor.value_or(0.1f);
    return schedule;
}

} // namespace mote::cli
