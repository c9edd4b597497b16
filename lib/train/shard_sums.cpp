// The gradients of shards, and of the nodes of the tree above them.
#include <string.h>

#include "numeric.h"
#include "output.h"
#include "shards_of_batch.h"
#include "sizes.h"

namespace mote {
namespace {

// The tree over so many shards is cut here: at the largest power of two below.
uint32_t cut_of(uint32_t shards) {
    uint32_t cut = 1;
    while (cut < shards - cut) cut *= 2;
    return cut;
}

// Hidden states of a shard out of those of all own rows, before its first time step; and into them, after its last.
void copy_states(mote_shards &s, uint32_t first_row, bool after) {
    Batch &b = s.trainer.batch;
    const CarriedState shard(b.config(), b.batch, b.time), own = own_states(s);
    float *hidden = at_offset<float>(&b, b.at.hidden);
    float *all = at_offset<float>(&s, after ? s.states_after : s.states) + size_t{first_row} * cpu::kLanes;
    for (size_t i = 0; i < shard.count; ++i, hidden += shard.stride, all += own.floats)
        if (after)
            memcpy(all, hidden + b.time * shard.floats, 4 * shard.floats);
        else
            memcpy(hidden, all, 4 * shard.floats);
}

// The loss of a shard, and the gradients of its logits. Not 0: NaN or infinity was met.
MOTE_NOINLINE uint32_t shard_loss(mote_trainer &t, const uint16_t *targets, float *loss) {
    const float divisor = loss_divisor(t);
    memset(t.nats, 0, sizeof t.nats);
    const uint32_t bad = network_loss(t.batch, targets, 1.0f / divisor, t.nats);
    *loss = sum_lanes(t.nats) / divisor;
    return bad;
}

// The trainer's batch becomes the next shard.
MOTE_NOINLINE void begin_shard(mote_shards &s) {
    Batch &b = s.trainer.batch;
    const uint32_t first = shard_row(s, s.next);
    b.batch = shard_row(s, s.next + 1) - first;
    b.tokens = s.tokens + size_t{first} * row_tokens(b.config(), b.time);
    copy_states(s, first - own_first_row(s), false);
}

MOTE_NOINLINE mote_status compute_loss(mote_shards &s) {
    float *const loss = s.losses + (s.next - s.first);
    const uint16_t *const targets = s.targets + size_t{shard_row(s, s.next)} * s.trainer.batch.time;
    return shard_loss(s.trainer, targets, loss) == 0 && finite(*loss) ? MOTE_OK : MOTE_ERR_NUMERIC;
}

MOTE_NOINLINE void end_shard(mote_shards &s) { copy_states(s, shard_row(s, s.next) - own_first_row(s), true); }

// The gradients of the next shard, where the trainer has them.
mote_status compute_shard(mote_shards &s) {
    begin_shard(s);
    if (compute_loss(s) != MOTE_OK) return MOTE_ERR_NUMERIC;
    end_shard(s);
    return (network_backward(s.trainer.batch) & cpu::kNotFinite) == 0 ? MOTE_OK : MOTE_ERR_NUMERIC;
}

// So many numbers are added, and then flushed while they are at hand.
constexpr uint32_t kAddedAtOnce = 1024;

void add_range(float *to, const float *from, size_t count) {
    for (size_t first = 0; first < count; first += kAddedAtOnce) {
        const size_t rest = count - first, several = rest < kAddedAtOnce ? rest : kAddedAtOnce;
        for (size_t i = first; i < first + several; ++i) to[i] += from[i];
        cpu::flush(to + first, several);
    }
}

void add_node(mote_shards &s, float *to, const float *from) {
    const uint32_t count = s.trainer.batch.at.count;
    parallel_for(s.trainer.batch.split, count, kAddedAtOnce, uint64_t{count} * 2, [=](Range range) {
        add_range(to + range.first, from + range.first, range.size());
        return 0u;
    });
}

// The last two nodes become one.
void join_nodes(mote_shards &s) {
    s.top -= s.trainer.batch.at.count;
    add_node(s, s.top - s.trainer.batch.at.count, s.top);
}

// The next leaf is one alone so far, or the right half of the last node. After leaf i of a node its binary digits say
// which nodes are whole: a 1 at the end for each.
MOTE_NOINLINE void put_leaf(mote_shards &s) {
    const uint32_t i = s.next - s.first, all = s.trainer.batch.at.count;
    const float *const leaf = gradients_of(s.trainer);
    if (i % 2 == 0 && s.next + 1 != s.end) {
        memcpy(s.top, leaf, size_t{all} * sizeof(float));
        s.top += all;
        return;
    }
    add_node(s, s.top - all, leaf);
    for (uint32_t rest = i % 2 != 0 ? i / 2 : 0; rest % 2 != 0; rest /= 2) join_nodes(s);
}

MOTE_NOINLINE void join_all_nodes(mote_shards &s) {
    while (s.top != s.nodes + s.trainer.batch.at.count) join_nodes(s);
}

mote_status sum_all(mote_shards &s) {
    for (; s.next != s.end; ++s.next) {
        if (compute_shard(s) != MOTE_OK) return MOTE_ERR_NUMERIC;
        if (s.end - s.first != 1) put_leaf(s);
    }
    if (s.end - s.first != 1) join_all_nodes(s);
    return s.trainer.batch.split.missed == 0 ? MOTE_OK : MOTE_ERR_PARALLEL;
}

} // namespace

MOTE_NOINLINE mote_status sum_shards(mote_shards &s, uint32_t first, uint32_t count, float *nodes, float *losses) {
    s.trainer.batch.split.missed = 0;
    s.first = first;
    s.end = first + count;
    s.nodes = s.top = nodes;
    s.losses = losses;
    const mote_status status = sum_all(s);
    if (status != MOTE_OK) s.stage = kNoShards;
    return status;
}

} // namespace mote

