/* What is not finite is reported by a status and changes nothing: weights, moments, hidden state. */
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

using namespace mote_test;

namespace {

const mote_config config = rnn(7, 3, 5, 2);

mote_tensor find_tensor(const mote_model *model, const char *name) {
    mote_tensor tensor{};
    for (uint32_t index = 0; mote_model_tensor(model, index, &tensor) == MOTE_OK; ++index)
        if (std::strcmp(tensor.name, name) == 0) return tensor;
    FAIL("no such tensor: " << name);
    return tensor;
}

struct Spoil {
    const char *what;
    const char *tensor;
    float value;
};

const Spoil spoils[] = {
    {"NaN in the embedding", "embedding", std::nanf("")},
    {"infinity in the input weights", "weight_ih_l0", HUGE_VALF},
    {"NaN in the recurrent weights", "weight_hh_l1", std::nanf("")},
    {"-infinity in a bias", "bias_l1", -HUGE_VALF},
    {"NaN in the output weights", "weight_out", -std::nanf("")},
    {"infinity in the output bias", "bias_out", HUGE_VALF},
};

struct Run {
    explicit Run(uint32_t optimizer, uint32_t activation = MOTE_TANH)
        : c(with(activation)), model(c, 4, &alphabet.vocab()), trainer(model, train(optimizer)) {}
    static mote_config with(uint32_t activation) {
        mote_config made = config;
        made.activation = activation;
        return made;
    }
    static mote_train_config train(uint32_t optimizer) {
        mote_train_config made = train_config(2, 3, optimizer);
        made.clip_norm = 1;
        return made;
    }
    mote_status step(float *loss) {
        const Batch batch = draw_batch(random, c.vocab, 2, 3);
        return mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), loss);
    }
    mote_status forward_backward(float *loss) {
        const Batch batch = draw_batch(random, c.vocab, 2, 3);
        return mote_forward_backward(trainer.get(), batch.tokens.data(), batch.targets.data(), loss);
    }
    Alphabet alphabet{config.vocab};
    mote_config c;
    Model model;
    Trainer trainer;
    Random random{4};
};

/* After a step that failed with `spoilt` weights, the weights put back, everything is as in a run that never saw it. */
template <typename SpoilWeights> void check_untouched(uint32_t optimizer, uint32_t activation, SpoilWeights &&spoil) {
    Run run(optimizer, activation);
    Run control(optimizer, activation);
    float loss = 0;
    float wanted = 0;
    for (int i = 0; i < 3; ++i) {
        REQUIRE(run.step(&loss) == MOTE_OK);
        REQUIRE(control.step(&wanted) == MOTE_OK);
    }
    size_t count = 0;
    float *const weights = run.model.weights(&count);
    const Floats honest(weights, count);
    const Buffer before = save_checkpoint(run.trainer.get(), run.c);
    spoil(run.model);
    const Floats spoilt(weights, count);
    const Random place = run.random;
    REQUIRE(run.step(&loss) == MOTE_ERR_NUMERIC);
    CHECK(same_bits(weights, spoilt.data(), count));
    CHECK(mote_trainer_step_count(run.trainer.get()) == 3);
    std::memcpy(weights, honest.data(), count * sizeof(float));
    run.random = place;
    CHECK(save_checkpoint(run.trainer.get(), run.c) == before);
    for (int i = 0; i < 2; ++i) {
        REQUIRE(run.step(&loss) == MOTE_OK);
        REQUIRE(control.step(&wanted) == MOTE_OK);
        CHECK(bits(loss) == bits(wanted));
    }
    CHECK(run.model.hash() == control.model.hash());
}

} // namespace

