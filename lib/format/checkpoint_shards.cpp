// Checkpoints of a batch in shards: the file is that of a trainer of the whole batch.
#include <string.h>

#include "checkpoint.h"
#include "shards_of_batch.h"
#include "sizes.h"

namespace mote {
namespace {

// What is written: of all that is here where there is nothing else.
struct Saved {
    const mote_shards *shards;
    const mote_shards_whole *whole; // may be null
};

// Whether it is all.
MOTE_NOINLINE bool is_whole(const mote_shards &s, const mote_shards_whole *whole) {
    if (whole == nullptr) return has_all_shards(s) && has_all_blocks(s);
    if (is_recurrent(s.trainer.model->config) && whole->states == nullptr) return false;
    for (uint32_t i = 0; i < MOTE_MOMENTS(s.trainer.train.optimizer); ++i)
        if (whole->moments[i] == nullptr) return false;
    return true;
}

void put_shards(blob::Sink &sink, const void *object) {
    const Saved &saved = *static_cast<const Saved *>(object);
    const mote_shards &s = *saved.shards;
    const mote_trainer &t = s.trainer;
    const float *const own[2] = {at_offset<float>(&s, t.moments[0]), at_offset<float>(&s, t.moments[1])};
    const bool here = saved.whole == nullptr;
    put_training(sink, t, here ? at_offset<float>(&s, s.states) : saved.whole->states,
                 size_t{t.train.batch} * cpu::kLanes, here ? own : saved.whole->moments);
}

void restore(mote_shards &s, const mote_format_trainer &head, const TrainerData &data) {
    mote_trainer &t = s.trainer;
    t.step = head.step;
    t.norm = head.norm;
    const CarriedState own = own_states(s);
    const size_t all_rows = size_t{t.train.batch} * cpu::kLanes;
    const float *from = data.hidden + size_t{own_first_row(s)} * cpu::kLanes;
    float *to = at_offset<float>(&s, s.states);
    for (size_t i = 0; i < own.count; ++i) memcpy(to + i * own.floats, from + i * all_rows, 4 * own.floats);
    const Range weights = own_weights(s);
    for (uint32_t i = 0; i < MOTE_MOMENTS(t.train.optimizer); ++i)
        memcpy(at_offset<float>(&s, t.moments[i]), data.moments[i] + weights.first, 4 * size_t{weights.size()});
}

// Model and shards in one piece of the arena, or none of it.
mote_status make_both(mote_shards **shards, mote_model **model, mote_arena *arena, const mote_model &saved,
                      const mote_train_config &train, const mote_shards_part &part) {
    const uint64_t of_shards = shards_bytes(saved.config, train, part), bytes = model_bytes(saved.config) + of_shards;
    if (of_shards > kMaxBytes) return MOTE_ERR_SIZE;
    if (arena->used <= arena->size && bytes > arena->size - arena->used) {
        arena->needed = static_cast<size_t>(arena->used + bytes);
        return arena->used + bytes > SIZE_MAX ? MOTE_ERR_SIZE : MOTE_ERR_ARENA;
    }
    const mote_status status = make_model(model, arena, saved.config, vocab_of(saved));
    return status == MOTE_OK ? make_shards(shards, arena, *model, train, part) : status;
}

MOTE_NOINLINE mote_status load(mote_shards **shards, mote_model **model, mote_arena *arena, const blob::View &view,
                               const mote_format_trainer &head, const mote_shards_part &part) {
    mote_model saved;
    TrainerData data{};
    mote_status status = blob::attach(view, &saved);
    if (status == MOTE_OK) status = read_data(view, head.train, &data);
    if (status == MOTE_OK) status = make_both(shards, model, arena, saved, head.train, part);
    if (status != MOTE_OK) return status;
    copy_contents(*model, saved);
    restore(**shards, head, data);
    return MOTE_OK;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_shards_save(const mote_shards *shards, const mote_shards_whole *whole, const mote_model *best,
                             const mote_section *sections, uint32_t section_count, mote_arena *scratch,
                             mote_write_fn write, void *user) {
    if (shards == nullptr || scratch == nullptr || write == nullptr) return MOTE_ERR_ARG;
    if (!is_whole(*shards, whole)) return MOTE_ERR_ARG;
    const Saved saved{shards, whole};
    return save_training(shards->trainer, put_shards, &saved, best, sections, section_count, scratch, write, user);
}

mote_status mote_shards_load(mote_shards **shards, mote_model **model, mote_arena *arena, const void *blob,
                             size_t bytes, uint32_t workspace, const mote_shards_part *part) {
    if (shards == nullptr || model == nullptr || arena == nullptr || blob == nullptr || part == nullptr ||
        workspace > MOTE_WORKSPACE_PACKED)
        return MOTE_ERR_ARG;
    blob::View view;
    mote_format_trainer head;
    mote_status status = blob::view(blob, bytes, &view);
    if (status == MOTE_OK) status = read_head(view, &head);
    if (status != MOTE_OK) return status;
    head.train.workspace = workspace;
    if (!valid_part(view.config, head.train, *part)) return MOTE_ERR_ARG;
    status = check_trainable(view.config, head.train);
    return status == MOTE_OK ? load(shards, model, arena, view, head, *part) : status;
}
}
