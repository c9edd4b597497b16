/* Loss and gradients of all models against the oracle, at configurations drawn at random. */
#include "oracle_case.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

uint32_t between(Random &random, uint32_t low, uint32_t high) { return low + random.below(high - low + 1); }

/* Sometimes a width at the edge of a panel, where a matrix has no padding or nearly only padding. */
uint32_t width(Random &random, uint32_t most) {
    static constexpr uint32_t edges[] = {1, 15, 16, 17, 32, 33};
    const uint32_t edge = edges[random.below(6)];
    const bool at_edge = random.below(3) == 0;
    const uint32_t inside = between(random, 1, most);
    return at_edge && edge <= most ? edge : inside;
}

OracleCase draw_case(Random &random, uint32_t cell) {
    OracleCase c{bigram(between(random, 2, 40)), 0, 0};
    if (cell == MOTE_CELL_DENSE) {
        const uint32_t context = between(random, 1, 6);
        const uint32_t embed = width(random, 20);
        const uint32_t hidden = width(random, 40);
        const uint32_t layers = between(random, 1, 3);
        const uint32_t activation = between(random, MOTE_TANH, MOTE_RELU);
        c.config = mlp(between(random, 2, 20), context, embed, hidden, layers, activation);
    }
    if (cell == MOTE_CELL_GATED) {
        const uint32_t embed = random.below(2) * width(random, 20);
        const uint32_t hidden = 2 + width(random, 31); /* one unit has tensors of one number, which may be near 0 */
        c.config = gru(between(random, 2, 20), embed, hidden, between(random, 1, 3));
    }
    c.batch = between(random, 1, cell == MOTE_CELL_NONE ? 19 : 7);
    c.time = between(random, 1, cell == MOTE_CELL_GATED ? 5 : 3);
    c.loss = between(random, MOTE_LOSS_MEAN, MOTE_LOSS_SUM);
    c.state = between(random, MOTE_STATE_CARRY, MOTE_STATE_RESET);
    c.ignored = random.below(2) == 0 ? 0 : 0.3;
    c.boundary = random.below(2);
    return c;
}

void follow_drawn(uint64_t seed, uint64_t cases, uint32_t cell, uint64_t first_seed, int steps) {
    Random random(seed);
    Choice choice;
    for (uint64_t i = 0; i < cases; ++i) {
        const OracleCase drawn = draw_case(random, cell);
        if (!choice.skips()) follow_oracle(drawn, first_seed + i, steps);
    }
}

} // namespace

TEST_CASE("loss and every gradient of MLPs drawn at random agree with the oracle") {
    follow_drawn(31, 60, MOTE_CELL_DENSE, 3000, 2);
}

TEST_CASE("loss and every gradient of GRUs drawn at random agree with the oracle") {
    follow_drawn(33, 60, MOTE_CELL_GATED, 6000, 3);
}

TEST_CASE("loss and every gradient of bigrams drawn at random agree with the oracle") {
    follow_drawn(32, 80, MOTE_CELL_NONE, 4000, 3);
}

TEST_CASE(
    "loss and every gradient of MLPs agree with the oracle where the boundary stands at every place of a context") {
    for (const uint32_t context : {1u, 2u, 5u})
        for (const uint32_t boundary : {0u, 1u})
            follow_oracle({mlp(3, context, 4, 7, 1), 8, 6, MOTE_LOSS_MEAN, MOTE_STATE_CARRY, 0, boundary},
                          5000 + context, 2);
}

TEST_CASE("the comparison with the oracle fails when an MLP's boundary does not hide what stands before it") {
    const mote_config config = mlp(5, 4, 3, 6, 1);
    const Alphabet alphabet(config.vocab, 1);
    const Model model(config, 6, &alphabet.vocab());
    const Trainer trainer(model, train_config(1, 1));
    const std::vector<uint16_t> target = {2};
    OracleModel blind = read_model(model.get());
    blind.boundary = false;
    const auto agrees = [&](const OracleModel &oracle, const std::vector<uint16_t> &tokens) {
        float loss = -1;
        REQUIRE(mote_forward_backward(trainer.get(), tokens.data(), target.data(), &loss) == MOTE_OK);
        const OracleResult wanted = run_oracle(oracle, {1, 1, MOTE_LOSS_MEAN, tokens, target, {}});
        return disagreement(model.get(), mote_gradients(trainer.get(), nullptr), loss, wanted).empty();
    };
    const OracleModel seeing = read_model(model.get());
    for (const std::vector<uint16_t> &tokens :
         std::vector<std::vector<uint16_t>>{{3, 1, 0, 2}, {1, 0, 2, 4}, {4, 3, 2, 0}, {0, 1, 0, 2}}) {
        CHECK(agrees(seeing, tokens));
        CHECK_FALSE(agrees(blind, tokens));
    }
    CHECK(agrees(seeing, {0, 1, 2, 3}));
    CHECK(agrees(blind, {0, 1, 2, 3}));
}

TEST_CASE("finite differences agree with the oracle of the bigram, of the MLP and of the GRU") {
    for (const mote_config &config :
         {bigram(5), mlp(5, 3, 2, 4, 2), mlp(4, 2, 3, 5, 1, MOTE_RELU), gru(5, 3, 4, 2), gru(4, 0, 5, 1)}) {
        INFO(describe(config));
        const Alphabet alphabet(config.vocab, 1);
        const Model model(config, 11, &alphabet.vocab());
        Random random(11);
        const Batch batch = draw_batch(random, config, 3, 3, 0.2);
        const OracleTask task{3, 3, MOTE_LOSS_MEAN, batch.tokens, batch.targets, {}};
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
