#include "sharded_training.h"

#include "errors.h"
#include "stop.h"

#include <algorithm>
#include <cstring>

namespace mote::cli {

namespace {

uint32_t share_begin(uint32_t all, uint32_t ranks, uint32_t rank) {
    return static_cast<uint32_t>(uint64_t{all} * rank / ranks);
}

/* Arrays that the sum of a node takes, the first of which is the sum. */
size_t arrays_of(uint32_t shards) { return std::max<size_t>(1, MOTE_SHARDS_NODES(shards)); }

float *floats_of(AlignedBytes &bytes) { return reinterpret_cast<float *>(bytes.data()); }

} // namespace

ShardedTraining::ShardedTraining(Ranks &ranks, uint32_t shards, const mote_config &config,
                                 const mote_train_config &train)
    : ranks_(ranks), config_(config), train_(train), weights_(mote_weight_count(&config)), losses_(shards) {
    const auto blocks = static_cast<uint32_t>((weights_ + MOTE_SHARDS_BLOCK - 1) / MOTE_SHARDS_BLOCK);
    const uint32_t count = ranks.count();
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t shard = share_begin(shards, count, i), block = share_begin(blocks, count, i);
        parts_.push_back({shards, shard, share_begin(shards, count, i + 1) - shard, block,
                          share_begin(blocks, count, i + 1) - block});
    }
    squares_.resize(blocks);
    own_nodes_ = nodes_of(ranks.rank());
}

size_t ShardedTraining::bytes() const { return mote_shards_bytes(&config_, &train_, &own()); }

void ShardedTraining::begin(mote_arena *arena, mote_model *model) {
    model_ = model;
    check(mote_shards_init(&shards_, arena, model, &train_, &own()), "shards");
    make_room();
}

void ShardedTraining::load(mote_arena *arena, mote_model **model, const AlignedBytes &checkpoint,
                           const std::string &path) {
    check(mote_shards_load(&shards_, &model_, arena, checkpoint.data(), checkpoint.size(), train_.workspace, &own()),
          path);
    *model = model_;
    make_room();
}

/* The largest nodes of the tree that a rank's shards make. */
std::vector<ShardedTraining::Node> ShardedTraining::nodes_of(uint32_t rank) const {
    std::vector<Node> nodes;
    const mote_shards_part &part = parts_[rank];
    const uint32_t end = part.first_shard + part.shard_count;
    for (uint32_t first = part.first_shard; first < end; first += nodes.back().count)
        nodes.push_back({first, mote_shards_node(part.shards, first, end)});
    return nodes;
}

size_t ShardedTraining::first_weight(uint32_t rank) const {
    return std::min(weights_, size_t{parts_[rank].first_block} * MOTE_SHARDS_BLOCK);
}
size_t ShardedTraining::weights_of(uint32_t rank) const {
    const mote_shards_part &part = parts_[rank];
    return std::min(weights_, (size_t{part.first_block} + part.block_count) * MOTE_SHARDS_BLOCK) - first_weight(rank);
}

/* For the sums of own nodes, each in the room that the one before has used up; for own blocks of others' nodes. */
void ShardedTraining::make_room() {
    size_t arrays = 0, others = 0;
    for (size_t i = 0; i < own_nodes_.size(); ++i) arrays = std::max(arrays, i + arrays_of(own_nodes_[i].count));
    for (uint32_t rank = 0; rank < ranks_.count(); ++rank)
        if (rank != ranks_.rank()) others += nodes_of(rank).size();
    node_memory_ = AlignedBytes(arrays * weights_ * sizeof(float));
    received_memory_ = AlignedBytes(std::max<size_t>(others, 1) * weights_of(ranks_.rank()) * sizeof(float));
}

mote_status ShardedTraining::sum_own_nodes() {
    own_sums_.clear();
    for (const Node &node : own_nodes_) {
        float *const room = floats_of(node_memory_) + own_sums_.size() * weights_, *sum = nullptr;
        const mote_status status = mote_shards_sum(shards_, node.first, node.count, room, &losses_[node.first], &sum);
        if (status != MOTE_OK) return status;
        if (sum != room && own_nodes_.size() > 1) {
            std::memcpy(room, sum, weights_ * sizeof(float));
            sum = room;
        }
        own_sums_.push_back(sum);
    }
    return MOTE_OK;
}

