/* Training steps that update weights while their gradients are at hand, held against forward_backward and apply, which
 * store all gradients first. */
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

using namespace mote_test;

namespace {

struct Run {
    Run(const mote_config &c, const mote_train_config &t)
        : alphabet(c.vocab), config(c), model(c, 4, &alphabet.vocab()), trainer(model, t) {}
    mote_status at_once(const Batch &batch, float *loss) {
        return mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), loss);
    }
    mote_status in_pieces(const Batch &batch, float *loss) {
        const mote_status status =
            mote_forward_backward(trainer.get(), batch.tokens.data(), batch.targets.data(), loss);
        return status == MOTE_OK ? mote_trainer_apply(trainer.get()) : status;
    }
    Buffer checkpoint() const { return save_checkpoint(trainer.get(), config); }

    Alphabet alphabet;
    mote_config config;
    Model model;
    Trainer trainer;
};

mote_train_config training(uint32_t batch, uint32_t time, uint32_t optimizer, float clip_value) {
    mote_train_config train = train_config(batch, time, optimizer);
    train.clip_norm = 0;
    train.clip_value = clip_value;
    return train;
}

/* Of few rows against the vocabulary, and of one; and of more than there are characters, which the model with the most
 * weights takes at once, too: from registers, and in blocks. */
struct Rows {
    uint32_t batch, time;
};
const Rows sizes[] = {{1, 1}, {1, 5}, {3, 2}, {13, 1}, {26, 1}, {5, 9}};

const mote_config models[] = {mlp(29, 1, 5, 18, 1),
                              mlp(40, 3, 7, 33, 2, MOTE_RELU),
                              mlp(40, 2, 17, 16, 3),
                              rnn(24, 0, 30, 1),
                              rnn(37, 0, 19, 2, MOTE_RELU),
                              rnn(37, 6, 20, 1),
                              rnn(41, 18, 17, 3),
                              gru(24, 0, 30, 1),
                              gru(37, 6, 19, 2),
                              mlp(30, 3, 9, 300, 1),
                              bigram(33)};

} // namespace

TEST_CASE("a step that updates at once has the bits of one in pieces, for every model, optimizer and clip") {
    Choice choice;
    for (const mote_config &config : models)
        for (const uint32_t optimizer : {MOTE_SGD, MOTE_MOMENTUM, MOTE_ADAGRAD, MOTE_ADAMW})
            for (const Rows &rows : sizes)
                for (const float clip_value : {0.0f, 0.01f}) {
                    INFO(describe(config) << " optimizer " << optimizer << ", " << rows.batch << " x " << rows.time
                                          << ", clip " << clip_value);
                    if ((config.input == MOTE_INPUT_WINDOW && rows.time > 5) || choice.skips()) continue;
                    const mote_train_config train = training(rows.batch, rows.time, optimizer, clip_value);
                    Run run(config, train), control(config, train);
                    Random random(7);
                    for (int i = 0; i < 4; ++i) {
                        const Batch batch = draw_batch(random, config, rows.batch, rows.time, 0.2);
                        float loss = 0, wanted = 0;
                        REQUIRE(run.at_once(batch, &loss) == MOTE_OK);
                        REQUIRE(control.in_pieces(batch, &wanted) == MOTE_OK);
                        CHECK(bits(loss) == bits(wanted));
                    }
                    CHECK(run.checkpoint() == control.checkpoint());
                    CHECK(mote_trainer_step_count(run.trainer.get()) == 4);
                }
}

TEST_CASE("a batch without a counted target updates nothing at once") {
    Run run(rnn(24, 0, 30, 1), training(1, 5, MOTE_ADAGRAD, 5));
    Random random(7);
    Batch batch = draw_batch(random, run.config, 1, 5);
    for (uint16_t &target : batch.targets) target = MOTE_IGNORE;
    const uint64_t hash = run.model.hash();
    float loss = 1;
    CHECK(run.at_once(batch, &loss) == MOTE_OK);
    CHECK(loss == 0);
    CHECK(run.model.hash() == hash);
    CHECK(mote_trainer_step_count(run.trainer.get()) == 0);
}

/* One weight at a time, so that gradients become too large, infinite or NaN in every place where they can. */
TEST_CASE("whatever a weight is, a step at once ends as one in pieces, and has changed nothing where it fails") {
    size_t failed = 0;
    Choice choice;
    for (const mote_config &config :
         {mlp(9, 1, 3, 5, 2, MOTE_RELU), rnn(9, 0, 5, 1), rnn(9, 2, 4, 2, MOTE_RELU), gru(9, 0, 5, 1), gru(9, 2, 4, 2)})
        for (const uint32_t optimizer : {MOTE_SGD, MOTE_ADAGRAD})
            for (const float clip_value : {0.0f, 0.5f}) {
                mote_train_config train = training(1, 2, optimizer, clip_value);
                train.loss = MOTE_LOSS_SUM;
                const Run run(config, train);
                size_t count = 0;
                const float *const weights = run.model.weights(&count);
                const std::vector<bool> logical = logical_floats(run.model.get());
                const Floats honest(weights, count);
                const Buffer start = run.checkpoint();
                Random random(5);
                const Batch batch = draw_batch(random, config, 1, 2);
                for (size_t i = 0; i < count; ++i)
                    for (const float value : {0x1p45f, -0x1p70f, 0x1p126f, HUGE_VALF, std::nanf("")}) {
                        if (!logical[i] || choice.skips()) continue;
                        INFO(describe(config) << " weight " << i << " = " << value << ", optimizer " << optimizer);
                        LoadedCheckpoint a(start, MOTE_WORKSPACE_PACKED), b(start, MOTE_WORKSPACE_PACKED);
                        REQUIRE(a.status == MOTE_OK);
                        float *const wa = mote_model_weights(a.model, nullptr), *const wb = mote_model_weights(b.model,
                                                                                                               nullptr);
                        wa[i] = wb[i] = value;
                        const Floats before(wa, count);
                        float loss = 0, wanted = 0;
                        const mote_status status =
                            mote_train_step(a.trainer, batch.tokens.data(), batch.targets.data(), &loss);
                        mote_status in_pieces =
                            mote_forward_backward(b.trainer, batch.tokens.data(), batch.targets.data(), &wanted);
                        if (in_pieces == MOTE_OK) in_pieces = mote_trainer_apply(b.trainer);
                        REQUIRE(status == in_pieces);
                        if (status == MOTE_OK) {
                            CHECK(same_bits(wa, wb, count));
                            continue;
                        }
                        ++failed;
                        CHECK(same_bits(wa, before.data(), count));
                        wa[i] = honest[i];
                        CHECK(save_checkpoint(a.trainer, config) == start);
                    }
            }
    CHECK(failed > 100);
}
