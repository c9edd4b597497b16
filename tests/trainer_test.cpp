#include "support.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

/* The optimizer that a trainer was configured with, out of the low-level pieces. */
class ByHand {
  public:
    ByHand(const Model &model, const mote_train_config &train) : model_(model), train_(train), trainer_(model, train) {
        model.weights(&count_);
        m_ = Floats(count_);
        v_ = Floats(count_);
    }

    void step(const Batch &batch, float *loss, float *norm) {
        REQUIRE(mote_forward_backward(trainer_.get(), batch.tokens.data(), batch.targets.data(), loss) == MOTE_OK);
        float *g = mote_gradients(trainer_.get(), nullptr);
        *norm = 0;
        if (train_.clip_value > 0) REQUIRE(mote_clip_value(g, count_, train_.clip_value) == MOTE_OK);
        if (train_.clip_norm > 0) REQUIRE(mote_clip_norm(g, count_, train_.clip_norm, norm) == MOTE_OK);
        REQUIRE(update(g, ++steps_) == MOTE_OK);
    }

  private:
    mote_status update(const float *g, uint32_t step) {
        float *w = model_.weights();
        const mote_sgd_params sgd{train_.learning_rate, train_.optimizer == MOTE_MOMENTUM ? train_.momentum : 0.0f};
        const mote_adagrad_params adagrad{train_.learning_rate, train_.eps};
        const mote_adamw_params adamw{train_.learning_rate, train_.beta1, train_.beta2, train_.eps,
                                      train_.weight_decay};
        switch (train_.optimizer) {
        case MOTE_SGD:
            return mote_sgd(w, g, nullptr, count_, &sgd);
        case MOTE_MOMENTUM:
            return mote_sgd(w, g, m_.data(), count_, &sgd);
        case MOTE_ADAGRAD:
            return mote_adagrad(w, g, m_.data(), count_, &adagrad);
        default:
            return mote_adamw(w, g, m_.data(), v_.data(), count_, &adamw, step);
        }
    }

    const Model &model_;
    mote_train_config train_;
    Trainer trainer_;
    size_t count_ = 0;
    Floats m_{0};
    Floats v_{0};
    uint32_t steps_ = 0;
};

constexpr uint32_t optimizers[] = {MOTE_SGD, MOTE_MOMENTUM, MOTE_ADAGRAD, MOTE_ADAMW};
const mote_config models[] = {bigram(9), mlp(9, 3, 4, 16, 2), rnn(9, 4, 16, 2), gru(9, 4, 16, 2)};

} // namespace

TEST_CASE("a trainer's step is forward, backward, clip and update by hand, bit for bit") {
    for (const uint32_t optimizer : optimizers)
        for (const uint32_t workspace : {MOTE_WORKSPACE_NONE, MOTE_WORKSPACE_PACKED})
            for (const float clip_value : {0.0f, 0.05f})
                for (const float clip_norm : {0.0f, 0.25f}) {
                    INFO("optimizer " << optimizer << " workspace " << workspace << " clip " << clip_value << " "
                                      << clip_norm);
                    const mote_config config = rnn(19, 5, 18, 2);
                    mote_train_config train = train_config(3, 4, optimizer);
                    train.workspace = workspace;
                    train.clip_value = clip_value;
                    train.clip_norm = clip_norm;
                    const Model ours(config, 6);
                    const Model theirs(config, 6);
                    const Trainer trainer(ours, train);
                    ByHand by_hand(theirs, train);
                    Random random(6);
                    for (uint32_t step = 1; step <= 5; ++step) {
                        const Batch batch = draw_batch(random, config.vocab, 3, 4, 0.2);
                        float loss[2] = {-1, -2};
                        float norm = -1;
                        REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss[0]) ==
                                MOTE_OK);
                        by_hand.step(batch, &loss[1], &norm);
                        CHECK(bits(loss[0]) == bits(loss[1]));
                        CHECK(bits(mote_trainer_norm(trainer.get())) == bits(norm));
                        CHECK(mote_trainer_step_count(trainer.get()) == step);
                        CHECK(ours.hash() == theirs.hash());
                        CHECK(dirty_padding(ours.get(), ours.weights()) == 0);
                    }
                }
}

TEST_CASE("a train step is forward_backward followed by apply") {
    for (const mote_config &config : models)
        for (const uint32_t optimizer : optimizers) {
            INFO(describe(config) << " optimizer " << optimizer);
            mote_train_config train = train_config(2, 5, optimizer);
            train.clip_norm = 0.5f;
            const Model whole(config, 3);
            const Model pieces(config, 3);
            const Trainer whole_trainer(whole, train);
            const Trainer pieces_trainer(pieces, train);
            Random random(3);
            for (int step = 0; step < 4; ++step) {
                const Batch batch = draw_batch(random, config, 2, 5);
                float loss[2] = {-1, -2};
                REQUIRE(mote_train_step(whole_trainer.get(), batch.tokens.data(), batch.targets.data(), &loss[0]) ==
                        MOTE_OK);
                REQUIRE(mote_forward_backward(pieces_trainer.get(), batch.tokens.data(), batch.targets.data(),
                                              &loss[1]) == MOTE_OK);
                REQUIRE(mote_trainer_apply(pieces_trainer.get()) == MOTE_OK);
                CHECK(bits(loss[0]) == bits(loss[1]));
                CHECK(whole.hash() == pieces.hash());
                CHECK(bits(mote_trainer_norm(whole_trainer.get())) == bits(mote_trainer_norm(pieces_trainer.get())));
            }
        }
}

