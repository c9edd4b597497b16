/* The table of optimizers that a program may read says what the library does. */
#include "support.h"
#include "trainer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <set>
#include <string>

using namespace mote_test;

namespace {

// A configuration in which every hyperparameter that the optimizer has is at its lowest.
mote_train_config lowest(uint32_t optimizer) {
    mote_train_config train = train_config(2, 3, optimizer);
    train.learning_rate = train.momentum = train.beta1 = train.beta2 = train.eps = train.weight_decay = std::nanf("");
    const mote_optimizer_info *info = mote_optimizer_describe(optimizer);
    for (uint32_t i = 0; i < info->hyperparameter_count; ++i)
        std::memcpy(reinterpret_cast<char *>(&train) + info->hyperparameters[i].offset, &info->hyperparameters[i].low,
                    sizeof(float));
    return train;
}

} // namespace

TEST_CASE("every optimizer is described, by a name of its own, and no other number") {
    std::set<std::string> names;
    for (uint32_t optimizer = 0; optimizer < MOTE_OPTIMIZER_COUNT; ++optimizer) {
        const mote_optimizer_info *info = mote_optimizer_describe(optimizer);
        REQUIRE(info != nullptr);
        CHECK(names.insert(info->name).second);
        CHECK(info->moments == MOTE_MOMENTS(optimizer));
        CHECK((info->signed_moments >> info->moments) == 0);
    }
    CHECK(mote_optimizer_describe(MOTE_OPTIMIZER_COUNT) == nullptr);
    CHECK(mote_optimizer_describe(0xffffffffu) == nullptr);
    CHECK(std::string(mote_optimizer_describe(MOTE_SGD)->name) == "sgd");
    CHECK(std::string(mote_optimizer_describe(MOTE_ADAMW)->name) == "adamw");
}

TEST_CASE("a trainer takes exactly the range that is described of each hyperparameter, and looks at no other") {
    const mote_config config = rnn(9, 0, 7, 1);
    for (uint32_t optimizer = 0; optimizer < MOTE_OPTIMIZER_COUNT; ++optimizer) {
        const mote_optimizer_info *info = mote_optimizer_describe(optimizer);
        for (uint32_t i = 0; i < info->hyperparameter_count; ++i) {
            const mote_hyperparameter &parameter = info->hyperparameters[i];
            CAPTURE(info->name);
            CAPTURE(parameter.name);
            const auto takes = [&](float value) {
                mote_train_config train = lowest(optimizer);
                std::memcpy(reinterpret_cast<char *>(&train) + parameter.offset, &value, sizeof value);
                return mote_trainer_bytes(&config, &train) != 0;
            };
            CHECK(takes(parameter.low));
            CHECK(takes(parameter.high));
            CHECK(takes(0.0f) == (parameter.may_be_zero != 0));
            for (const float bad : {std::nextafter(parameter.low, 0.0f), std::nextafter(parameter.high, HUGE_VALF),
                                    -parameter.low, -0.0f, 0x1p-149f, HUGE_VALF, -HUGE_VALF, std::nanf("")})
                CHECK(!takes(bad));
        }
    }
}

TEST_CASE("a moment becomes negative where it is described as signed, and only there") {
    const mote_config config = rnn(9, 0, 7, 1);
    for (uint32_t optimizer = 0; optimizer < MOTE_OPTIMIZER_COUNT; ++optimizer) {
        const mote_optimizer_info *info = mote_optimizer_describe(optimizer);
        const Model model(config, 4);
        mote_train_config train = train_config(2, 3, optimizer);
        train.learning_rate = 0.01f;
        const Trainer trainer(model, train);
        Random random(4);
        float loss = 0;
        for (int step = 0; step < 3; ++step) {
            const Batch batch = draw_batch(random, config.vocab, 2, 3);
            REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
        }
        uint32_t negative = 0;
        for (uint32_t m = 0; m < info->moments; ++m) {
            const float *moment = mote::at_offset<float>(trainer.get(), trainer.get()->moments[m]);
            for (size_t i = 0; i < mote_weight_count(&config); ++i) negative |= std::signbit(moment[i]) ? 1u << m : 0u;
        }
        CAPTURE(info->name);
        CHECK(negative == info->signed_moments);
    }
}
