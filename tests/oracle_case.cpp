#include "oracle_case.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace mote_test {

std::string describe(const OracleCase &c) {
    char text[160];
    std::snprintf(text, sizeof text, " B=%u T=%u %s ignored=%g%s", c.batch, c.time,
                  c.loss == MOTE_LOSS_MEAN ? "mean" : "sum", c.ignored, c.boundary != 0 ? " boundary" : "");
    return describe(c.config) + text;
}

OracleTask make_task(const OracleCase &c, const Batch &batch, const std::vector<Estimate> &state) {
    return {c.batch, c.time, c.loss, batch.tokens, batch.targets, state};
}

mote_train_config train_for(const OracleCase &c, uint32_t workspace) {
    mote_train_config train = train_config(c.batch, c.time);
    train.loss = c.loss;
    train.state = c.state;
    train.workspace = workspace;
    train.learning_rate = c.loss == MOTE_LOSS_SUM ? 0.005f : 0.1f;
    return train;
}

namespace {

/* The allowance's share of the largest gradient of a tensor, at the tensor where that is worst. */
double looseness(const OracleResult &oracle) {
    double worst = 0;
    for (const Grid<Estimate> &gradient : oracle.gradients) {
        const auto largest =
            std::max_element(gradient.cells.begin(), gradient.cells.end(), [](const Estimate &a, const Estimate &b) {
                return std::fabs(a.value) < std::fabs(b.value);
            });
        if (largest->value != 0) worst = std::max(worst, largest->allowance() / std::fabs(largest->value));
    }
    return worst;
}

} // namespace

void follow_oracle(const OracleCase &c, uint64_t seed, int chunks) {
    INFO(describe(c));
    const Alphabet alphabet(c.config.vocab, c.boundary);
    const Model sparing(c.config, seed, &alphabet.vocab());
    const Model packed(c.config, seed, &alphabet.vocab());
    const Trainer sparing_trainer(sparing, train_for(c, MOTE_WORKSPACE_NONE));
    const Trainer packed_trainer(packed, train_for(c, MOTE_WORKSPACE_PACKED));
    Random random(seed);
    std::vector<Estimate> state;
    for (int chunk = 0; chunk < chunks; ++chunk) {
        INFO("chunk " << chunk);
        const Batch batch = draw_batch(random, c.config, c.batch, c.time, c.ignored);
        const OracleResult oracle = run_oracle(read_model(sparing.get()), make_task(c, batch, state));
        if (c.state == MOTE_STATE_CARRY) state = oracle.state;
        float loss[2] = {-1, -1};
        REQUIRE(mote_forward_backward(sparing_trainer.get(), batch.tokens.data(), batch.targets.data(), &loss[0]) ==
                MOTE_OK);
        REQUIRE(mote_forward_backward(packed_trainer.get(), batch.tokens.data(), batch.targets.data(), &loss[1]) ==
                MOTE_OK);
        size_t count = 0;
        const float *gradients = mote_gradients(sparing_trainer.get(), &count);
        CHECK(disagreement(sparing.get(), gradients, loss[0], oracle) == "");
        CHECK(looseness(oracle) < 0.005);
        CHECK(dirty_padding(sparing.get(), gradients) == 0);
        CHECK(bits(loss[0]) == bits(loss[1]));
        CHECK(same_bits(gradients, mote_gradients(packed_trainer.get(), nullptr), count));
        REQUIRE(mote_trainer_apply(sparing_trainer.get()) == MOTE_OK);
        REQUIRE(mote_trainer_apply(packed_trainer.get()) == MOTE_OK);
        CHECK(sparing.hash() == packed.hash());
    }
}

} // namespace mote_test
