#include "trainer_step.h"

#include "numeric.h"
#include "optimizer.h"
#include "sizes.h"

namespace mote {
namespace {

// The limits of a clip: 0, or within the range of gradients, or of their norm.
constexpr Bounds clip_limits[] = {{cpu::kLargest, offsetof(mote_train_config, clip_value), true, false},
                                  {0x1p32f, offsetof(mote_train_config, clip_norm), true, true}};

MOTE_NOINLINE uint32_t flush_gradients(mote_trainer &t) {
    float *const gradients = gradients_of(t);
    const uint32_t count = t.batch.at.count;
    return parallel_for(t.batch.split, count, cpu::kLanes, count,
                        [&](Range range) { return cpu::flush(gradients + range.first, range.size()); });
}

} // namespace

bool valid(const mote_train_config &t) {
    return t.batch >= 1 && t.batch <= 65536 && t.time_steps >= 1 && t.time_steps <= 65536 && t.loss <= MOTE_LOSS_SUM &&
           t.state <= MOTE_STATE_RESET && t.workspace <= MOTE_WORKSPACE_PACKED && within_bounds(t, clip_limits) &&
           valid_hyperparameters(t);
}

uint64_t trainer_bytes(const Config &c, const mote_train_config &t) {
    const uint64_t activations = MOTE_SZ_ACTIVATIONS(c.input, c.cell, c.vocab, c.context, c.embed, c.hidden, c.layers,
                                                     c.precision, t.batch, t.time_steps);
    const PackedWorkspace *const packed = packed_workspace();
    const uint32_t transposed = t.workspace == MOTE_WORKSPACE_PACKED && packed != nullptr ? packed->transposed(c) : 0;
    return MOTE_SZ_TRAINER_OF(weight_count(c), activations, transposed, t.optimizer, MOTE_WORKSPACE_PACKED);
}

mote_status check_trainable(const Config &config, const mote_train_config &train) {
    if (!network_trains(config) || !updates_are_linked(train) ||
        (train.workspace == MOTE_WORKSPACE_PACKED && packed_workspace() == nullptr))
        return MOTE_ERR_UNSUPPORTED;
    return trainer_bytes(config, train) <= kMaxBytes ? MOTE_OK : MOTE_ERR_SIZE;
}

mote_status make_trainer(mote_trainer **trainer, mote_arena *arena, mote_model *model, const mote_train_config &train) {
    void *memory;
    const mote_status status = arena_alloc(arena, trainer_bytes(model->config, train), &memory);
    if (status != MOTE_OK) return status;
    mote_trainer *t = static_cast<mote_trainer *>(memory);
    Offsets offsets(MOTE_SZ_TRAINER_HANDLE);
    t->train = train;
    t->model = model;
    t->batch.model = model;
    place_batch(&t->batch, train.batch, train.time_steps, true, &offsets);
    for (uint32_t i = 0; i < MOTE_MOMENTS(train.optimizer); ++i) t->moments[i] = offsets.floats(t->batch.at.count);
    // The last of all, so that how many they are is not asked here.
    if (train.workspace == MOTE_WORKSPACE_PACKED) t->batch.at.transposed = offsets.bytes(0);
    *trainer = t;
    return MOTE_OK;
}

} // namespace mote

using namespace mote;

extern "C" {

size_t mote_trainer_bytes(const mote_config *config, const mote_train_config *train) {
    if (config == nullptr || train == nullptr || !mote::valid(*config) || is_quantized(known(*config)) ||
        !mote::valid(*train))
        return 0;
    return limited_size(trainer_bytes(known(*config), *train));
}

mote_status mote_trainer_init(mote_trainer **trainer, mote_arena *arena, mote_model *model,
                              const mote_train_config *train) {
    if (trainer == nullptr || arena == nullptr || model == nullptr || train == nullptr) return MOTE_ERR_ARG;
    if (!is_in_ram(*model) || !mote::valid(*train)) return MOTE_ERR_ARG;
    const mote_status status = check_trainable(model->config, *train);
    return status == MOTE_OK ? make_trainer(trainer, arena, model, *train) : status;
}

mote_status mote_forward_backward(mote_trainer *trainer, const uint16_t *tokens, const uint16_t *targets, float *loss) {
    if (trainer == nullptr || tokens == nullptr || targets == nullptr || loss == nullptr) return MOTE_ERR_ARG;
    uint32_t found;
    const mote_status status = compute(*trainer, tokens, targets, loss, false, &found, Unwatched());
    if (status == MOTE_OK) carry(*trainer);
    return status;
}

mote_status mote_trainer_apply(mote_trainer *trainer) {
    if (trainer == nullptr) return MOTE_ERR_ARG;
    if (trainer->ready != kGradients) return MOTE_ERR_SEQUENCE;
    // The caller may have changed the gradients since they were computed.
    trainer->batch.split.missed = 0;
    const uint32_t found = trainer->counted != 0 ? flush_gradients(*trainer) : 0;
    if (trainer->batch.split.missed != 0) return MOTE_ERR_PARALLEL;
    if ((found & cpu::kNotFinite) != 0) {
        trainer->ready = 0;
        return MOTE_ERR_NUMERIC;
    }
    return clip_and_update(*trainer, found, Unwatched());
}

mote_status mote_train_step(mote_trainer *trainer, const uint16_t *tokens, const uint16_t *targets, float *loss) {
    if (trainer == nullptr || tokens == nullptr || targets == nullptr || loss == nullptr) return MOTE_ERR_ARG;
    return train_step(*trainer, tokens, targets, loss, Unwatched());
}

mote_status mote_trainer_set_learning_rate(mote_trainer *trainer, float learning_rate) {
    if (trainer == nullptr) return MOTE_ERR_ARG;
    mote_train_config train = trainer->train;
    train.learning_rate = learning_rate;
    if (!mote::valid(train)) return MOTE_ERR_ARG;
    trainer->train = train;
    return MOTE_OK;
}

mote_status mote_trainer_set_parallel(mote_trainer *trainer, mote_parallel_fn parallel, void *user, uint32_t tasks) {
    if (trainer == nullptr || tasks == 0 || tasks > MOTE_MAX_TASKS) return MOTE_ERR_ARG;
#if defined(MOTE_WITHOUT_THREADS)
    if (parallel != nullptr && tasks > 1) return MOTE_ERR_UNSUPPORTED;
#endif
    trainer->batch.split =
        tasks > 1 ? WorkSplit{parallel, user, static_cast<uint16_t>(tasks), 0, kMinParallelMacs} : WorkSplit{};
    return MOTE_OK;
}

void mote_trainer_reset_state(mote_trainer *trainer) {
    if (trainer == nullptr) return;
    if ((trainer->ready & kInSlices) != 0)
        trainer->ready |= kResetWanted;
    else
        network_begin(trainer->batch, false);
}

float *mote_gradients(mote_trainer *trainer, size_t *count) {
    if (trainer == nullptr) return nullptr;
    if (count != nullptr) *count = trainer->batch.at.count;
    return gradients_of(*trainer);
}

uint32_t mote_trainer_step_count(const mote_trainer *trainer) { return trainer != nullptr ? trainer->step : 0; }

float mote_trainer_norm(const mote_trainer *trainer) { return trainer != nullptr ? trainer->norm : 0.0f; }

mote_status mote_trainer_config(const mote_trainer *trainer, mote_train_config *train) {
    if (trainer == nullptr || train == nullptr) return MOTE_ERR_ARG;
    *train = trainer->train;
    return MOTE_OK;
}
}
