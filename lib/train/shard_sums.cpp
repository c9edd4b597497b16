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

// The gradients of a shard, where the trainer has them.
MOTE_NOINLINE mote_status compute_shard(mote_shards &s, uint32_t shard, float *loss) {
    mote_trainer &t = s.trainer;
    const uint32_t first = shard_row(s, shard), own = first - own_first_row(s);
    t.batch.batch = shard_row(s, shard + 1) - first;
    t.batch.tokens = s.tokens + size_t{first} * row_tokens(t.batch.config(), t.batch.time);
    copy_states(s, own, false);
    if (shard_loss(t, s.targets + size_t{first} * t.batch.time, loss) != 0 || !finite(*loss)) return MOTE_ERR_NUMERIC;
    copy_states(s, own, true);
    const uint32_t found = network_backward(t.batch);
    if ((found & cpu::kNotFinite) != 0) return MOTE_ERR_NUMERIC;
    return t.batch.split.missed == 0 ? MOTE_OK : MOTE_ERR_PARALLEL;
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

// Arrays of nodes, the last of which is the one furthest to the right.
class NodeStack {
  public:
    NodeStack(mote_shards &s, float *nodes) : s_(s), next_(nodes), count_(s.trainer.batch.at.count) {}
    // The next leaf is one alone so far, or the right half of the last node.
    void push(const float *leaf) {
        memcpy(next_, leaf, size_t{count_} * sizeof(float));
        next_ += count_;
    }
    void add(const float *leaf) { add_node(s_, next_ - count_, leaf); }
    // The last two nodes become one.
    void join() {
        next_ -= count_;
        add_node(s_, next_ - count_, next_);
    }
    bool is_one(const float *nodes) const { return next_ == nodes + count_; }

  private:
    mote_shards &s_;
    float *next_;
    uint32_t count_;
};

// After leaf i of a node of `count` leaves its binary digits say which nodes are whole: a 1 at the end for each.
void put_leaf(NodeStack &stack, const float *leaf, uint32_t i, uint32_t count) {
    if (i % 2 != 0 || i + 1 == count)
        stack.add(leaf);
    else
        stack.push(leaf);
    if (i % 2 == 0) return;
    for (uint32_t rest = i / 2; rest % 2 != 0; rest /= 2) stack.join();
}

mote_status give_up(mote_shards &s, mote_status why) {
    if (why != MOTE_OK) s.stage = kNoStep;
    return why;
}

} // namespace

mote_status sum_shards(mote_shards &s, uint32_t first, uint32_t count, float *nodes, float *losses, float **sum) {
    float *const leaf = gradients_of(s.trainer);
    s.trainer.batch.split.missed = 0;
    NodeStack stack(s, nodes);
    for (uint32_t i = 0; i < count; ++i) {
        const mote_status status = compute_shard(s, first + i, losses + i);
        if (status != MOTE_OK) return give_up(s, status);
        if (count != 1) put_leaf(stack, leaf, i, count);
    }
    while (count != 1 && !stack.is_one(nodes)) stack.join();
    s.next = first + count;
    *sum = count != 1 ? nodes : leaf;
    return give_up(s, s.trainer.batch.split.missed == 0 ? MOTE_OK : MOTE_ERR_PARALLEL);
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
    shards->stage = kNoStep;
    const mote_status status =
        check_batch(t.model->config, t.train.batch, t.train.time_steps, tokens, targets, &t.counted);
    if (status != MOTE_OK) return status;
    if (t.train.state == MOTE_STATE_RESET) mote_shards_reset_state(shards);
    shards->tokens = tokens;
    shards->targets = targets;
    shards->next = shards->part.first_shard;
    shards->stage = kSumming;
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
    if (shards->stage != kSumming || first != shards->next) return MOTE_ERR_SEQUENCE;
    return sum_shards(*shards, first, count, nodes, losses, sum);
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
