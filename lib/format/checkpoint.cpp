// A checkpoint: a blob with a trainer in it, and where there are some, the best weights so far.
#include <string.h>

#include "carried.h"
#include "checkpoint.h"
#include "numeric.h"
#include "optimizer.h"
#include "sizes.h"

namespace mote {
namespace {

CarriedState carried_state(const Config &config, const mote_train_config &train) {
    return {config, train.batch, train.time_steps};
}

size_t array_bytes(const Config &config) { return 4 * static_cast<size_t>(weight_count(config)); }

uint64_t checkpoint_bytes(const Config &c, const mote_train_config &t) {
    return MOTE_CHECKPOINT_BYTES(MOTE_SHAPE_OF(c), t.batch, t.optimizer);
}

} // namespace

void put_training(blob::Sink &sink, const mote_trainer &t, const float *hidden, size_t stride,
                  const float *const moments[2]) {
    mote_format_trainer head{};
    head.train = t.train;
    head.train.workspace = 0;
    head.step = t.step;
    head.norm = t.norm;
    sink.put(head);
    const CarriedState state = carried_state(t.model->config, t.train);
    for (size_t i = 0; i < state.count; ++i) sink.put(hidden + i * stride, 4 * state.floats);
    for (uint32_t i = 0; i < MOTE_MOMENTS(t.train.optimizer); ++i) sink.put(moments[i], array_bytes(t.model->config));
}

void put_best(blob::Sink &sink, const void *object) {
    const mote_model &best = *static_cast<const mote_model *>(object);
    for (uint32_t i = 0; i < tensor_count(best.config); ++i) sink.put(tensor_data(best, i), spec_of(best, i).bytes());
}

MOTE_NOINLINE uint32_t trainer_section_bytes(const Config &config, const mote_train_config &train) {
    const uint64_t bytes = checkpoint_bytes(config, train) - blob_bytes(config);
    return bytes <= kMaxBytes ? static_cast<uint32_t>(bytes) : 0;
}

mote_status read_head(const blob::View &view, mote_format_trainer *head) {
    if (view.trainer().data == nullptr) return MOTE_ERR_MISSING;
    if (is_quantized(view.config)) return MOTE_ERR_FORMAT; // which does not learn
    *head = view.trainer().as<mote_format_trainer>();
    const mote_train_config &train = head->train;
    if (train.optimizer >= MOTE_OPTIMIZER_COUNT) return MOTE_ERR_UNSUPPORTED;
    for (const uint32_t word : head->reserved)
        if (word != 0) return MOTE_ERR_FORMAT;
    if (train.workspace != 0 || !valid(train) || !finite(head->norm) ||
        trainer_section_bytes(view.config, train) != view.trainer().size)
        return MOTE_ERR_FORMAT;
    return trainer_bytes(view.config, train) <= kMaxBytes ? MOTE_OK : MOTE_ERR_FORMAT;
}

namespace {

// Carried states as one tensor of L H columns, were they laid side by side: B rows, padding within each layer.
mote_status check_carried(const float *hidden, const Config &c, uint32_t batch) {
    const TensorSpec layer{Role::Bias, 0, 0, MOTE_LAYOUT_PANELS, batch, c.hidden, 0, batch * pad(c.hidden)};
    for (uint32_t l = 0; l < c.layers && is_recurrent(c); ++l) {
        const mote_status status = blob::check_numbers(hidden + size_t{l} * layer.count(), layer, cpu::kQuantum, true);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

} // namespace

mote_status read_data(const blob::View &view, const mote_train_config &t, TrainerData *data) {
    const CarriedState state = carried_state(view.config, t);
    data->hidden = at_offset<float>(view.trainer().data, sizeof(mote_format_trainer));
    const float *next = data->hidden + state.count * state.floats;
    mote_status status = check_carried(data->hidden, view.config, t.batch);
    for (uint32_t m = 0; m < MOTE_MOMENTS(t.optimizer) && status == MOTE_OK; ++m) {
        data->moments[m] = next;
        const bool is_signed = (find_optimizer(t.optimizer)->signed_moments >> m & 1) != 0;
        status = blob::check_array(next, view.config, cpu::kMomentQuantum, is_signed);
        next += weight_count(view.config);
    }
    return status;
}

namespace {

void restore(mote_trainer *t, const mote_format_trainer &head, const TrainerData &data) {
    t->step = head.step;
    t->norm = head.norm;
    const CarriedState state = carried_state(t->batch.model->config, t->train);
    float *const hidden = at_offset<float>(t, t->batch.at.hidden);
    for (size_t i = 0; i < state.count; ++i)
        memcpy(hidden + i * state.stride, data.hidden + i * state.floats, 4 * state.floats);
    for (uint32_t m = 0; m < 2 && data.moments[m] != nullptr; ++m)
        memcpy(at_offset<float>(t, t->moments[m]), data.moments[m], array_bytes(t->batch.model->config));
}

// Model and trainer in one piece of the arena, or none of it.
mote_status make_both(mote_trainer **trainer, mote_model **model, mote_arena *arena, const mote_model &saved,
                      const mote_train_config &train) {
    const uint64_t bytes = model_bytes(saved.config) + trainer_bytes(saved.config, train);
    if (arena->used <= arena->size && bytes > arena->size - arena->used) {
        arena->needed = static_cast<size_t>(arena->used + bytes);
        return arena->used + bytes > SIZE_MAX ? MOTE_ERR_SIZE : MOTE_ERR_ARENA;
    }
    const mote_status status = make_model(model, arena, saved.config, vocab_of(saved));
    return status == MOTE_OK ? make_trainer(trainer, arena, *model, train) : status;
}

MOTE_NOINLINE mote_status load(mote_trainer **trainer, mote_model **model, mote_arena *arena, const blob::View &view,
                               const mote_format_trainer &head) {
    mote_model saved;
    TrainerData data{};
    mote_status status = blob::attach(view, &saved);
    if (status == MOTE_OK) status = read_data(view, head.train, &data);
    if (status == MOTE_OK) status = make_both(trainer, model, arena, saved, head.train);
    if (status != MOTE_OK) return status;
    copy_contents(*model, saved);
    restore(*trainer, head, data);
    return MOTE_OK;
}

void put_trainer(blob::Sink &sink, const void *object) {
    const mote_trainer &t = *static_cast<const mote_trainer *>(object);
    const float *const moments[2] = {at_offset<float>(&t, t.moments[0]), at_offset<float>(&t, t.moments[1])};
    const size_t stride = carried_state(t.model->config, t.train).stride;
    put_training(sink, t, at_offset<float>(&t, t.batch.at.hidden), stride, moments);
}

} // namespace

MOTE_NOINLINE mote_status check_saveable(const mote_trainer &t, const mote_model *best) {
    const Config &config = t.model->config;
    if (best != nullptr && !same_config(best->config, config)) return MOTE_ERR_ARG;
    if (trainer_section_bytes(config, t.train) == 0) return MOTE_ERR_SIZE;
    for (uint32_t i = 0; best != nullptr && i < tensor_count(config); ++i) {
        const TensorSpec &spec = spec_of(*best, i);
        if (blob::check_numbers(static_cast<const float *>(tensor_data(*best, i)), spec, cpu::kQuantum, true) !=
            MOTE_OK)
            return MOTE_ERR_NUMERIC;
    }
    return MOTE_OK;
}

} // namespace mote

using namespace mote;

extern "C" {

size_t mote_checkpoint_bytes(const mote_config *config, const mote_train_config *train) {
    return mote_trainer_bytes(config, train) != 0 ? limited_size(checkpoint_bytes(known(*config), *train)) : 0;
}

mote_status mote_checkpoint_save(const mote_trainer *trainer, const mote_model *best, const mote_section *sections,
                                 uint32_t section_count, mote_arena *scratch, mote_write_fn write, void *user) {
    if (trainer == nullptr || scratch == nullptr || write == nullptr) return MOTE_ERR_ARG;
    if ((trainer->ready & kUpdating) != 0) return MOTE_ERR_SEQUENCE; // moments of two steps
    return save_training(*trainer, put_trainer, trainer, best, sections, section_count, scratch, write, user);
}

mote_status mote_checkpoint_best(mote_model *best, const void *blob, size_t bytes) {
    if (best == nullptr || !is_in_ram(*best) || blob == nullptr) return MOTE_ERR_ARG;
    blob::View view;
    mote_status status = blob::view(blob, bytes, &view);
    if (status != MOTE_OK) return status;
    if (view.best().data == nullptr) return MOTE_ERR_MISSING;
    if (is_quantized(view.config) || !same_config(view.config, best->config)) return MOTE_ERR_ARG;
    const float *const weights = &view.best().as<float>();
    status = blob::check_array(weights, view.config, cpu::kQuantum, true);
    if (status == MOTE_OK) memcpy(flat_weights(best), weights, array_bytes(view.config));
    return status;
}

mote_status mote_checkpoint_peek(const void *blob, size_t bytes, mote_config *config, mote_train_config *train) {
    if (blob == nullptr) return MOTE_ERR_ARG;
    blob::View view;
    mote_format_trainer head;
    mote_status status = blob::view(blob, bytes, &view);
    if (status == MOTE_OK) status = read_head(view, &head);
    if (status != MOTE_OK) return status;
    if (config != nullptr) *config = view.config;
    if (train != nullptr) *train = head.train;
    return MOTE_OK;
}

mote_status mote_checkpoint_load(mote_trainer **trainer, mote_model **model, mote_arena *arena, const void *blob,
                                 size_t bytes, uint32_t workspace) {
    if (trainer == nullptr || model == nullptr || arena == nullptr || blob == nullptr ||
        workspace > MOTE_WORKSPACE_PACKED)
        return MOTE_ERR_ARG;
    blob::View view;
    mote_format_trainer head;
    mote_status status = blob::view(blob, bytes, &view);
    if (status == MOTE_OK) status = read_head(view, &head);
    if (status != MOTE_OK) return status;
    head.train.workspace = workspace;
    status = check_trainable(view.config, head.train);
    return status == MOTE_OK ? load(trainer, model, arena, view, head) : status;
}
}
