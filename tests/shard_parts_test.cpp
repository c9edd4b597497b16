/* Several parts of a training in shards: together they are one that has all of it. */
#include "sharded.h"

#include <cstring>

using namespace mote_test;

namespace {

uint32_t share(uint32_t all, uint32_t parts, uint32_t i) { return static_cast<uint32_t>(uint64_t{all} * i / parts); }

/* Parts side by side, and what goes from one to another. */
class Parts {
  public:
    Parts(const mote_config &config, const mote_train_config &train, uint32_t shards, uint32_t count)
        : weights_(mote_weight_count(&config)), shards_(shards), losses_(shards),
          squares_(static_cast<size_t>(MOTE_SHARDS_BLOCKS(MOTE_SHAPE_OF(config)))) {
        const uint32_t blocks = all_of(config, shards).block_count;
        for (uint32_t i = 0; i < count; ++i) {
            const uint32_t shard = share(shards, count, i), block = share(blocks, count, i);
            const mote_shards_part part{shards, shard, share(shards, count, i + 1) - shard, block,
                                        share(blocks, count, i + 1) - block};
            parts_.push_back(std::make_unique<Sharded>(config, train, part));
        }
    }

    mote_status step(const Batch &batch, float *loss) {
        nodes_.clear();
        for (auto &p : parts_) sum_of(*p, batch);
        REQUIRE(mote_shards_loss(losses_.data(), shards_, loss) == MOTE_OK);
        mote_status status = MOTE_OK;
        for (auto &p : parts_) {
            Floats root = tree(0, shards_, *p);
            const mote_status own = mote_shards_measure(p->shards, root.data(), squares_.data() + p->part.first_block);
            if (own != MOTE_OK) status = own;
            roots_.push_back(std::move(root));
        }
        for (size_t i = 0; i < parts_.size() && status == MOTE_OK; ++i)
            status = mote_shards_update(parts_[i]->shards, roots_[i].data(), squares_.data());
        roots_.clear();
        hand_round();
        return status;
    }

    /* What the parts have alone, put together. */
    Buffer checkpoint() const {
        std::vector<Floats> moments;
        std::vector<float> states;
        mote_shards_whole whole{};
        for (uint32_t m = 0; m < MOTE_MOMENTS(parts_[0]->train.optimizer); ++m) {
            moments.emplace_back(weights_);
            for (const auto &p : parts_) {
                size_t count = 0;
                const float *const own = mote_shards_moments(p->shards, m, &count);
                REQUIRE(own != nullptr);
                std::copy(own, own + count, moments.back().data() + first_weight(*p));
            }
        }
        for (size_t m = 0; m < moments.size(); ++m) whole.moments[m] = moments[m].data();
        put_states(states);
        whole.states = states.data();
        return parts_[0]->checkpoint(&whole);
    }

    uint64_t hash(size_t i) const { return parts_[i]->hash(); }
    size_t size() const { return parts_.size(); }
    Sharded &operator[](size_t i) { return *parts_[i]; }

  private:
    struct Node {
        uint32_t first, count;
        Floats sum;
    };

    size_t first_weight(const Sharded &p) const {
        return std::min<size_t>(weights_, size_t{p.part.first_block} * MOTE_SHARDS_BLOCK);
    }
    size_t end_weight(const Sharded &p) const {
        return std::min<size_t>(weights_, size_t{p.part.first_block + p.part.block_count} * MOTE_SHARDS_BLOCK);
    }

    void sum_of(Sharded &p, const Batch &batch) {
        REQUIRE(mote_shards_begin(p.shards, batch.tokens.data(), batch.targets.data()) == MOTE_OK);
        const uint32_t end = p.part.first_shard + p.part.shard_count;
        for (uint32_t first = p.part.first_shard; first < end;) {
            const uint32_t count = mote_shards_node(shards_, first, end);
            float *sum = nullptr;
            REQUIRE(mote_shards_sum(p.shards, first, count, p.nodes.data(), &losses_[first], &sum) == MOTE_OK);
            nodes_.push_back({first, count, Floats(sum, weights_)});
            first += count;
        }
    }