TEST_CASE("a batch without a counted target has loss 0 and gradients +0 and updates nothing") {
    for (const uint32_t optimizer : optimizers) {
        INFO("optimizer " << optimizer);
        const mote_config config = rnn(9, 3, 7, 2);
        const Model model(config, 4);
        mote_train_config train = train_config(2, 3, optimizer);
        train.clip_norm = 1;
        const Trainer trainer(model, train);
        Random random(4);
        Batch batch = draw_batch(random, config.vocab, 2, 3);
        float loss = -1;
        REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
        const uint64_t hash = model.hash();
        for (uint16_t &target : batch.targets) target = MOTE_IGNORE;
        for (int i = 0; i < 3; ++i) {
            REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
            CHECK(bits(loss) == 0);
        }
        CHECK(model.hash() == hash);
        CHECK(mote_trainer_step_count(trainer.get()) == 1);
        size_t count = 0;
        const float *g = mote_gradients(trainer.get(), &count);
        size_t dirty = 0;
        for (size_t i = 0; i < count; ++i) dirty += bits(g[i]) != 0;
        CHECK(dirty == 0);
    }
}

TEST_CASE("a batch without a counted target updates nothing in two pieces either") {
    for (const uint32_t optimizer : optimizers) {
        INFO("optimizer " << optimizer);
        const mote_config config = rnn(9, 3, 7, 2);
        const Model model(config, 4);
        const Trainer trainer(model, train_config(2, 3, optimizer));
        Random random(4);
        Batch batch = draw_batch(random, config.vocab, 2, 3);
        float loss = -1;
        REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
        const uint64_t hash = model.hash();
        for (uint16_t &target : batch.targets) target = MOTE_IGNORE;
        REQUIRE(mote_forward_backward(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
        CHECK(bits(loss) == 0);
        REQUIRE(mote_trainer_apply(trainer.get()) == MOTE_OK);
        CHECK(model.hash() == hash);
        CHECK(mote_trainer_step_count(trainer.get()) == 1);
    }
}

TEST_CASE("tokens and targets that the vocabulary lacks are refused, and MOTE_IGNORE as a token too") {
    const mote_config config = rnn(9, 0, 7, 1);
    const Model model(config, 4);
    const Trainer trainer(model, train_config(2, 3));
    Random random(4);
    const uint64_t hash = model.hash();
    float loss = 0;
    for (const uint16_t bad : {uint16_t{9}, uint16_t{10}, uint16_t{0x7fff}, uint16_t{0xfffe}}) {
        for (const size_t place : {0u, 3u, 5u}) {
            Batch batch = draw_batch(random, config.vocab, 2, 3);
            batch.tokens[place] = bad;
            CHECK(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_ERR_TOKEN);
            batch = draw_batch(random, config.vocab, 2, 3);
            batch.targets[place] = bad;
            CHECK(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_ERR_TOKEN);
        }
    }
    Batch batch = draw_batch(random, config.vocab, 2, 3);
    batch.tokens[1] = MOTE_IGNORE;
    CHECK(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_ERR_TOKEN);
    CHECK(model.hash() == hash);
    CHECK(mote_trainer_step_count(trainer.get()) == 0);
}

TEST_CASE("a refused batch leaves the trainer as it was") {
    const mote_config config = rnn(9, 0, 7, 1);
    const Alphabet alphabet(config.vocab);
    const Model model(config, 4, &alphabet.vocab());
    const Trainer trainer(model, train_config(2, 3, MOTE_ADAMW));
    Random random(4);
    Batch batch = draw_batch(random, config.vocab, 2, 3);
    float loss = 0;
    REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
    const Buffer before = save_checkpoint(trainer.get(), config);
    batch.targets[5] = 9;
    REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_ERR_TOKEN);
    CHECK(save_checkpoint(trainer.get(), config) == before);
}

TEST_CASE("training lowers the loss of what it sees") {
    for (const mote_config &config : models)
        for (const uint32_t optimizer : optimizers) {
            INFO(describe(config) << " optimizer " << optimizer);
            const Model model(config, 4);
            mote_train_config train = train_config(2, 8, optimizer);
            train.state = MOTE_STATE_RESET;
            train.clip_norm = 1;
            const Trainer trainer(model, train);
            Random random(4);
            Batch batch = draw_batch(random, config, 2, 8);
            /* What a bigram can learn by heart: one target a character. */
            if (config.cell == MOTE_CELL_NONE)
                for (size_t i = 0; i < batch.targets.size(); ++i)
                    batch.targets[i] = static_cast<uint16_t>(8 - batch.tokens[i]);
            float first = 0;
            float loss = 0;
            REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &first) == MOTE_OK);
            const int steps = config.cell == MOTE_CELL_GATED ? 400 : 100; /* gates that are half open slow it down */
            for (int i = 0; i < steps; ++i)
                REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
            CHECK(loss < (config.cell == MOTE_CELL_NONE ? 0.8f : 0.5f) * first);
        }
}