/* The same error on all ranks: that of the first one which has any. */
void ShardedTraining::check_all(const std::vector<Report> &reports) const {
    for (const Report &report : reports) check(static_cast<mote_status>(report.status), "training step");
}

float ShardedTraining::share_losses(mote_status status) {
    std::vector<Report> reports(ranks_.count());
    Report &mine = reports[ranks_.rank()];
    mine.status = status;
    if (const char *signal = stop_requested()) std::strncpy(mine.stop, signal, sizeof mine.stop - 1);
    std::vector<Ranks::Incoming> heads, losses;
    for (uint32_t rank = 0; rank < ranks_.count(); ++rank) {
        const mote_shards_part &part = parts_[rank];
        heads.push_back({rank, &reports[rank], sizeof(Report)});
        losses.push_back({rank, &losses_[part.first_shard], part.shard_count * sizeof(float)});
    }
    share_pieces(ranks_, heads);
    stop_.clear();
    for (const Report &report : reports)
        if (stop_.empty()) stop_ = std::string(report.stop, strnlen(report.stop, sizeof report.stop));
    check_all(reports);
    share_pieces(ranks_, losses);
    float loss = 0;
    check(mote_shards_loss(losses_.data(), shards(), &loss), "training step");
    return loss;
}

const char *ShardedTraining::stop_signal() const {
    if (ranks_.count() == 1) return stop_requested();
    return stop_.empty() ? nullptr : stop_.c_str();
}

/* Every rank gets its blocks of all nodes. */
void ShardedTraining::share_sums() {
    std::vector<Ranks::Outgoing> sent;
    std::vector<Ranks::Incoming> received;
    const uint32_t me = ranks_.rank();
    float *room = floats_of(received_memory_);
    sums_.clear();
    for (size_t i = 0; i < own_nodes_.size(); ++i)
        sums_[own_nodes_[i].first] = {own_nodes_[i].count, own_sums_[i] + first_weight(me)};
    for (uint32_t other = 0; other < ranks_.count(); ++other) {
        if (other == me) continue;
        for (const float *sum : own_sums_)
            if (weights_of(other) != 0)
                sent.push_back({other, sum + first_weight(other), weights_of(other) * sizeof(float)});
        for (const Node &node : nodes_of(other)) {
            sums_[node.first] = {node.count, room};
            if (weights_of(me) != 0) received.push_back({other, room, weights_of(me) * sizeof(float)});
            room += weights_of(me);
        }
    }
    ranks_.exchange(sent, received);
}

/* Of own blocks, the sum of a node of the tree. */
float *ShardedTraining::whole_sum(uint32_t first, uint32_t end) {
    const Sum &leftmost = sums_.at(first);
    if (leftmost.count == end - first) return leftmost.weights;
    uint32_t half = 1;
    while (2 * half < end - first) half *= 2;
    float *const left = whole_sum(first, first + half), *const right = whole_sum(first + half, end);
    check(mote_shards_add(left, right, weights_of(ranks_.rank())), "sum of shards");
    return left;
}

/* The status of every rank, and the squares of its blocks. */
void ShardedTraining::share_squares(mote_status status) {
    std::vector<Report> reports(ranks_.count());
    reports[ranks_.rank()].status = status;
    std::vector<Ranks::Incoming> heads, squares;
    for (uint32_t rank = 0; rank < ranks_.count(); ++rank) {
        heads.push_back({rank, &reports[rank], sizeof(Report)});
        squares.push_back({rank, squares_.data() + parts_[rank].first_block, parts_[rank].block_count * sizeof(float)});
    }
    share_pieces(ranks_, heads);
    check_all(reports);
    if (train_.clip_norm > 0) share_pieces(ranks_, squares);
}

void ShardedTraining::share_weights() {
    float *const weights = mote_model_weights(model_, nullptr);
    std::vector<Ranks::Incoming> pieces;
    for (uint32_t rank = 0; rank < ranks_.count(); ++rank)
        pieces.push_back({rank, weights + first_weight(rank), weights_of(rank) * sizeof(float)});
    share_pieces(ranks_, pieces);
}

