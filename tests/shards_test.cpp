/* A batch in shards, held against trainers of the rows of each shard whose gradients are added here. */
#include "network.h"
#include "output.h"
#include "sharded.h"
#include "trainer.h"

#include <algorithm>
#include <cstring>
#include <functional>

using namespace mote_test;

namespace {

float flushed_sum(float a, float b) {
    const float sum = a + b;
    return std::fabs(sum) < quantum ? 0.0f : sum;
}

/* What the tree over values first … end - 1 comes to. */
float tree(const std::function<float(uint32_t)> &value, uint32_t first, uint32_t end) {
    if (end - first == 1) return value(first);
    uint32_t half = 1;
    while (2 * half < end - first) half *= 2;
    return flushed_sum(tree(value, first, first + half), tree(value, first + half, end));
}

/* A trainer for the rows of each shard, and moments of its own. */
class Reference {
  public:
    Reference(const mote_config &config, const mote_train_config &train, uint32_t shards)
        : train_(train), shards_(shards), alphabet_(config.vocab), model_(config, 4, &alphabet_.vocab()),
          count_(mote_weight_count(&config)), gradient_(count_), moments_{Floats(count_), Floats(count_)} {
        for (uint32_t i = 0; i < shards; ++i) {
            mote_train_config own = train;
            own.batch = row(i + 1) - row(i);
            trainers_.push_back(std::make_unique<Trainer>(model_, own));
        }
    }

    float step(const Batch &batch) {
        const auto counted = static_cast<float>(
            std::count_if(batch.targets.begin(), batch.targets.end(), [](uint16_t t) { return t != MOTE_IGNORE; }));
        const float divisor = train_.loss == MOTE_LOSS_MEAN && counted != 0 ? counted : 1.0f;
        std::vector<float> losses;
        for (uint32_t i = 0; i < shards_; ++i)
            losses.push_back(gradient_of(i, rows_of(batch, train_.batch, row(i), row(i + 1)), divisor));
        for (size_t w = 0; w < count_; ++w)
            gradient_[w] =
                tree([&](uint32_t i) { return mote_gradients(trainers_[i]->get(), nullptr)[w]; }, 0, shards_);
        if (counted != 0) update();
        return tree([&](uint32_t i) { return losses[i]; }, 0, shards_);
    }

    uint64_t hash() const { return model_.hash(); }
    float norm = 0;

  private:
    uint32_t row(uint32_t shard) const { return static_cast<uint32_t>(uint64_t{shard} * train_.batch / shards_); }

