#include "oracle.h"
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

const float *step(mote_state *state, uint16_t token) {
    const float *logits = nullptr;
    REQUIRE(mote_step(state, token, &logits) == MOTE_OK);
    return logits;
}

std::vector<uint32_t> logit_bits(mote_state *state, const std::vector<uint16_t> &tokens, uint32_t vocab) {
    std::vector<uint32_t> seen;
    for (const uint16_t token : tokens) {
        const float *logits = step(state, token);
        for (uint32_t v = 0; v < vocab; ++v) seen.push_back(bits(logits[v]));
    }
    return seen;
}

std::vector<mote_config> some_configs() {
    return {rnn(2, 0, 1, 1),
            rnn(11, 0, 9, 1),
            rnn(11, 6, 9, 2, MOTE_RELU),
            rnn(17, 16, 16, 3),
            rnn(65, 5, 33, 2),
            rnn(33, 0, 70, 2),
            rnn(100, 17, 130, 1),
            bigram(2),
            bigram(37),
            mlp(2, 1, 1, 1, 1),
            mlp(11, 3, 6, 9, 2, MOTE_RELU),
            mlp(33, 8, 5, 17, 3),
            mlp(65, 2, 16, 48, 1),
            gru(2, 0, 1, 1),
            gru(11, 6, 9, 2),
            gru(65, 0, 33, 1),
            gru(17, 16, 16, 3)};
}

bool remembers(const mote_config &config) { return carries(config) || config.context > 1; }

} // namespace

TEST_CASE("the logits of every step agree with the oracle") {
    for (const mote_config &config : some_configs()) {
        INFO(describe(config));
        const Model model(config, 5);
        const State state(model.get(), config);
        const std::vector<uint16_t> tokens = draw_tokens(config.vocab, 5, 5);
        const OracleResult oracle =
            run_oracle(read_model(model.get()),
                       {1, 5, MOTE_LOSS_SUM, from_beginning(config, tokens), std::vector<uint16_t>(5, 0), {}});
        for (uint32_t t = 0; t < 5; ++t) {
            const float *logits = step(state.get(), tokens[t]);
            for (uint32_t v = 0; v < config.vocab; ++v) {
                const Estimate wanted = oracle.logits.at(t, v);
                CHECK(std::fabs(static_cast<double>(logits[v]) - wanted.value) <= wanted.allowance());
                CHECK(wanted.allowance() < 1e-3);
            }
        }
    }
}

TEST_CASE("logits are aligned and padded with +0 to a multiple of 16") {
    for (const mote_config &config : some_configs()) {
        const Model model(config, 5);
        const State state(model.get(), config);
        const float *logits = step(state.get(), 1);
        CHECK(reinterpret_cast<uintptr_t>(logits) % 16 == 0);
        for (uint32_t v = config.vocab; v < MOTE_SZ_PAD(config.vocab); ++v) CHECK(bits(logits[v]) == 0);
    }
}

TEST_CASE("after a reset a state says what it said at first, and without one it does not") {
    for (const mote_config &config : some_configs()) {
        const Model model(config, 5);
        const State state(model.get(), config);
        const std::vector<uint16_t> tokens = draw_tokens(config.vocab, 7, 3);
        const std::vector<uint32_t> first = logit_bits(state.get(), tokens, config.vocab);
        const std::vector<uint32_t> continued = logit_bits(state.get(), tokens, config.vocab);
        CHECK((continued != first) == remembers(config));
        mote_state_reset(state.get());
        CHECK(logit_bits(state.get(), tokens, config.vocab) == first);
    }
}

TEST_CASE("streams that share a model do not disturb each other") {
    const mote_config config = rnn(11, 6, 9, 2);
    const Model model(config, 5);
    const State alone(model.get(), config);
    const State one(model.get(), config);
    const State other(model.get(), config);
    const std::vector<uint16_t> tokens = draw_tokens(11, 20, 3);
    const std::vector<uint32_t> wanted = logit_bits(alone.get(), tokens, 11);
    std::vector<uint32_t> seen;
    for (const uint16_t token : tokens) {
        for (const uint32_t pattern : logit_bits(one.get(), {token}, 11)) seen.push_back(pattern);
        step(other.get(), static_cast<uint16_t>(10 - token));
    }
    CHECK(seen == wanted);
}

