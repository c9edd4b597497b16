/* Which training configurations can be used, and the learning rate that changes on the way. */
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

constexpr uint32_t optimizers[] = {MOTE_SGD, MOTE_MOMENTUM, MOTE_ADAGRAD, MOTE_ADAMW};

} // namespace

TEST_CASE("the learning rate can be set before each step, and one out of range stays out") {
    const mote_config config = rnn(9, 0, 7, 1);
    const Model set(config, 4);
    const Model born(config, 4);
    mote_train_config train = train_config(2, 3, MOTE_ADAGRAD);
    train.learning_rate = 0.5f;
    const Trainer setter(set, train);
    train.learning_rate = 0.125f;
    const Trainer original(born, train);
    REQUIRE(mote_trainer_set_learning_rate(setter.get(), 0.125f) == MOTE_OK);
    for (const float bad : {0.0f, -1.0f, 0x1p-41f, 0x1p17f, std::nanf(""), HUGE_VALF})
        CHECK(mote_trainer_set_learning_rate(setter.get(), bad) == MOTE_ERR_ARG);
    mote_train_config now{};
    REQUIRE(mote_trainer_config(setter.get(), &now) == MOTE_OK);
    CHECK(now.learning_rate == 0.125f);
    Random random(4);
    const Batch batch = draw_batch(random, config.vocab, 2, 3);
    float loss = 0;
    REQUIRE(mote_train_step(setter.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
    REQUIRE(mote_train_step(original.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
    CHECK(set.hash() == born.hash());
}

TEST_CASE("with AdamW a rate that makes rate * decay reach 1 is refused") {
    const mote_config config = rnn(9, 0, 7, 1);
    const Model model(config, 4);
    mote_train_config train = train_config(2, 3, MOTE_ADAMW);
    train.weight_decay = 2;
    const Trainer trainer(model, train);
    CHECK(mote_trainer_set_learning_rate(trainer.get(), 0.5f) == MOTE_ERR_ARG);
    CHECK(mote_trainer_set_learning_rate(trainer.get(), 0.49f) == MOTE_OK);
}

TEST_CASE("a training configuration that cannot be used has no size and makes no trainer") {
    const mote_config config = rnn(9, 0, 7, 1);
    const Model model(config, 4);
    const float nan = std::nanf("");
    const auto refused = [&](uint32_t optimizer, auto spoil) {
        mote_train_config train = train_config(2, 3, optimizer);
        REQUIRE(mote_trainer_bytes(&config, &train) != 0);
        Arena arena(mote_trainer_bytes(&config, &train));
        spoil(train);
        mote_trainer *trainer = nullptr;
        return mote_trainer_bytes(&config, &train) == 0 &&
               mote_trainer_init(&trainer, &arena.arena, model.get(), &train) == MOTE_ERR_ARG;
    };
    const auto each = [&](std::initializer_list<float> values, uint32_t optimizer, float mote_train_config::*field) {
        for (const float value : values) {
            INFO("optimizer " << optimizer << " value " << value);
            CHECK(refused(optimizer, [&](mote_train_config &train) { train.*field = value; }));
        }
    };
    const auto each_number = [&](std::initializer_list<uint32_t> values, uint32_t mote_train_config::*field) {
        for (const uint32_t value : values) {
            INFO("value " << value);
            CHECK(refused(MOTE_ADAMW, [&](mote_train_config &train) { train.*field = value; }));
        }
    };
    each_number({0, 65537, 0xffffffffu}, &mote_train_config::batch);
    each_number({0, 65537, 0xffffffffu}, &mote_train_config::time_steps);
    each_number({2, 0xffffffffu}, &mote_train_config::loss);
    each_number({2, 0xffffffffu}, &mote_train_config::state);
    each_number({2, 0xffffffffu}, &mote_train_config::workspace);
    each_number({4, 0xffffffffu}, &mote_train_config::optimizer);
    for (const uint32_t optimizer : optimizers) {
        each({0.0f, -0.1f, 0x1p-41f, 0x1p17f, nan, HUGE_VALF}, optimizer, &mote_train_config::learning_rate);
        each({-0.1f, nan, HUGE_VALF}, optimizer, &mote_train_config::clip_value);
        each({-0.1f, nan, HUGE_VALF}, optimizer, &mote_train_config::clip_norm);
    }
    each({-0.1f, 1.0f, nan}, MOTE_MOMENTUM, &mote_train_config::momentum);
    each({-0.1f, 1.0f, nan}, MOTE_ADAMW, &mote_train_config::beta1);
    each({-0.1f, 1.0f, nan}, MOTE_ADAMW, &mote_train_config::beta2);
    each({0.0f, 0x1p-41f, 1.5f, nan}, MOTE_ADAMW, &mote_train_config::eps);
    each({0.0f, 0x1p-41f, 1.5f, nan}, MOTE_ADAGRAD, &mote_train_config::eps);
    each({-0.1f, 100.0f, nan}, MOTE_ADAMW, &mote_train_config::weight_decay);
}

TEST_CASE("hyperparameters of the optimizers that were not chosen are not looked at") {
    const mote_config config = rnn(9, 0, 7, 1);
    mote_train_config train = train_config(2, 3, MOTE_SGD);
    train.momentum = train.beta1 = train.beta2 = train.eps = train.weight_decay = std::nanf("");
    CHECK(mote_trainer_bytes(&config, &train) != 0);
    const Model model(config, 4);
    const Trainer trainer(model, train);
    CHECK(trainer.get() != nullptr);
}

TEST_CASE("a model opened in place cannot be trained") {
    const mote_config config = rnn(9, 0, 7, 1);
    const Alphabet alphabet(9);
    const Model model(config, 4, &alphabet.vocab());
    const Buffer blob = save(model.get(), config);
    Arena opened_arena(MOTE_OPEN_BYTES);
    const mote_model *opened = nullptr;
    REQUIRE(mote_model_open(&opened, &opened_arena.arena, blob.data(), blob.size()) == MOTE_OK);
    const mote_train_config train = train_config(2, 3);
    Arena arena(mote_trainer_bytes(&config, &train));
    mote_trainer *trainer = nullptr;
    size_t count = 0;
    CHECK(mote_model_weights(const_cast<mote_model *>(opened), &count) == nullptr);
    CHECK(mote_trainer_init(&trainer, &arena.arena, const_cast<mote_model *>(opened), &train) == MOTE_ERR_ARG);
}