    float gradient_of(uint32_t shard, Batch batch, float divisor) {
        mote_trainer *const trainer = trainers_[shard]->get();
        float loss = 0;
        if (train_.loss == MOTE_LOSS_SUM) {
            REQUIRE(mote_forward_backward(trainer, batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
            return loss;
        }
        mote::Batch &b = trainer->batch;
        b.tokens = batch.tokens.data();
        if (train_.state == MOTE_STATE_RESET) mote::network_begin(b, false);
        float nats[16] = {};
        REQUIRE(mote::network_loss(b, batch.targets.data(), 1.0f / divisor, nats) == 0);
        loss = mote::sum_lanes(nats) / divisor;
        mote::network_backward(b);
        if (train_.state == MOTE_STATE_CARRY) mote::network_begin(b, true);
        return loss;
    }

    void update() {
        ++steps_;
        if (train_.clip_value > 0) mote_clip_value(gradient_.data(), count_, train_.clip_value);
        if (train_.clip_norm > 0) REQUIRE(mote_clip_norm(gradient_.data(), count_, train_.clip_norm, &norm) == MOTE_OK);
        float *const weights = model_.weights();
        const mote_sgd_params sgd{train_.learning_rate, 0}, momentum{train_.learning_rate, train_.momentum};
        const mote_adagrad_params adagrad{train_.learning_rate, train_.eps};
        const mote_adamw_params adamw{train_.learning_rate, train_.beta1, train_.beta2, train_.eps,
                                      train_.weight_decay};
        mote_status status = MOTE_OK;
        if (train_.optimizer == MOTE_SGD) status = mote_sgd(weights, gradient_.data(), nullptr, count_, &sgd);
        if (train_.optimizer == MOTE_MOMENTUM)
            status = mote_sgd(weights, gradient_.data(), moments_[0].data(), count_, &momentum);
        if (train_.optimizer == MOTE_ADAGRAD)
            status = mote_adagrad(weights, gradient_.data(), moments_[0].data(), count_, &adagrad);
        if (train_.optimizer == MOTE_ADAMW)
            status =
                mote_adamw(weights, gradient_.data(), moments_[0].data(), moments_[1].data(), count_, &adamw, steps_);
        REQUIRE(status == MOTE_OK);
    }

    mote_train_config train_;
    uint32_t shards_, steps_ = 0;
    Alphabet alphabet_;
    Model model_;
    size_t count_;
    Floats gradient_, moments_[2];
    std::vector<std::unique_ptr<Trainer>> trainers_;
};

void check_steps(const mote_config &config, const mote_train_config &train, uint32_t shards) {
    Sharded run(config, train, all_of(config, shards));
    Reference reference(config, train, shards);
    REQUIRE(run.hash() == reference.hash());
    Random random(7);
    for (int i = 0; i < 3; ++i) {
        const Batch batch = draw_batch(random, config, train.batch, train.time_steps, 0.2);
        float loss = 0;
        const float wanted = reference.step(batch);
        REQUIRE(run.step(batch, &loss) == MOTE_OK);
        CHECK(bits(loss) == bits(wanted));
        CHECK(bits(mote_shards_norm(run.shards)) == bits(reference.norm));
    }
    CHECK(run.hash() == reference.hash());
    CHECK(mote_shards_step_count(run.shards) == 3);
}

const mote_config models[] = {bigram(33),        mlp(29, 3, 5, 18, 2, MOTE_RELU),
                              rnn(24, 0, 30, 1), rnn(37, 6, 19, 2),
                              gru(24, 0, 30, 1), gru(21, 7, 17, 2)};

mote_train_config clipped(uint32_t optimizer, uint32_t clips, uint32_t batch = 11) {
    mote_train_config train = train_config(batch, 3, optimizer);
    train.clip_value = (clips & 1) != 0 ? 0.01f : 0.0f;
    train.clip_norm = (clips & 2) != 0 ? 0.05f : 0.0f;
    return train;
}

} // namespace

TEST_CASE("a step in shards has the bits of shards computed alone and added along the tree") {
    Choice choice;
    for (const mote_config &config : models)
        for (const uint32_t optimizer : {MOTE_SGD, MOTE_MOMENTUM, MOTE_ADAGRAD, MOTE_ADAMW})
            for (const uint32_t clips : {0u, 1u, 2u, 3u})
                for (const uint32_t shards : {1u, 2u, 3u, 5u, 8u}) {
                    if (choice.skips()) continue;
                    mote_train_config train = clipped(optimizer, clips);
                    train.loss = (shards + clips) % 2 == 0 ? MOTE_LOSS_MEAN : MOTE_LOSS_SUM;
                    train.state = optimizer == MOTE_ADAGRAD ? MOTE_STATE_RESET : MOTE_STATE_CARRY;
                    train.workspace = optimizer == MOTE_SGD ? MOTE_WORKSPACE_NONE : MOTE_WORKSPACE_PACKED;
                    INFO(describe(config)
                         << " optimizer " << optimizer << ", clips " << clips << ", shards " << shards);
                    check_steps(config, train, shards);
                }
}

TEST_CASE("every number of shards up to one for each row has the bits of its tree") {
    for (uint32_t shards = 1; shards <= 17; ++shards) {
        INFO("shards " << shards);
        check_steps(rnn(24, 0, 20, 1), clipped(MOTE_SGD, 2, 17), shards);
    }
}

TEST_CASE("one shard is training without shards, to the last bit of the checkpoint") {
    for (const mote_config &config : models)
        for (const uint32_t optimizer : {MOTE_SGD, MOTE_ADAGRAD, MOTE_ADAMW}) {
            const mote_train_config train = clipped(optimizer, optimizer == MOTE_SGD ? 0 : 3);
            INFO(describe(config) << " optimizer " << optimizer);
            Sharded run(config, train, all_of(config, 1));
            Model model(config, 4, &run.alphabet.vocab());
            Trainer control(model, train);
            Random random(9);
            for (int i = 0; i < 3; ++i) {
                const Batch batch = draw_batch(random, config, train.batch, train.time_steps, 0.2);
                float loss = 0, wanted = 0;
                REQUIRE(run.step(batch, &loss) == MOTE_OK);
                REQUIRE(mote_train_step(control.get(), batch.tokens.data(), batch.targets.data(), &wanted) == MOTE_OK);
                CHECK(bits(loss) == bits(wanted));
            }
            CHECK(run.checkpoint() == save_checkpoint(control.get(), config));
        }
}

TEST_CASE("a shard without targets adds +0, and a batch without any updates nothing") {
    const mote_train_config train = clipped(MOTE_ADAMW, 2, 8);
    for (const mote_config &config : models) {
        Sharded run(config, train, all_of(config, 4));
        Reference reference(config, train, 4);
        Random random(3);
        Batch batch = draw_batch(random, config, train.batch, train.time_steps);
        std::fill_n(batch.targets.begin() + 2 * train.time_steps, 2 * train.time_steps, uint16_t{MOTE_IGNORE});
        float loss = 0;
        REQUIRE(run.step(batch, &loss) == MOTE_OK);
        CHECK(bits(loss) == bits(reference.step(batch)));
        CHECK(run.hash() == reference.hash());
        const uint64_t before = run.hash();
        std::fill(batch.targets.begin(), batch.targets.end(), uint16_t{MOTE_IGNORE});
        REQUIRE(run.step(batch, &loss) == MOTE_OK);
        CHECK(bits(loss) == 0);
        CHECK(run.hash() == before);
        CHECK(mote_shards_step_count(run.shards) == 1);
    }
}

TEST_CASE("NaN in one shard stops a step before anything has changed") {
    for (const mote_config &config : {rnn(24, 0, 20, 1), gru(24, 5, 20, 1), mlp(20, 2, 4, 16, 1)}) {
        const mote_train_config train = clipped(MOTE_ADAMW, 2, 8);
        Sharded run(config, train, all_of(config, 4));
        Random random(5);
        Batch batch = draw_batch(random, config, train.batch, train.time_steps);
        for (uint16_t &token : batch.tokens) token = static_cast<uint16_t>(token % 19);
        float loss = 0;
        REQUIRE(run.step(batch, &loss) == MOTE_OK);
        /* What only the last row reads is not a number. */
        batch.tokens.back() = 19;
        mote_tensor tensor{};
        REQUIRE(mote_model_tensor(run.model, 0, &tensor) == MOTE_OK);
        float *const weights = mote_model_weights(run.model, nullptr);
        const size_t at = tensor.offset + size_t{19} * 16; /* of the first panel, row 19 */
        const float before = weights[at];
        const Buffer whole = run.checkpoint();
        weights[at] = std::nanf("");
        CHECK(run.step(batch, &loss) == MOTE_ERR_NUMERIC);
        weights[at] = before;
        CHECK(run.checkpoint() == whole);
        CHECK(run.step(batch, &loss) == MOTE_OK);
    }
}

TEST_CASE("memory is what the macro says, and one byte less is refused") {
    for (const mote_config &config : models)
        for (const uint32_t shards : {1u, 3u, 8u})
            for (const uint32_t optimizer : {MOTE_SGD, MOTE_ADAMW}) {
                const mote_train_config train = clipped(optimizer, 2);
                mote_shards_part part = all_of(config, shards);
                const size_t bytes = mote_shards_bytes(&config, &train, &part);
                CHECK(bytes == MOTE_SHARDS_BYTES(MOTE_SHAPE_OF(config), train.batch, train.time_steps, optimizer,
                                                 train.workspace, shards));
                if (shards > 1) {
                    part.first_shard = 1;
                    part.shard_count = shards - 1;
                    part.first_block = 1;
                    part.block_count -= 1;
                    const size_t fewer = mote_shards_bytes(&config, &train, &part);
                    CHECK(fewer == MOTE_SHARDS_PART_BYTES(MOTE_SHAPE_OF(config), train.batch, train.time_steps,
                                                          optimizer, train.workspace, shards, 1, shards - 1, 1,
                                                          part.block_count));
                    CHECK(fewer <= bytes);
                }
                const Model model(config);
                Arena arena(mote_shards_bytes(&config, &train, &part) - 1);
                mote_shards *run = nullptr;
                CHECK(mote_shards_init(&run, &arena.arena, model.get(), &train, &part) == MOTE_ERR_ARENA);
                CHECK(arena.arena.needed == arena.arena.size + 1);
                CHECK(arena.memory.filled_with(0));
            }
}

TEST_CASE("parts and arguments that cannot be used are refused") {
    const mote_config config = rnn(24, 0, 30, 1);
    const mote_train_config train = clipped(MOTE_SGD, 2);
    const uint32_t blocks = all_of(config, 4).block_count;
    for (const mote_shards_part &part :
         {mote_shards_part{0, 0, 0, 0, 1}, mote_shards_part{12, 0, 12, 0, 1}, mote_shards_part{4, 0, 0, 0, 1},
          mote_shards_part{4, 3, 2, 0, 1}, mote_shards_part{4, 0xffffffff, 2, 0, 1},
          mote_shards_part{4, 0, 4, 0, blocks + 1}, mote_shards_part{4, 0, 4, 1, blocks},
          mote_shards_part{4, 0, 4, 0xffffffff, 1}}) {
        const Model model(config);
        Arena arena(1 << 20);
        mote_shards *run = nullptr;
        CHECK(mote_shards_bytes(&config, &train, &part) == 0);
        CHECK(mote_shards_init(&run, &arena.arena, model.get(), &train, &part) == MOTE_ERR_ARG);
        CHECK(arena.arena.used == 0);
    }
    Sharded run(config, train, all_of(config, 4));
    Random random(2);
    Batch batch = draw_batch(random, config, train.batch, train.time_steps);
    float loss = 0, *sum = nullptr, *const nodes = run.nodes.data(), *const losses = run.losses.data();
    const uint16_t *const tokens = batch.tokens.data(), *const targets = batch.targets.data();
    CHECK(mote_shards_step(nullptr, tokens, targets, nodes, losses, &loss) == MOTE_ERR_ARG);
    CHECK(mote_shards_step(run.shards, nullptr, targets, nodes, losses, &loss) == MOTE_ERR_ARG);
    CHECK(mote_shards_step(run.shards, tokens, targets, nullptr, losses, &loss) == MOTE_ERR_ARG);
    CHECK(mote_shards_step(run.shards, tokens, targets, nodes + 1, losses, &loss) == MOTE_ERR_ALIGN);
    CHECK(mote_shards_step(run.shards, tokens, targets, nodes, nullptr, &loss) == MOTE_ERR_ARG);
    CHECK(mote_shards_sum(run.shards, 0, 2, nodes, losses, &sum) == MOTE_ERR_SEQUENCE);
    CHECK(mote_shards_measure(run.shards, nodes, nullptr) == MOTE_ERR_SEQUENCE);
    CHECK(mote_shards_update(run.shards, nodes, nullptr) == MOTE_ERR_SEQUENCE);
    REQUIRE(mote_shards_begin(run.shards, tokens, targets) == MOTE_OK);
    CHECK(mote_shards_sum(run.shards, 1, 2, nodes, losses, &sum) == MOTE_ERR_ARG);
    CHECK(mote_shards_sum(run.shards, 0, 5, nodes, losses, &sum) == MOTE_ERR_ARG);
    CHECK(mote_shards_sum(run.shards, 2, 2, nodes, losses, &sum) == MOTE_ERR_SEQUENCE);
    CHECK(mote_shards_sum(run.shards, 0, 2, nodes, losses, &sum) == MOTE_OK);
    CHECK(mote_shards_measure(run.shards, sum, nullptr) == MOTE_ERR_SEQUENCE);
    CHECK(mote_shards_add(nodes, nullptr, 16) == MOTE_ERR_ARG);
    CHECK(mote_shards_add(nodes, nodes + 16, 8) == MOTE_ERR_ARG);
    CHECK(mote_shards_add(nodes, nodes + 1, 16) == MOTE_ERR_ALIGN);
    CHECK(mote_shards_loss(losses, 0, &loss) == MOTE_ERR_ARG);
    float beyond[2] = {3e38f, 3e38f};
    CHECK(mote_shards_loss(beyond, 2, &loss) == MOTE_ERR_NUMERIC);
    batch.tokens[5] = 24;
    CHECK(mote_shards_begin(run.shards, tokens, targets) == MOTE_ERR_TOKEN);
    CHECK(mote_shards_sum(run.shards, 0, 2, nodes, losses, &sum) == MOTE_ERR_SEQUENCE);
}

TEST_CASE("the weights after training in shards are these on every target") {
    const mote_config config = gru(37, 6, 20, 2);
    Sharded run(config, clipped(MOTE_ADAMW, 3, 7), all_of(config, 3));
    Random random(1);
    float loss = 0;
    for (int i = 0; i < 20; ++i) REQUIRE(run.step(draw_batch(random, config, 7, 3, 0.1), &loss) == MOTE_OK);
    CHECK(run.hash() == 0xbb4261d149123c7eull);
    CHECK(bits(loss) == 0x406e4774u);
}