TEST_CASE("a token that the vocabulary lacks is refused and leaves the state as it was") {
    const mote_config config = rnn(11, 6, 9, 2);
    const Model model(config, 5);
    const State state(model.get(), config);
    const State control(model.get(), config);
    step(state.get(), 3);
    step(control.get(), 3);
    const float *logits = nullptr;
    for (const uint32_t bad : {11u, 12u, 16u, 0x7fffu, 0xffffu})
        CHECK(mote_step(state.get(), static_cast<uint16_t>(bad), &logits) == MOTE_ERR_TOKEN);
    CHECK(logit_bits(state.get(), {1, 2}, 11) == logit_bits(control.get(), {1, 2}, 11));
}

TEST_CASE("scores are the surprise of each next token after those before it") {
    for (const mote_config &config : some_configs()) {
        INFO(describe(config));
        const Model model(config, 5);
        const State state(model.get(), config);
        const std::vector<uint16_t> tokens = draw_tokens(config.vocab, 5, 9);
        std::vector<float> nats(4);
        REQUIRE(mote_score(state.get(), tokens.data(), 5, nats.data(), nullptr) == MOTE_OK);
        const OracleModel weights = read_model(model.get());
        for (size_t i = 0; i < 4; ++i) {
            std::vector<uint16_t> targets(4, MOTE_IGNORE);
            targets[i] = tokens[i + 1];
            const std::vector<uint16_t> read(tokens.begin(), tokens.end() - 1);
            const Estimate wanted =
                run_oracle(weights, {1, 4, MOTE_LOSS_SUM, from_beginning(config, read), targets, {}}).loss;
            CHECK(std::fabs(static_cast<double>(nats[i]) - wanted.value) <= wanted.allowance());
            CHECK(wanted.allowance() < 1e-3);
        }
    }
}

TEST_CASE("a text may be scored in pieces that overlap by one token") {
    const mote_config config = rnn(17, 5, 20, 2);
    const Model model(config, 5);
    const State whole(model.get(), config);
    const State pieces(model.get(), config);
    const std::vector<uint16_t> tokens = draw_tokens(17, 40, 2);
    std::vector<float> nats(39), in_pieces(39);
    REQUIRE(mote_score(whole.get(), tokens.data(), 40, nats.data(), nullptr) == MOTE_OK);
    size_t at = 0;
    for (const size_t length : {2u, 3u, 10u, 2u, 27u}) {
        REQUIRE(mote_score(pieces.get(), tokens.data() + at, length, in_pieces.data() + at, nullptr) == MOTE_OK);
        at += length - 1;
    }
    REQUIRE(at == 39);
    CHECK(same_bits(nats.data(), in_pieces.data(), 39));
    CHECK(logit_bits(whole.get(), {tokens[39]}, 17) == logit_bits(pieces.get(), {tokens[39]}, 17));
}

TEST_CASE("scoring leaves the state where stepping through all but the last token does") {
    const mote_config config = rnn(17, 5, 20, 2);
    const Model model(config, 5);
    const State scored(model.get(), config);
    const State stepped(model.get(), config);
    const std::vector<uint16_t> tokens = draw_tokens(17, 6, 2);
    std::vector<float> nats(5);
    REQUIRE(mote_score(scored.get(), tokens.data(), 6, nats.data(), nullptr) == MOTE_OK);
    for (size_t i = 0; i < 5; ++i) step(stepped.get(), tokens[i]);
    CHECK(logit_bits(scored.get(), {1}, 17) == logit_bits(stepped.get(), {1}, 17));
}

