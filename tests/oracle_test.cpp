/* Loss and gradients of the RNN against the oracle, and the oracle against finite differences. What they may differ is
 * derived, not tuned: autograd.h says how every value and gradient carries what the roundings of float32 do to it. */
#include "oracle_case.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

TEST_CASE("loss and every gradient agree with the oracle in every kind of model and batch") {
    uint64_t seed = 100;
    for (const uint32_t embed : {0u, 6u})
        for (const uint32_t layers : {1u, 2u, 3u})
            for (const uint32_t activation : {MOTE_TANH, MOTE_RELU})
                for (const uint32_t batch : {1u, 8u})
                    for (const uint32_t loss : {MOTE_LOSS_MEAN, MOTE_LOSS_SUM})
                        for (const double ignored : {0.0, 0.4})
                            follow_oracle(
                                {rnn(11, embed, 9, layers, activation), batch, 4, loss, MOTE_STATE_CARRY, ignored},
                                ++seed, 3);
}

TEST_CASE("loss and every gradient agree with the oracle at widths around the vectors' and panels' edges") {
    uint64_t seed = 1000;
    for (const uint32_t vocab : {2u, 16u, 17u, 65u})
        for (const uint32_t embed : {0u, 1u, 5u, 16u, 17u})
            for (const uint32_t hidden : {1u, 15u, 16u, 17u, 33u}) {
                const uint32_t activation = (vocab + embed + hidden) % 3 == 0 ? MOTE_RELU : MOTE_TANH;
                follow_oracle({rnn(vocab, embed, hidden, 2, activation), 2, 3}, ++seed, 1);
            }
}

TEST_CASE("loss and every gradient agree with the oracle at any number of rows and steps") {
    uint64_t seed = 2000;
    for (const uint32_t batch : {1u, 2u, 3u, 5u, 6u, 7u, 13u, 17u})
        for (const uint32_t time : {1u, 2u, 5u, 11u}) {
            const uint32_t embed = (batch + time) % 3 == 0 ? 0 : 3;
            const uint32_t layers = 1 + time % 2;
            follow_oracle({rnn(5, embed, 7, layers), batch, time}, ++seed, 2);
        }
}

TEST_CASE("a trainer told to reset its hidden state starts every batch from zero") {
    follow_oracle({rnn(11, 0, 9, 2), 3, 4, MOTE_LOSS_MEAN, MOTE_STATE_RESET, 0}, 7, 4);
    follow_oracle({rnn(11, 5, 9, 1), 1, 4, MOTE_LOSS_SUM, MOTE_STATE_RESET, 0.3}, 8, 4);
}

namespace {

/* A batch's gradients, in a copy that a test may spoil. */
struct Judged {
    OracleCase c{rnn(7, 4, 6, 2), 3, 4, MOTE_LOSS_SUM, MOTE_STATE_CARRY, 0};
    Model model{c.config, 42};
    Random random{42};
    Batch batch;
    std::vector<Estimate> state;
    std::vector<float> gradients;
    float loss = 0;

    Judged() {
        const Trainer trainer(model, train_for(c, MOTE_WORKSPACE_NONE));
        take(trainer);
        state = oracle().state;
        take(trainer);
        size_t count = 0;
        const float *flat = mote_gradients(trainer.get(), &count);
        gradients.assign(flat, flat + count);
    }
    void take(const Trainer &trainer) {
        batch = draw_batch(random, c.config.vocab, c.batch, c.time);
        REQUIRE(mote_forward_backward(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
    }
    OracleResult oracle() const { return run_oracle(read_model(model.get()), make_task(c, batch, state)); }
    bool agrees_with(const OracleResult &expected) const {
        return disagreement(model.get(), gradients.data(), loss, expected).empty();
    }
};

} // namespace

TEST_CASE("the comparison with the oracle fails when a gradient is 1% off or has the wrong sign") {
    Judged judged;
    const OracleResult oracle = judged.oracle();
    REQUIRE(judged.agrees_with(oracle));
    size_t judged_floats = 0;
    mote_tensor tensor{};
    for (uint32_t index = 0; mote_model_tensor(judged.model.get(), index, &tensor) == MOTE_OK; ++index) {
        float *const begin = judged.gradients.data() + tensor.offset;
        for (float *g = begin; g != begin + tensor.count; ++g) {
            if (std::fabs(*g) < 1e-3f) continue;
            const float honest = *g;
            for (const float spoilt : {honest * 1.01f, honest * 0.99f, -honest, 0.0f}) {
                *g = spoilt;
                CHECK_FALSE(judged.agrees_with(oracle));
            }
            *g = honest;
            ++judged_floats;
        }
    }
    CHECK(judged_floats > 100);
}

TEST_CASE("the comparison with the oracle fails when a term is missing from the computation") {
    Judged judged;
    REQUIRE(judged.agrees_with(judged.oracle()));

    SUBCASE("one target of the batch") {
        judged.batch.targets[5] = MOTE_IGNORE;
        CHECK_FALSE(judged.agrees_with(judged.oracle()));
    }
    SUBCASE("the hidden state carried over") {
        judged.state.clear();
        CHECK_FALSE(judged.agrees_with(judged.oracle()));
    }
    SUBCASE("the biases") {
        OracleModel model = read_model(judged.model.get());
        for (size_t i = 0; i < model.names.size(); ++i) {
            if (model.names[i].rfind("bias", 0) != 0) continue;
            OracleModel lacking = model;
            for (double &cell : lacking.tensors[i].cells) cell = 0;
            CHECK_FALSE(judged.agrees_with(run_oracle(lacking, make_task(judged.c, judged.batch, judged.state))));
        }
    }
    SUBCASE("the activation") {
        OracleModel model = read_model(judged.model.get());
        model.config.activation = MOTE_RELU;
        CHECK_FALSE(judged.agrees_with(run_oracle(model, make_task(judged.c, judged.batch, judged.state))));
    }
    SUBCASE("the mean") {
        judged.c.loss = MOTE_LOSS_MEAN;
        CHECK_FALSE(judged.agrees_with(judged.oracle()));
    }
}

TEST_CASE("finite differences agree with the oracle") {
    for (const uint32_t activation : {MOTE_TANH, MOTE_RELU}) {
        for (const uint32_t embed : {0u, 3u}) {
            const OracleCase c{rnn(5, embed, 4, 2, activation), 2, 3, MOTE_LOSS_MEAN, MOTE_STATE_CARRY, 0.2};
            INFO(describe(c));
            const Model model(c.config, 11);
            Random random(11);
            const Batch batch = draw_batch(random, c.config.vocab, c.batch, c.time, c.ignored);
            std::vector<Estimate> state(2 * 2 * 4);
            for (Estimate &cell : state) cell.value = random.uniform();
            const OracleTask task = make_task(c, batch, state);
            OracleModel weights = read_model(model.get());
            const OracleResult oracle = run_oracle(weights, task);
            const double step = 1e-5;
            for (size_t i = 0; i < weights.tensors.size(); ++i) {
                for (size_t k = 0; k < weights.tensors[i].cells.size(); ++k) {
                    double &cell = weights.tensors[i].cells[k];
                    const double honest = cell;
                    cell = honest + step;
                    const double above = run_oracle(weights, task).loss.value;
                    cell = honest - step;
                    const double below = run_oracle(weights, task).loss.value;
                    cell = honest;
                    INFO(weights.names[i] << " " << k);
                    CHECK(std::fabs((above - below) / (2 * step) - oracle.gradients[i].cells[k].value) < 1e-8);
                }
            }
        }
    }
}