float ShardedTraining::step(float rate, const uint16_t *tokens, const uint16_t *targets) {
    check(mote_shards_set_learning_rate(shards_, rate), "learning rate");
    check(mote_shards_begin(shards_, tokens, targets), "training step");
    const float loss = share_losses(sum_own_nodes());
    share_sums();
    float *const sum = whole_sum(0, shards());
    share_squares(mote_shards_measure(shards_, sum, squares_.data() + own().first_block));
    check(mote_shards_update(shards_, sum, squares_.data()), "training step");
    share_weights();
    return loss;
}

void ShardedTraining::await_first() {
    char nothing = 0;
    if (!ranks_.is_first()) return ranks_.exchange({}, {{0, &nothing, 1}});
    std::vector<Ranks::Outgoing> sent;
    for (uint32_t other = 1; other < ranks_.count(); ++other) sent.push_back({other, &nothing, 1});
    ranks_.exchange(sent, {});
}

void ShardedTraining::gather() {
    const uint32_t moments = static_cast<uint32_t>(MOTE_MOMENTS(train_.optimizer));
    uint32_t slices = 0, own_rows = 0;
    const float *const own_states = mote_shards_states(shards_, &slices, &own_rows);
    const auto rows_of = [&](uint32_t rank) {
        const mote_shards_part &part = parts_[rank];
        const auto row = [&](uint64_t shard) { return shard * train_.batch / part.shards; };
        return static_cast<size_t>(row(part.first_shard + part.shard_count) - row(part.first_shard));
    };
    std::vector<Ranks::Outgoing> sent;
    std::vector<Ranks::Incoming> received;
    std::vector<std::vector<float>> states(ranks_.count());
    for (uint32_t rank = 0; rank < ranks_.count(); ++rank) states[rank].resize(slices * rows_of(rank) * 16);
    if (own_states != nullptr) std::copy_n(own_states, states[ranks_.rank()].size(), states[ranks_.rank()].begin());
    for (uint32_t m = 0; m < moments; ++m) {
        size_t count = 0;
        const float *const own_moments = mote_shards_moments(shards_, m, &count);
        moments_[m].resize(ranks_.is_first() ? weights_ : 0);
        if (ranks_.is_first())
            std::copy_n(own_moments, count, moments_[m].begin());
        else if (count != 0)
            sent.push_back({0, own_moments, count * sizeof(float)});
    }
    if (!ranks_.is_first() && !states[ranks_.rank()].empty())
        sent.push_back({0, states[ranks_.rank()].data(), states[ranks_.rank()].size() * sizeof(float)});
    for (uint32_t rank = 1; ranks_.is_first() && rank < ranks_.count(); ++rank) {
        for (uint32_t m = 0; m < moments && weights_of(rank) != 0; ++m)
            received.push_back({rank, &moments_[m][first_weight(rank)], weights_of(rank) * sizeof(float)});
        if (!states[rank].empty()) received.push_back({rank, states[rank].data(), states[rank].size() * sizeof(float)});
    }
    ranks_.exchange(sent, received);
    if (!ranks_.is_first()) return;
    states_.clear();
    for (uint32_t slice = 0; slice < slices; ++slice)
        for (uint32_t rank = 0; rank < ranks_.count(); ++rank) {
            const size_t floats = rows_of(rank) * 16;
            const auto first = states[rank].begin() + static_cast<std::ptrdiff_t>(slice * floats);
            states_.insert(states_.end(), first, first + static_cast<std::ptrdiff_t>(floats));
        }
}

mote_status ShardedTraining::save(const mote_model *best, const std::vector<mote_section> &sections,
                                  mote_arena *scratch, mote_write_fn write, void *user) {
    const mote_shards_whole whole{states_.data(), {moments_[0].data(), moments_[1].data()}};
    const mote_status status = mote_shards_save(shards_, &whole, best, sections.data(),
                                                static_cast<uint32_t>(sections.size()), scratch, write, user);
    for (std::vector<float> *gathered : {&states_, &moments_[0], &moments_[1]}) *gathered = {};
    return status;
}

} // namespace mote::cli