    /* Own blocks of a node. */
    Floats tree(uint32_t first, uint32_t end, const Sharded &p) const {
        const size_t begin = first_weight(p), count = end_weight(p) - begin;
        for (const Node &node : nodes_)
            if (node.first == first && node.count == end - first) return {node.sum.data() + begin, count};
        REQUIRE(end - first > 1);
        uint32_t half = 1;
        while (2 * half < end - first) half *= 2;
        Floats left = tree(first, first + half, p);
        const Floats right = tree(first + half, end, p);
        REQUIRE(mote_shards_add(left.data(), right.data(), count) == MOTE_OK);
        return left;
    }

    void hand_round() {
        for (const auto &from : parts_)
            for (const auto &to : parts_)
                std::copy(mote_model_weights(from->model, nullptr) + first_weight(*from),
                          mote_model_weights(from->model, nullptr) + end_weight(*from),
                          mote_model_weights(to->model, nullptr) + first_weight(*from));
    }

    void put_states(std::vector<float> &states) const {
        uint32_t slices = 0, rows = 0;
        mote_shards_states(parts_[0]->shards, &slices, &rows);
        const size_t batch = parts_[0]->train.batch;
        states.resize(slices * batch * 16 + 1);
        size_t row = 0;
        for (const auto &p : parts_) {
            const float *const own = mote_shards_states(p->shards, &slices, &rows);
            for (uint32_t s = 0; s < slices; ++s)
                std::copy(own + size_t{s} * rows * 16, own + size_t{s + 1} * rows * 16,
                          &states[(s * batch + row) * 16]);
            row += rows;
        }
        REQUIRE(row == batch);
    }

    size_t weights_;
    uint32_t shards_;
    std::vector<float> losses_, squares_;
    std::vector<std::unique_ptr<Sharded>> parts_;
    std::vector<Node> nodes_;
    std::vector<Floats> roots_;
};

mote_train_config some_train(uint32_t optimizer) {
    mote_train_config train = train_config(11, 3, optimizer);
    train.clip_norm = 0.05f;
    return train;
}

const mote_config models[] = {bigram(40), mlp(29, 3, 5, 40, 2), rnn(37, 6, 40, 2), gru(24, 0, 30, 1)};

} // namespace

TEST_CASE("parts of a training have the bits, and the checkpoint, of one that has all of it") {
    for (const mote_config &config : models)
        for (const uint32_t optimizer : {MOTE_MOMENTUM, MOTE_ADAMW})
            for (const uint32_t shards : {3u, 8u})
                for (const uint32_t count : {1u, 2u, 3u, 7u}) {
                    if (count > shards) continue;
                    INFO(describe(config) << " optimizer " << optimizer << ", " << count << " parts of " << shards);
                    const mote_train_config train = some_train(optimizer);
                    Sharded whole(config, train, all_of(config, shards));
                    Parts parts(config, train, shards, count);
                    Random random(8);
                    for (int i = 0; i < 3; ++i) {
                        const Batch batch = draw_batch(random, config, train.batch, train.time_steps, 0.1);
                        float loss = 0, wanted = 0;
                        REQUIRE(whole.step(batch, &wanted) == MOTE_OK);
                        REQUIRE(parts.step(batch, &loss) == MOTE_OK);
                        CHECK(bits(loss) == bits(wanted));
                        for (size_t p = 0; p < parts.size(); ++p) CHECK(parts.hash(p) == whole.hash());
                    }
                    CHECK(parts.checkpoint() == whole.checkpoint());
                }
}

