#include "shards_of_batch.h"

#include "optimizer.h"
#include "sizes.h"

namespace mote {

bool valid_part(const Config &config, const mote_train_config &train, const mote_shards_part &p) {
    const uint64_t blocks = (weight_count(config) + MOTE_SHARDS_BLOCK - 1) / MOTE_SHARDS_BLOCK;
    return p.shards >= 1 && p.shards <= train.batch && p.shard_count >= 1 && p.shard_count <= p.shards &&
           p.first_shard <= p.shards - p.shard_count && p.block_count <= blocks &&
           p.first_block <= blocks - p.block_count;
}

uint64_t shards_bytes(const Config &c, const mote_train_config &t, const mote_shards_part &p) {
    return MOTE_SHARDS_PART_BYTES(MOTE_SHAPE_OF(c), t.batch, t.time_steps, t.optimizer, t.workspace, p.shards,
                                  p.first_shard, p.shard_count, p.first_block, p.block_count);
}

mote_status make_shards(mote_shards **shards, mote_arena *arena, mote_model *model, const mote_train_config &train,
                        const mote_shards_part &part) {
    const Config &config = model->config;
    const uint64_t bytes = shards_bytes(config, train, part);
    if (bytes > kMaxBytes) return MOTE_ERR_SIZE;
    void *memory;
    const mote_status status = arena_alloc(arena, bytes, &memory);
    if (status != MOTE_OK) return status;
    mote_shards *s = static_cast<mote_shards *>(memory);
    mote_trainer &t = s->trainer;
    Offsets offsets(MOTE_SZ_SHARDS_HANDLE);
    s->part = part;
    t.train = train;
    t.model = model;
    t.batch.model = model;
    place_batch(&t.batch, static_cast<uint32_t>(MOTE_SZ_SHARD_ROWS(train.batch, part.shards)), train.time_steps, true,
                &offsets);
    const uint32_t own = own_weights(*s).size();
    for (uint32_t i = 0; i < MOTE_MOMENTS(train.optimizer); ++i) t.moments[i] = offsets.floats(own);
    const uint32_t carried =
        static_cast<uint32_t>(MOTE_SZ_CARRIED(config.cell, config.hidden, config.layers, own_rows(*s)));
    s->states = offsets.floats(carried);
    s->states_after = offsets.floats(carried);
    if (train.workspace == MOTE_WORKSPACE_PACKED) t.batch.at.transposed = offsets.bytes(0);
    *shards = s;
    return MOTE_OK;
}

} // namespace mote

using namespace mote;

extern "C" {

size_t mote_shards_bytes(const mote_config *config, const mote_train_config *train, const mote_shards_part *part) {
    if (part == nullptr || mote_trainer_bytes(config, train) == 0 || !valid_part(known(*config), *train, *part))
        return 0;
    return limited_size(shards_bytes(known(*config), *train, *part));
}

mote_status mote_shards_init(mote_shards **shards, mote_arena *arena, mote_model *model, const mote_train_config *train,
                             const mote_shards_part *part) {
    if (shards == nullptr || arena == nullptr || model == nullptr || train == nullptr || part == nullptr)
        return MOTE_ERR_ARG;
    if (!is_in_ram(*model) || !mote::valid(*train) || !valid_part(model->config, *train, *part)) return MOTE_ERR_ARG;
    const mote_status status = check_trainable(model->config, *train);
    return status == MOTE_OK ? make_shards(shards, arena, model, *train, *part) : status;
}

mote_status mote_shards_set_parallel(mote_shards *shards, mote_parallel_fn parallel, void *user, uint32_t tasks) {
    return shards != nullptr ? mote_trainer_set_parallel(&shards->trainer, parallel, user, tasks) : MOTE_ERR_ARG;
}

mote_status mote_shards_set_learning_rate(mote_shards *shards, float learning_rate) {
    return shards != nullptr ? mote_trainer_set_learning_rate(&shards->trainer, learning_rate) : MOTE_ERR_ARG;
}

uint32_t mote_shards_step_count(const mote_shards *shards) { return shards != nullptr ? shards->trainer.step : 0; }

float mote_shards_norm(const mote_shards *shards) { return shards != nullptr ? shards->trainer.norm : 0.0f; }

const float *mote_shards_moments(const mote_shards *shards, uint32_t index, size_t *count) {
    if (shards == nullptr || count == nullptr || index >= MOTE_MOMENTS(shards->trainer.train.optimizer)) return nullptr;
    *count = own_weights(*shards).size();
    return at_offset<float>(shards, shards->trainer.moments[index]);
}
}