TEST_CASE("a training step that meets NaN or infinity says so and changes no weight, moment or hidden state") {
    for (const uint32_t optimizer : {MOTE_SGD, MOTE_MOMENTUM, MOTE_ADAGRAD, MOTE_ADAMW})
        for (const uint32_t activation : {MOTE_TANH, MOTE_RELU})
            for (const Spoil &spoil : spoils) {
                INFO(spoil.what << ", optimizer " << optimizer << ", activation " << activation);
                check_untouched(optimizer, activation, [&](const Model &model) {
                    const mote_tensor tensor = find_tensor(model.get(), spoil.tensor);
                    float *const data = model.weights() + tensor.offset;
                    for (uint32_t r = 0; r < 16 && r < tensor.count; ++r)
                        if (logical_floats(model.get())[tensor.offset + r]) data[r] = spoil.value;
                    if (std::strcmp(spoil.tensor, "embedding") == 0)
                        for (uint32_t v = 0; v < config.vocab; ++v) data[16 * v] = spoil.value;
                    if (std::strncmp(spoil.tensor, "weight_ih", 9) == 0)
                        for (uint32_t k = 0; k < config.embed; ++k) data[16 * k] = spoil.value;
                });
            }
}

TEST_CASE("after a bigram's step that failed, the next one is as though it had not been") {
    for (const uint32_t vocab : {7u, 9u, 15u, 16u, 20u, 35u})
        for (const float value : {HUGE_VALF, std::nanf("")}) {
            INFO(vocab << " characters, a weight of " << value);
            mote_train_config train = train_config(2, 3, MOTE_ADAGRAD);
            train.clip_norm = 0.5f;
            const Model model(bigram(vocab), 4), control(bigram(vocab), 4);
            const Trainer trainer(model, train), wanted(control, train);
            Random random(vocab);
            const Batch batch = draw_batch(random, vocab, 2, 3);
            float *const weight = model.weights() + size_t{batch.tokens[0]} * 16;
            const float honest = *weight;
            float loss = 0, wanted_loss = 0;
            *weight = value;
            CHECK(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_ERR_NUMERIC);
            *weight = honest;
            REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
            REQUIRE(mote_train_step(wanted.get(), batch.tokens.data(), batch.targets.data(), &wanted_loss) == MOTE_OK);
            CHECK(bits(loss) == bits(wanted_loss));
            CHECK(model.hash() == control.hash());
        }
}

TEST_CASE("a training step whose sums overflow says so and changes nothing") {
    for (const uint32_t activation : {MOTE_TANH, MOTE_RELU})
        check_untouched(MOTE_ADAMW, activation, [](const Model &model) {
            const mote_tensor bias = find_tensor(model.get(), "bias_l1");
            const mote_tensor out = find_tensor(model.get(), "weight_out");
            for (uint32_t i = 0; i < config.hidden; ++i) {
                model.weights()[bias.offset + i] = 50;
                model.weights()[out.offset + 16 * size_t{i}] = 3e38f;
            }
        });
}

TEST_CASE("a loss that overflows while logits stay finite is reported and changes nothing") {
    check_untouched(MOTE_ADAMW, MOTE_TANH, [](const Model &model) {
        const mote_tensor bias = find_tensor(model.get(), "bias_out");
        for (uint32_t v = 0; v < config.vocab; ++v) model.weights()[bias.offset + v] = v % 2 == 0 ? 3e38f : -3e38f;
    });
}

TEST_CASE("a gradient above 2^40 that nothing clips is reported and changes nothing") {
    Run run(MOTE_SGD);
    mote_train_config train = Run::train(MOTE_SGD);
    train.clip_norm = 0;
    train.loss = MOTE_LOSS_SUM;
    const Trainer trainer(run.model, train);
    const mote_tensor out = find_tensor(run.model.get(), "weight_out");
    for (uint32_t i = 0; i < config.hidden; ++i)
        for (uint32_t v = 0; v < config.vocab; ++v)
            run.model.weights()[out.offset + 16 * size_t{i} + v] = v % 2 == 0 ? 0x1p60f : -0x1p60f;
    const mote_tensor bias = find_tensor(run.model.get(), "bias_out");
    const uint64_t hash = run.model.hash();
    CHECK(bias.count == 16);
    float loss = 0;
    Random random(4);
    const Batch batch = draw_batch(random, config.vocab, 2, 3);
    CHECK(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_ERR_NUMERIC);
    CHECK(run.model.hash() == hash);
    CHECK(mote_trainer_step_count(trainer.get()) == 0);
}

