// From the sum of all shards to new weights: of own blocks.
#include "numeric.h"
#include "optimizer.h"
#include "shards_of_batch.h"

namespace mote {
namespace {

uint32_t flush_own(mote_shards &s, float *gradients, uint32_t count) {
    return parallel_for(s.trainer.batch.split, count, cpu::kLanes, count,
                        [gradients](Range range) { return cpu::flush(gradients + range.first, range.size()); });
}

// Sums of squares of the blocks, in order; what cpu::sum_squares() adds them up to.
void square_blocks(const float *gradients, uint32_t count, float *squares) {
    for (uint32_t first = 0; first < count; first += MOTE_SHARDS_BLOCK) {
        const uint32_t rest = count - first;
        *squares++ = cpu::sum_squares(gradients + first, rest < MOTE_SHARDS_BLOCK ? rest : MOTE_SHARDS_BLOCK);
    }
}

float sum_of_blocks(const float *squares, uint32_t blocks) {
    float sum = 0.0f;
    for (uint32_t i = 0; i < blocks; ++i) sum = sum + squares[i];
    return sum;
}

// Scales own gradients by the norm of all.
mote_status clip_by_norm(mote_shards &s, float *gradients, const float *squares) {
    mote_trainer &t = s.trainer;
    const uint32_t own = own_weights(s).size(), all = t.batch.at.count;
    if (squares == nullptr) return clip_norm(gradients, own, t.train.clip_norm, &t.norm);
    const float norm = cpu::sqrt1(sum_of_blocks(squares, (all + MOTE_SHARDS_BLOCK - 1) / MOTE_SHARDS_BLOCK));
    if (!finite(norm)) return MOTE_ERR_NUMERIC;
    t.norm = norm;
    const float factor = norm_factor(norm, t.train.clip_norm);
    if (factor < 1.0f) cpu::scale(gradients, own, flushed(factor));
    return MOTE_OK;
}

MOTE_NOINLINE void update(mote_shards &s, float *gradients) {
    mote_trainer &t = s.trainer;
    t.step = next_step(t);
    const Optimizer &optimizer = *find_optimizer(t.train.optimizer);
    const Range own = own_weights(s);
    float *const weights = flat_weights(t.model) + own.first;
    parallel_for(t.batch.split, own.size(), cpu::kLanes, uint64_t{own.size()} * 4, [&](Range range) {
        float *const moments[2] = {at_offset<float>(&s, t.moments[0]) + range.first,
                                   at_offset<float>(&s, t.moments[1]) + range.first};
        optimizer.update(t.train, weights + range.first, gradients + range.first, moments, range.size(), t.step);
        return 0u;
    });
}

void carry(mote_shards &s) {
    if (s.trainer.train.state != MOTE_STATE_CARRY) return;
    const uint32_t before = s.states;
    s.states = s.states_after;
    s.states_after = before;
}

} // namespace

mote_status measure_shards(mote_shards &s, float *gradients, float *squares) {
    mote_trainer &t = s.trainer;
    const uint32_t own = own_weights(s).size();
    const bool by_value = t.train.clip_value > 0.0f, by_norm = t.train.clip_norm > 0.0f;
    s.stage = kNoShards;
    t.batch.split.missed = 0;
    const uint32_t found = flush_own(s, gradients, own);
    // A limit of the clip is at most kLargest, so only gradients that nothing clips can be above it.
    const uint32_t refused = cpu::kNotFinite | (by_value || by_norm || t.counted == 0 ? 0 : cpu::kTooLarge);
    if ((found & refused) != 0) return MOTE_ERR_NUMERIC;
    if (t.batch.split.missed != 0) return MOTE_ERR_PARALLEL;
    if (by_value) cpu::clip(gradients, own, t.train.clip_value);
    if (by_norm && squares != nullptr) square_blocks(gradients, own, squares);
    s.stage = kShardsMeasured;
    return MOTE_OK;
}

mote_status update_shards(mote_shards &s, float *gradients, const float *squares) {
    mote_trainer &t = s.trainer;
    s.stage = kNoShards;
    if (t.counted != 0) {
        const mote_status status = t.train.clip_norm > 0.0f ? clip_by_norm(s, gradients, squares) : MOTE_OK;
        if (status != MOTE_OK) return status;
        update(s, gradients);
    }
    carry(s);
    return MOTE_OK;
}

namespace {

// Blocks and what is known of others' fit together.
mote_status check_own(const mote_shards *s, const float *gradients, const float *squares) {
    if (s == nullptr) return MOTE_ERR_ARG;
    if (own_weights(*s).size() != 0 && gradients == nullptr) return MOTE_ERR_ARG;
    if (squares == nullptr && s->trainer.train.clip_norm > 0.0f && !has_all_blocks(*s)) return MOTE_ERR_ARG;
    return aligned(gradients) ? MOTE_OK : MOTE_ERR_ALIGN;
}

// Loss and update of a step whose shards have been summed.
MOTE_NOINLINE mote_status finish(mote_shards &s, float *loss) {
    float *const sum = sum_of_shards(s);
    mote_status status = mote_shards_loss(s.losses, s.part.shards, loss);
    if (status == MOTE_OK) status = measure_shards(s, sum, nullptr);
    return status == MOTE_OK ? update_shards(s, sum, nullptr) : status;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

mote_status mote_shards_measure(mote_shards *shards, float *gradients, float *squares) {
    const mote_status status = check_own(shards, gradients, squares);
    if (status != MOTE_OK) return status;
    if (shards->stage != kSummingShards || shards->next != shards->part.first_shard + shards->part.shard_count)
        return MOTE_ERR_SEQUENCE;
    return measure_shards(*shards, gradients, squares);
}

mote_status mote_shards_update(mote_shards *shards, float *gradients, const float *squares) {
    const mote_status status = check_own(shards, gradients, squares);
    if (status != MOTE_OK) return status;
    if (shards->stage != kShardsMeasured) return MOTE_ERR_SEQUENCE;
    return update_shards(*shards, gradients, squares);
}

mote_status mote_shards_step(mote_shards *shards, const uint16_t *tokens, const uint16_t *targets, float *nodes,
                             float *losses, float *loss) {
    if (shards == nullptr || losses == nullptr || loss == nullptr || !has_all_shards(*shards) ||
        !has_all_blocks(*shards) || (nodes == nullptr && shards->part.shards != 1))
        return MOTE_ERR_ARG;
    if (!aligned(nodes)) return MOTE_ERR_ALIGN;
    mote_status status = mote_shards_begin(shards, tokens, targets);
    if (status == MOTE_OK) status = sum_shards(*shards, 0, shards->part.shards, nodes, losses);
    return status == MOTE_OK ? finish(*shards, loss) : status;
}
}
