// A blob with a trainer in it: 128 bytes of settings, then an RNN's hidden states [L][H / 16][B][16], then the moments.
// Beside it, where there are some, the best weights so far, as the blob's own tensors lie.
#include "arena.h"
#include "blob_write.h"
#include "numeric.h"
#include "trainer.h"

namespace mote {
namespace {

using blob::read_u32;

// The hidden state of one layer and panel: B * 16 floats at the start of (T + 1) B rows.
struct StateSlices {
    size_t count, stride, floats;
    StateSlices(const mote_config &c, const mote_train_config &t)
        : count(c.arch == MOTE_RNN ? size_t{c.layers} * (pad(c.hidden) / cpu::kLanes) : 0),
          stride(size_t{t.batch} * (size_t{t.time} + 1) * cpu::kLanes), floats(size_t{t.batch} * cpu::kLanes) {}
};

void put_settings(blob::Sink &sink, const mote_trainer &t) {
    blob::Record<blob::kTrainerHeader> r;
    const mote_train_config &c = t.train;
    const uint32_t words[6] = {c.batch, c.time, c.loss, c.state, c.optimizer, t.step};
    const float numbers[8] = {c.clip_value, c.clip_norm, c.rate, c.momentum, c.beta1, c.beta2, c.eps, c.decay};
    for (uint32_t i = 0; i < 6; ++i) r.u32(4 * i, words[i]);
    for (uint32_t i = 0; i < 8; ++i) r.f32(24 + 4 * i, numbers[i]);
    r.f32(56, t.norm);
    sink.put(r.bytes, sizeof r.bytes);
}

void put_trainer(blob::Sink &sink, const void *object) {
    const mote_trainer &t = *static_cast<const mote_trainer *>(object);
    put_settings(sink, t);
    const StateSlices slices(t.model->config, t.train);
    for (size_t i = 0; i < slices.count; ++i) sink.put(t.work.hidden + i * slices.stride, 4 * slices.floats);
    for (uint32_t i = 0; i < MOTE_MOMENTS(t.train.optimizer); ++i)
        sink.put(t.moments[i], 4 * static_cast<size_t>(weight_count(t.model->config)));
}

void put_best(blob::Sink &sink, const void *object) {
    const mote_model &best = *static_cast<const mote_model *>(object);
    for (uint32_t i = 0; i < tensor_count(best.config); ++i)
        sink.put(best.tensors[i], 4 * size_t{tensor_spec(best.config, i).count()});
}

// 0: above what a blob may have.
MOTE_NOINLINE uint32_t trainer_section_bytes(const mote_config &config, const mote_train_config &train) {
    const uint64_t bytes = checkpoint_bytes(config, train) - blob_bytes(config);
    return bytes <= kMaxBytes ? static_cast<uint32_t>(bytes) : 0;
}

struct Settings {
    mote_train_config train;
    uint32_t step;
    float norm;
};

mote_status read_settings(const blob::View &view, Settings *s) {
    const uint8_t *p = view.trainer.data;
    if (p == nullptr) return MOTE_ERR_FORMAT;
    mote_train_config &t = s->train;
    t = {};
    t.batch = read_u32(p);
    t.time = read_u32(p + 4);
    t.loss = read_u32(p + 8);
    t.state = read_u32(p + 12);
    t.optimizer = read_u32(p + 16);
    s->step = read_u32(p + 20);
    float *const numbers[8] = {&t.clip_value, &t.clip_norm, &t.rate, &t.momentum, &t.beta1, &t.beta2, &t.eps, &t.decay};
    for (uint32_t i = 0; i < 8; ++i) *numbers[i] = mote_float(read_u32(p + 24 + 4 * i));
    s->norm = mote_float(read_u32(p + 56));
    if (!valid(t) || !finite(s->norm)) return MOTE_ERR_FORMAT;
    if (trainer_section_bytes(view.config, t) != view.trainer.size) return MOTE_ERR_FORMAT;
    return trainer_bytes(view.config, t) <= kMaxBytes ? MOTE_OK : MOTE_ERR_FORMAT;
}

// Hidden states as one tensor of L H columns, were they laid side by side: B rows, padding within each layer.
mote_status check_hidden(const float *hidden, const mote_config &c, uint32_t batch) {
    const TensorSpec layer{Role::Bias, 0, MOTE_LAYOUT_PANELS, batch, c.hidden, 0};
    for (uint32_t l = 0; l < c.layers && c.arch == MOTE_RNN; ++l) {
        const mote_status status = blob::check_numbers(hidden + size_t{l} * layer.count(), layer, cpu::kQuantum, true);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

// Sums of squares have no sign; means of gradients do.
bool signed_moment(const mote_train_config &t, uint32_t which) {
    return t.optimizer == MOTE_MOMENTUM || (t.optimizer == MOTE_ADAMW && which == 0);
}

// An array in the shape of the weights.
mote_status check_array(const float *array, const mote_config &c, float quantum, bool signed_numbers) {
    for (uint32_t i = 0; i < tensor_count(c); ++i) {
        const TensorSpec spec = tensor_spec(c, i);
        const mote_status status = blob::check_numbers(array + spec.offset, spec, quantum, signed_numbers);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

struct TrainerData {
    const float *hidden;
    const float *moments[2];
};

mote_status read_data(const blob::View &view, const mote_train_config &t, TrainerData *data) {
    const StateSlices slices(view.config, t);
    data->hidden = reinterpret_cast<const float *>(view.trainer.data + blob::kTrainerHeader);
    const float *next = data->hidden + slices.count * slices.floats;
    mote_status status = check_hidden(data->hidden, view.config, t.batch);
    for (uint32_t m = 0; m < MOTE_MOMENTS(t.optimizer) && status == MOTE_OK; ++m) {
        data->moments[m] = next;
        status = check_array(next, view.config, cpu::kMomentQuantum, signed_moment(t, m));
        next += weight_count(view.config);
    }
    return status;
}

void restore(mote_trainer *t, const Settings &settings, const TrainerData &data) {
    t->step = settings.step;
    t->norm = settings.norm;
    const StateSlices slices(t->model->config, t->train);
    for (size_t i = 0; i < slices.count; ++i)
        memcpy(t->work.hidden + i * slices.stride, data.hidden + i * slices.floats, 4 * slices.floats);
    for (uint32_t m = 0; m < 2 && data.moments[m] != nullptr; ++m)
        memcpy(t->moments[m], data.moments[m], 4 * static_cast<size_t>(weight_count(t->model->config)));
}

// Model and trainer in one piece of the arena, or none of it.
mote_status make_both(mote_trainer **trainer, mote_model **model, mote_arena *arena, const mote_config &config,
                      const mote_train_config &train) {
    const uint64_t bytes = model_bytes(config) + trainer_bytes(config, train);
    if (arena->used <= arena->size && bytes > arena->size - arena->used) {
        arena->needed = static_cast<size_t>(arena->used + bytes);
        return arena->used + bytes > SIZE_MAX ? MOTE_ERR_ARG : MOTE_ERR_ARENA;
    }
    const mote_status status = make_model(model, arena, config, nullptr);
    return status == MOTE_OK ? make_trainer(trainer, arena, *model, train) : status;
}

mote_status load(mote_trainer **trainer, mote_model **model, mote_arena *arena, const blob::View &view,
                 const Settings &settings) {
    const size_t mark = arena->used;
    mote_status status = make_both(trainer, model, arena, view.config, settings.train);
    if (status != MOTE_OK) return status;
    float *const weights = (*model)->weights;
    TrainerData data{};
    status = blob::attach(view, *model);
    if (status == MOTE_OK) status = read_data(view, settings.train, &data);
    if (status != MOTE_OK) {
        arena->used = mark;
        return status;
    }
    own(*model, weights);
    restore(*trainer, settings, data);
    return MOTE_OK;
}

// Whether a trainer, and a best model beside it, can be saved.
MOTE_NOINLINE mote_status can_save(const mote_trainer &trainer, const mote_model *best) {
    const mote_config &config = trainer.model->config;
    if (best != nullptr && !same_config(best->config, config)) return MOTE_ERR_ARG;
    if (trainer_section_bytes(config, trainer.train) == 0) return MOTE_ERR_ARG;
    return best != nullptr ? blob::check_weights(*best) : MOTE_OK;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

size_t mote_checkpoint_bytes(const mote_config *config, const mote_train_config *train) {
    if (mote_trainer_bytes(config, train) == 0) return 0;
    const uint64_t bytes = checkpoint_bytes(*config, *train);
    return bytes <= kMaxBytes ? static_cast<size_t>(bytes) : 0;
}

mote_status mote_checkpoint_save(const mote_trainer *trainer, const mote_run *run, const mote_model *best,
                                 mote_arena *scratch, mote_write_fn write, void *user) {
    if (trainer == nullptr || scratch == nullptr || write == nullptr) return MOTE_ERR_ARG;
    const mote_status status = can_save(*trainer, best);
    if (status != MOTE_OK) return status;
    const mote_model &model = *trainer->model;
    const blob::Extra extras[2] = {
        {blob::kTrainer, trainer_section_bytes(model.config, trainer->train), put_trainer, trainer},
        {blob::kBest, static_cast<uint32_t>(4 * weight_count(model.config)), put_best, best}};
    return blob::save(model, run, {extras, best != nullptr ? 2u : 1u}, scratch, write, user);
}

mote_status mote_checkpoint_best(mote_model *best, const void *blob, size_t bytes) {
    if (best == nullptr || best->weights == nullptr || blob == nullptr) return MOTE_ERR_ARG;
    blob::View view;
    mote_status status = blob::view(blob, bytes, &view);
    if (status != MOTE_OK) return status;
    if (view.best.data == nullptr || !same_config(view.config, best->config)) return MOTE_ERR_ARG;
    const float *weights = reinterpret_cast<const float *>(view.best.data);
    status = check_array(weights, view.config, cpu::kQuantum, true);
    if (status == MOTE_OK) memcpy(best->weights, weights, 4 * static_cast<size_t>(weight_count(view.config)));
    return status;
}

mote_status mote_checkpoint_peek(const void *blob, size_t bytes, mote_config *config, mote_train_config *train,
                                 mote_run *run) {
    if (blob == nullptr) return MOTE_ERR_ARG;
    blob::View view;
    Settings settings;
    mote_status status = blob::view(blob, bytes, &view);
    if (status == MOTE_OK) status = read_settings(view, &settings);
    if (status != MOTE_OK) return status;
    if (config != nullptr) *config = view.config;
    if (train != nullptr) *train = settings.train;
    return run != nullptr ? blob::read_run(view, run) : MOTE_OK;
}

mote_status mote_checkpoint_load(mote_trainer **trainer, mote_model **model, mote_arena *arena, const void *blob,
                                 size_t bytes, uint32_t workspace) {
    if (trainer == nullptr || model == nullptr || arena == nullptr || blob == nullptr) return MOTE_ERR_ARG;
    blob::View view;
    Settings settings;
    mote_status status = blob::view(blob, bytes, &view);
    if (status == MOTE_OK) status = read_settings(view, &settings);
    if (status != MOTE_OK) return status;
    settings.train.workspace = workspace;
    if (mote_trainer_bytes(&view.config, &settings.train) == 0 || !trains(view.config, settings.train))
        return MOTE_ERR_ARG;
    return load(trainer, model, arena, view, settings);
}
}