TEST_CASE("clipping by value tames gradients above 2^40") {
    Run run(MOTE_SGD);
    mote_train_config train = Run::train(MOTE_SGD);
    train.clip_norm = 0;
    train.clip_value = 1;
    train.loss = MOTE_LOSS_SUM;
    const Trainer trainer(run.model, train);
    const mote_tensor out = find_tensor(run.model.get(), "weight_out");
    for (uint32_t i = 0; i < config.hidden; ++i)
        for (uint32_t v = 0; v < config.vocab; ++v)
            run.model.weights()[out.offset + 16 * size_t{i} + v] = v % 2 == 0 ? 0x1p60f : -0x1p60f;
    float loss = 0;
    Random random(4);
    const Batch batch = draw_batch(random, config.vocab, 2, 3);
    CHECK(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
    size_t count = 0;
    const float *g = mote_gradients(trainer.get(), &count);
    float largest = 0;
    for (size_t i = 0; i < count; ++i) largest = std::fmax(largest, std::fabs(g[i]));
    CHECK(largest == 1);
}

TEST_CASE("gradients of the caller's making that are not finite are not applied") {
    for (const float bad : {std::nanf(""), HUGE_VALF, -HUGE_VALF}) {
        Run run(MOTE_ADAMW);
        float loss = 0;
        REQUIRE(run.forward_backward(&loss) == MOTE_OK);
        const Buffer before = save_checkpoint(run.trainer.get(), run.c);
        mote_gradients(run.trainer.get(), nullptr)[0] = bad;
        CHECK(mote_trainer_apply(run.trainer.get()) == MOTE_ERR_NUMERIC);
        CHECK(save_checkpoint(run.trainer.get(), run.c) == before);
    }
}

TEST_CASE("a step that meets NaN or infinity leaves the state as it was") {
    for (const uint32_t activation : {MOTE_TANH, MOTE_RELU})
        for (const Spoil &spoil : spoils) {
            INFO(spoil.what);
            const mote_config c = Run::with(activation);
            const Model model(c, 4);
            const State state(model.get(), c);
            const State control(model.get(), c);
            const float *logits = nullptr;
            const float *wanted = nullptr;
            for (const State *s : {&state, &control}) REQUIRE(mote_step(s->get(), 2, &logits) == MOTE_OK);
            size_t count = 0;
            float *const weights = model.weights(&count);
            const Floats honest(weights, count);
            const mote_tensor tensor = find_tensor(model.get(), spoil.tensor);
            const bool by_token = std::strcmp(spoil.tensor, "embedding") == 0;
            for (uint32_t v = 0; v < (by_token ? config.vocab : 1); ++v) weights[tensor.offset + 16 * v] = spoil.value;
            if (!by_token && tensor.layout != MOTE_LAYOUT_VECTOR)
                for (uint32_t k = 0; k < tensor.shape[1]; ++k) weights[tensor.offset + 16 * k] = spoil.value;
            CHECK(mote_step(state.get(), 3, &logits) == MOTE_ERR_NUMERIC);
            const uint16_t text[3] = {3, 1, 2};
            float nats[2];
            CHECK(mote_score(state.get(), text, 3, nats, nullptr) == MOTE_ERR_NUMERIC);
            std::memcpy(weights, honest.data(), count * sizeof(float));
            REQUIRE(mote_step(state.get(), 3, &logits) == MOTE_OK);
            REQUIRE(mote_step(control.get(), 3, &wanted) == MOTE_OK);
            CHECK(same_bits(logits, wanted, c.vocab));
        }
}

TEST_CASE("a surprise that overflows while logits stay finite is reported") {
    const Model model(config, 4);
    const State state(model.get(), config);
    const mote_tensor bias = find_tensor(model.get(), "bias_out");
    for (uint32_t v = 0; v < config.vocab; ++v) model.weights()[bias.offset + v] = v % 2 == 0 ? 3e38f : -3e38f;
    const uint16_t text[2] = {3, 1};
    float nats = 0;
    CHECK(mote_score(state.get(), text, 2, &nats, nullptr) == MOTE_ERR_NUMERIC);
}
