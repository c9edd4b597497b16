// A batch in shards: a trainer of one shard, that takes one after the other.
#ifndef MOTE_SHARDS_OF_BATCH_H
#define MOTE_SHARDS_OF_BATCH_H

#include "arena.h"
#include "carried.h"
#include "mote_shards.h"
#include "trainer.h"

namespace mote {

// How far a step is.
enum ShardStage : uint32_t { kNoShards, kSummingShards, kShardsMeasured };

} // namespace mote

// Arrays lie behind the handle; offsets count bytes from it.
struct mote_shards {
    // Its batch is the shard under way, its configuration that of the whole batch, its moments those of own blocks.
    mote_trainer trainer;
    mote_shards_part part;
    uint32_t stage;  // mote::ShardStage
    uint32_t next;   // the shard to be summed next
    uint32_t states; // [slices][own rows][16] before the step; and
    uint32_t states_after;
    const uint16_t *tokens, *targets; // of the whole batch
    // The sum under way, here and not on the stack, which it would share with a backward pass.
    uint32_t first, end;
    float *nodes;  // arrays, the last whole one of which is the node furthest to the right
    float *top;    // behind the last one
    float *losses; // of shards from the first one on
};

namespace mote {

static_assert(sizeof(mote_shards) <= MOTE_SZ_SHARDS_HANDLE, "the handle of shards is larger than its size macro says");

// The first row of a shard.
inline uint32_t shard_row(const mote_shards &s, uint32_t shard) {
    return static_cast<uint32_t>(uint64_t{shard} * s.trainer.train.batch / s.part.shards);
}
inline uint32_t own_first_row(const mote_shards &s) { return shard_row(s, s.part.first_shard); }
inline uint32_t own_rows(const mote_shards &s) {
    return shard_row(s, s.part.first_shard + s.part.shard_count) - own_first_row(s);
}
inline bool has_all_shards(const mote_shards &s) { return s.part.shard_count == s.part.shards; }
// Hidden states of own rows.
inline CarriedState own_states(const mote_shards &s) { return {s.trainer.model->config, own_rows(s), 0}; }
// Own weights, of all in their order.
inline Range own_weights(const mote_shards &s) {
    const uint64_t count = s.trainer.batch.at.count;
    return {static_cast<uint32_t>(MOTE_SZ_BLOCKS_END(count, uint64_t{s.part.first_block})),
            static_cast<uint32_t>(MOTE_SZ_BLOCKS_END(count, uint64_t{s.part.first_block} + s.part.block_count))};
}
inline bool has_all_blocks(const mote_shards &s) { return own_weights(s).size() == s.trainer.batch.at.count; }

bool valid_part(const Config &config, const mote_train_config &train, const mote_shards_part &part);
uint64_t shards_bytes(const Config &config, const mote_train_config &train, const mote_shards_part &part);
mote_status make_shards(mote_shards **shards, mote_arena *arena, mote_model *model, const mote_train_config &train,
                        const mote_shards_part &part);

// mote_shards_sum(), mote_shards_measure() and mote_shards_update() of arguments that have been checked.
mote_status sum_shards(mote_shards &s, uint32_t first, uint32_t count, float *nodes, float *losses);
// What it has computed.
inline float *sum_of_shards(mote_shards &s) { return s.end - s.first == 1 ? gradients_of(s.trainer) : s.nodes; }
mote_status measure_shards(mote_shards &s, float *gradients, float *squares);
mote_status update_shards(mote_shards &s, float *gradients, const float *squares);

} // namespace mote

#endif