TEST_CASE("scoring refuses tokens that the vocabulary lacks, the last one included, and texts of fewer than two") {
    const mote_config config = rnn(5, 0, 4, 1);
    const Model model(config, 5);
    const State state(model.get(), config);
    float nats[3];
    for (size_t place = 0; place < 4; ++place) {
        std::vector<uint16_t> tokens = {0, 1, 2, 3};
        tokens[place] = 5;
        CHECK(mote_score(state.get(), tokens.data(), 4, nats, nullptr) == MOTE_ERR_TOKEN);
        tokens[place] = MOTE_IGNORE;
        CHECK(mote_score(state.get(), tokens.data(), 4, nats, nullptr) == MOTE_ERR_TOKEN);
    }
    const uint16_t token = 1;
    CHECK(mote_score(state.get(), &token, 1, nats, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_score(state.get(), &token, 0, nats, nullptr) == MOTE_ERR_ARG);
}

TEST_CASE("training reads with the bits that running reads with: losses of single characters are their scores") {
    for (const mote_config &config : some_configs()) {
        const Model model(config, 5);
        const State state(model.get(), config);
        mote_train_config train = train_config(1, 1);
        for (const uint32_t workspace : {MOTE_WORKSPACE_NONE, MOTE_WORKSPACE_PACKED}) {
            train.workspace = workspace;
            const Trainer trainer(model, train);
            const std::vector<uint16_t> tokens = draw_tokens(config.vocab, 12, 4);
            const std::vector<uint16_t> read = from_beginning(config, tokens);
            std::vector<float> nats(11);
            mote_state_reset(state.get());
            REQUIRE(mote_score(state.get(), tokens.data(), 12, nats.data(), nullptr) == MOTE_OK);
            for (size_t i = 0; i < 11; ++i) {
                float loss = -1;
                REQUIRE(mote_forward_backward(trainer.get(), &read[i], &tokens[i + 1], &loss) == MOTE_OK);
                CHECK(bits(loss) == bits(nats[i]));
            }
        }
    }
}

TEST_CASE("a batch's loss is the sum or the mean of the scores of its rows, ignored targets left out") {
    const uint32_t batch = 5, time = 7;
    for (const mote_config &config : some_configs()) {
        const Model model(config, 5);
        const State state(model.get(), config);
        Random random(8);
        const std::vector<uint16_t> text = draw_tokens(config.vocab, batch * (time + 1), 6);
        Batch fed;
        double sum = 0;
        double counted = 0;
        for (uint32_t b = 0; b < batch; ++b) {
            const uint16_t *row = text.data() + b * (time + 1);
            std::vector<float> nats(time);
            const std::vector<uint16_t> read = from_beginning(config, {row, row + time});
            fed.tokens.insert(fed.tokens.end(), read.begin(), read.end());
            mote_state_reset(state.get());
            REQUIRE(mote_score(state.get(), row, time + 1, nats.data(), nullptr) == MOTE_OK);
            for (uint32_t t = 0; t < time; ++t) {
                const bool counts = random.below(4) != 0;
                fed.targets.push_back(counts ? row[t + 1] : uint16_t{MOTE_IGNORE});
                sum += counts ? static_cast<double>(nats[t]) : 0;
                counted += counts;
            }
        }
        for (const uint32_t kind : {MOTE_LOSS_MEAN, MOTE_LOSS_SUM}) {
            mote_train_config train = train_config(batch, time);
            train.loss = kind;
            const Trainer trainer(model, train);
            float loss = -1;
            REQUIRE(mote_forward_backward(trainer.get(), fed.tokens.data(), fed.targets.data(), &loss) == MOTE_OK);
            const double wanted = kind == MOTE_LOSS_SUM ? sum : sum / counted;
            /* Ten additions and a division of terms that are exactly the scores. */
            CHECK(std::fabs(static_cast<double>(loss) - wanted) <= 10 * 0x1p-24 * wanted);
        }
    }
}

TEST_CASE("the trainer's reset takes all rows back to the zero hidden state") {
    const mote_config config = rnn(11, 6, 9, 2);
    const Model model(config, 5);
    const Trainer trainer(model, train_config(3, 4));
    Random random(2);
    const Batch batch = draw_batch(random, 11, 3, 4);
    const auto loss_now = [&] {
        float loss = -1;
        REQUIRE(mote_forward_backward(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
        return bits(loss);
    };
    const uint32_t first = loss_now();
    CHECK(loss_now() != first);
    mote_trainer_reset_state(trainer.get());
    CHECK(loss_now() == first);
}