TEST_CASE("a checkpoint of shards goes on with other parts, and as that of a trainer") {
    for (const mote_config &config : models) {
        const mote_train_config train = some_train(MOTE_ADAMW);
        Sharded run(config, train, all_of(config, 5));
        Random random(8);
        float loss = 0;
        REQUIRE(run.step(draw_batch(random, config, train.batch, train.time_steps), &loss) == MOTE_OK);
        const Buffer saved = run.checkpoint();
        const LoadedCheckpoint trainer(saved, train.workspace);
        REQUIRE(trainer.status == MOTE_OK);
        CHECK(save_checkpoint(trainer.trainer, config) == saved);

        const mote_shards_part all = all_of(config, 5);
        Arena arena(mote_model_bytes(&config) + mote_shards_bytes(&config, &train, &all));
        mote_model *model = nullptr;
        mote_shards *shards = nullptr;
        REQUIRE(mote_shards_load(&shards, &model, &arena.arena, saved.data(), saved.size(), train.workspace, &all) ==
                MOTE_OK);
        const Batch batch = draw_batch(random, config, train.batch, train.time_steps);
        float loaded = 0;
        REQUIRE(run.step(batch, &loss) == MOTE_OK);
        REQUIRE(mote_shards_step(shards, batch.tokens.data(), batch.targets.data(), run.nodes.data(), run.losses.data(),
                                 &loaded) == MOTE_OK);
        CHECK(bits(loss) == bits(loaded));
        CHECK(mote_weights_hash(model) == run.hash());

        Arena small(arena.arena.size - 1);
        CHECK(mote_shards_load(&shards, &model, &small.arena, saved.data(), saved.size(), train.workspace, &all) ==
              MOTE_ERR_ARENA);
        CHECK(small.arena.used == 0);
        const mote_shards_part wrong{12, 0, 12, 0, 1};
        CHECK(mote_shards_load(&shards, &model, &arena.arena, saved.data(), saved.size(), train.workspace, &wrong) ==
              MOTE_ERR_ARG);
    }
}

TEST_CASE("a part that lacks what a call needs says so") {
    const mote_config config = rnn(37, 6, 40, 2);
    Parts parts(config, some_train(MOTE_ADAMW), 4, 2);
    Sharded &part = parts[1];
    Random random(8);
    const Batch batch = draw_batch(random, config, 11, 3);
    float loss = 0, *sum = nullptr;
    CHECK(part.step(batch, &loss) == MOTE_ERR_ARG);
    REQUIRE(mote_shards_begin(part.shards, batch.tokens.data(), batch.targets.data()) == MOTE_OK);
    CHECK(mote_shards_sum(part.shards, 0, 2, part.nodes.data(), part.losses.data(), &sum) == MOTE_ERR_ARG);
    REQUIRE(mote_shards_sum(part.shards, 2, 2, part.nodes.data(), part.losses.data(), &sum) == MOTE_OK);
    CHECK(mote_shards_measure(part.shards, sum, nullptr) == MOTE_ERR_ARG);
    Arena scratch(mote_scratch_bytes(&config));
    mote_buffer buffer{};
    CHECK(mote_shards_save(part.shards, nullptr, nullptr, nullptr, 0, &scratch.arena, mote_buffer_write, &buffer) ==
          MOTE_ERR_ARG);
    const mote_shards_whole whole{};
    CHECK(mote_shards_save(part.shards, &whole, nullptr, nullptr, 0, &scratch.arena, mote_buffer_write, &buffer) ==
          MOTE_ERR_ARG);
}

TEST_CASE("the nodes of the tree are those of the largest powers of two") {
    CHECK(mote_shards_node(8, 0, 8) == 8);
    CHECK(mote_shards_node(8, 0, 7) == 4);
    CHECK(mote_shards_node(8, 2, 8) == 2);
    CHECK(mote_shards_node(7, 4, 7) == 3);
    CHECK(mote_shards_node(7, 6, 7) == 1);
    CHECK(mote_shards_node(5, 0, 5) == 5);
    CHECK(mote_shards_node(5, 1, 5) == 1);
    CHECK(mote_shards_node(65536, 32768, 65536) == 32768);
    CHECK(mote_shards_node(4, 2, 2) == 0);
    CHECK(mote_shards_node(4, 2, 5) == 0);
}