using namespace mote;

extern "C" {

uint32_t mote_shards_node(uint32_t shards, uint32_t first, uint32_t end) {
    if (first >= end || end > shards) return 0;
    uint32_t low = 0, high = shards;
    while (low != first || high > end) {
        const uint32_t cut = low + cut_of(high - low);
        if (first < cut)
            high = cut;
        else
            low = cut;
    }
    return high - low;
}

mote_status mote_shards_begin(mote_shards *shards, const uint16_t *tokens, const uint16_t *targets) {
    if (shards == nullptr || tokens == nullptr || targets == nullptr) return MOTE_ERR_ARG;
    mote_trainer &t = shards->trainer;
    shards->stage = kNoShards;
    const mote_status status =
        check_batch(t.model->config, t.train.batch, t.train.time_steps, tokens, targets, &t.counted);
    if (status != MOTE_OK) return status;
    if (t.train.state == MOTE_STATE_RESET) mote_shards_reset_state(shards);
    shards->tokens = tokens;
    shards->targets = targets;
    shards->next = shards->part.first_shard;
    shards->stage = kSummingShards;
    return MOTE_OK;
}

mote_status mote_shards_sum(mote_shards *shards, uint32_t first, uint32_t count, float *nodes, float *losses,
                            float **sum) {
    if (shards == nullptr || losses == nullptr || sum == nullptr || count == 0) return MOTE_ERR_ARG;
    if (nodes == nullptr && count != 1) return MOTE_ERR_ARG;
    if (!aligned(nodes)) return MOTE_ERR_ALIGN;
    const mote_shards_part &part = shards->part;
    const uint32_t end = part.first_shard + part.shard_count;
    if (first < part.first_shard || first >= end || count > end - first ||
        mote_shards_node(part.shards, first, first + count) != count)
        return MOTE_ERR_ARG;
    if (shards->stage != kSummingShards || first != shards->next) return MOTE_ERR_SEQUENCE;
    const mote_status status = sum_shards(*shards, first, count, nodes, losses);
    *sum = sum_of_shards(*shards);
    return status;
}

mote_status mote_shards_add(float *to, const float *from, size_t count) {
    if (to == nullptr || from == nullptr || count % cpu::kLanes != 0) return MOTE_ERR_ARG;
    if (!aligned(to) || !aligned(from)) return MOTE_ERR_ALIGN;
    add_range(to, from, count);
    return MOTE_OK;
}

mote_status mote_shards_loss(float *losses, uint32_t shards, float *loss) {
    if (losses == nullptr || loss == nullptr || shards == 0 || shards > 65536) return MOTE_ERR_ARG;
    for (uint32_t half = 1; half < shards; half *= 2)
        for (uint32_t i = 0; i < shards - half; i += 2 * half) losses[i] = flushed(losses[i] + losses[i + half]);
    *loss = losses[0];
    return finite(*loss) ? MOTE_OK : MOTE_ERR_NUMERIC;
}

void mote_shards_reset_state(mote_shards *shards) {
    if (shards == nullptr) return;
    const CarriedState own = own_states(*shards);
    memset(at_offset<float>(shards, shards->states), 0, own.count * own.floats * sizeof(float));
}

const float *mote_shards_states(const mote_shards *shards, uint32_t *slices, uint32_t *rows) {
    if (shards == nullptr || slices == nullptr || rows == nullptr) return nullptr;
    *slices = static_cast<uint32_t>(own_states(*shards).count);
    *rows = own_rows(*shards);
    return *slices != 0 ? at_offset<float>(shards, shards->states) : nullptr;
}
}
