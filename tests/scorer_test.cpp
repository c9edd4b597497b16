/* Texts read side by side have the surprises that each has when it is read alone. */
#include "support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mote_test;

namespace {

class Scorer {
  public:
    Scorer(const mote_model *model, const mote_config &config, uint32_t batch, uint32_t time)
        : arena_(mote_scorer_bytes(&config, batch, time)) {
        REQUIRE(mote_scorer_init(&scorer_, &arena_.arena, model, batch, time) == MOTE_OK);
    }
    mote_scorer *get() const { return scorer_; }

  private:
    Arena arena_;
    mote_scorer *scorer_ = nullptr;
};

/* Characters `first` … of each text, as a scorer takes them; what a text no longer has is ignored. */
Batch stretch(const mote_config &config, const std::vector<std::vector<uint16_t>> &texts, size_t first, size_t time) {
    const size_t before = config.context > 1 ? config.context - 1 : 0;
    Batch b;
    for (const std::vector<uint16_t> &text : texts) {
        for (size_t i = first; i < first + before + time; ++i)
            b.tokens.push_back(i >= before && i - before < text.size() ? text[i - before] : uint16_t{0});
        for (size_t i = first + 1; i <= first + time; ++i)
            b.targets.push_back(i < text.size() ? text[i] : uint16_t{MOTE_IGNORE});
    }
    return b;
}

std::vector<float> alone(const mote_model *model, const mote_config &config, const std::vector<uint16_t> &text) {
    const State state(model, config);
    std::vector<float> nats(text.size() - 1);
    REQUIRE(mote_score(state.get(), text.data(), text.size(), nats.data(), nullptr) == MOTE_OK);
    return nats;
}

void check_side_by_side(const mote_model *model, const mote_config &config, uint32_t batch, uint32_t time) {
    CAPTURE(batch);
    CAPTURE(time);
    std::vector<std::vector<uint16_t>> texts;
    for (uint32_t b = 0; b < batch; ++b) texts.push_back(draw_tokens(config.vocab, 2 + (b * 7 + 11) % 23, 40 + b));
    const Scorer scorer(model, config, batch, time);
    for (int again = 0; again < 2; ++again) {
        std::vector<std::vector<float>> read(batch);
        for (size_t first = 0; first < 24; first += time) {
            const Batch b = stretch(config, texts, first, time);
            std::vector<float> nats(size_t{batch} * time, -1.0f);
            REQUIRE(mote_scorer_read(scorer.get(), b.tokens.data(), b.targets.data(), nats.data()) == MOTE_OK);
            for (size_t i = 0; i < nats.size(); ++i) {
                if (b.targets[i] == MOTE_IGNORE) CHECK(bits(nats[i]) == 0);
                if (b.targets[i] != MOTE_IGNORE) read[i / time].push_back(nats[i]);
            }
        }
        for (uint32_t b = 0; b < batch; ++b) {
            const std::vector<float> wanted = alone(model, config, texts[b]);
            REQUIRE(read[b].size() == wanted.size());
            CHECK(same_bits(read[b].data(), wanted.data(), wanted.size()));
        }
        mote_scorer_reset(scorer.get());
    }
}

} // namespace

TEST_CASE("texts read side by side, of different lengths and in pieces, have the bits of each read alone") {
    Choice choice;
    for (const mote_config &config : {bigram(33), mlp(27, 1, 2, 19, 1), mlp(27, 4, 5, 40, 2, MOTE_RELU),
                                      rnn(65, 0, 48, 1), rnn(20, 7, 33, 2), gru(65, 0, 48, 1), gru(20, 7, 33, 2)}) {
        INFO(describe(config));
        const Alphabet alphabet(config.vocab, 1); /* a boundary, which hides what a window has before it */
        const Model model(config, 3, &alphabet.vocab());
        for (uint32_t batch : {1u, 2u, 5u, 16u, 17u, 33u})
            for (uint32_t time : {1u, 4u, 24u})
                if (!choice.skips()) check_side_by_side(model.get(), config, batch, time);
    }
}

TEST_CASE("with weights of int8, too, texts read side by side have the bits of each read alone") {
    for (const mote_config &config : {bigram(33), mlp(27, 1, 2, 19, 1), mlp(27, 4, 5, 40, 2, MOTE_RELU),
                                      rnn(65, 0, 48, 1), rnn(20, 7, 33, 2), gru(20, 7, 33, 2)}) {
        INFO(describe(config));
        const Alphabet alphabet(config.vocab, 1);
        const Model model(config, 3, &alphabet.vocab());
        const QuantizedModel quantized(model);
        for (uint32_t batch : {1u, 5u, 17u})
            for (uint32_t time : {1u, 4u, 24u}) check_side_by_side(quantized.get(), quantized.config(), batch, time);
    }
}

TEST_CASE("a model in place is read side by side as well") {
    const mote_config config = rnn(12, 3, 20, 1);
    const Alphabet alphabet(config.vocab);
    const Model model(config, 3, &alphabet.vocab());
    const Buffer blob = save(model.get(), config);
    Arena arena(MOTE_OPEN_BYTES);
    const mote_model *opened = nullptr;
    REQUIRE(mote_model_open(&opened, &arena.arena, blob.data(), blob.size()) == MOTE_OK);
    check_side_by_side(opened, config, 3, 4);
}

TEST_CASE("a scorer that meets a bad token or NaN has not moved on") {
    for (const mote_config &config : {rnn(5, 0, 6, 1), rnn(5, 3, 6, 2), gru(5, 0, 6, 1), gru(5, 3, 6, 2)}) {
        INFO(describe(config));
        const Model model(config, 3);
        mote_tensor first{};
        REQUIRE(mote_model_tensor(model.get(), 0, &first) == MOTE_OK);
        float *const row = model.weights() + first.offset;
        for (uint32_t i = 0; i < (first.role == MOTE_ROLE_EMBEDDING ? config.embed : config.hidden); ++i)
            row[4 * 16 + i] = std::nanf("");
        const std::vector<uint16_t> text = {0, 1, 2, 3, 1};
        const Scorer scorer(model.get(), config, 2, 2);
        const uint16_t good[2][4] = {{0, 1, 0, 1}, {1, 2, 1, 2}}, next[2][4] = {{2, 3, 2, 3}, {3, 1, 3, 1}};
        const uint16_t nan[] = {2, 4, 2, 3}, outside[] = {2, 3, 2, 5};
        float nats[4];
        REQUIRE(mote_scorer_read(scorer.get(), good[0], good[1], nats) == MOTE_OK);
        CHECK(mote_scorer_read(scorer.get(), nan, next[1], nats) == MOTE_ERR_NUMERIC);
        CHECK(mote_scorer_read(scorer.get(), outside, next[1], nats) == MOTE_ERR_TOKEN);
        CHECK(mote_scorer_read(scorer.get(), next[0], outside, nats) == MOTE_ERR_TOKEN);
        REQUIRE(mote_scorer_read(scorer.get(), next[0], next[1], nats) == MOTE_OK);
        const std::vector<float> wanted = alone(model.get(), config, text);
        CHECK(same_bits(nats, wanted.data() + 2, 2));
        CHECK(same_bits(nats + 2, wanted.data() + 2, 2));
    }
}

TEST_CASE("a scorer of weights of int8 that meets a logit that is not finite has not moved on") {
    const mote_config config = rnn(5, 0, 6, 1);
    const Model model(config, 3);
    const QuantizedModel quantized(model);
    mote_tensor bias{};
    REQUIRE(mote_model_tensor(quantized.get(), 2, &bias) == MOTE_OK);
    float *const scales = const_cast<float *>(static_cast<const float *>(bias.data)) - 16 * (1 + 2);
    const Scorer scorer(quantized.get(), quantized.config(), 2, 2);
    const uint16_t good[2][4] = {{0, 1, 0, 1}, {1, 2, 1, 2}}, next[2][4] = {{2, 3, 2, 3}, {3, 1, 3, 1}};
    float nats[4], again[4];
    REQUIRE(mote_scorer_read(scorer.get(), good[0], good[1], nats) == MOTE_OK);
    const float honest = scales[0];
    scales[0] = std::nanf("");
    CHECK(mote_scorer_read(scorer.get(), next[0], next[1], nats) == MOTE_ERR_NUMERIC);
    scales[0] = honest;
    REQUIRE(mote_scorer_read(scorer.get(), next[0], next[1], nats) == MOTE_OK);
    const std::vector<float> wanted = alone(quantized.get(), quantized.config(), {0, 1, 2, 3, 1});
    CHECK(same_bits(nats, wanted.data() + 2, 2));
    mote_scorer_reset(scorer.get());
    REQUIRE(mote_scorer_read(scorer.get(), good[0], good[1], again) == MOTE_OK);
    CHECK(same_bits(again, wanted.data(), 2));
}

TEST_CASE("a surprise that overflows while logits stay finite is reported by a scorer") {
    const mote_config config = bigram(4);
    const Model model(config, 1);
    size_t count = 0;
    float *const weights = model.weights(&count);
    std::fill(weights, weights + count, 0.0f);
    for (uint32_t row = 0; row < 4; ++row) weights[row * 16] = 3e38f, weights[row * 16 + 1] = -3e38f;
    const Scorer scorer(model.get(), config, 1, 1);
    const uint16_t token = 0, target = 1;
    float nats;
    CHECK(mote_scorer_read(scorer.get(), &token, &target, &nats) == MOTE_ERR_NUMERIC);
}

TEST_CASE("a scorer's size: its limits, and its macro") {
    const mote_config config = rnn(27, 5, 64, 2);
    CHECK(mote_scorer_bytes(&config, 0, 1) == 0);
    CHECK(mote_scorer_bytes(&config, 1, 0) == 0);
    CHECK(mote_scorer_bytes(&config, 65537, 1) == 0);
    CHECK(mote_scorer_bytes(&config, 1, 65537) == 0);
    CHECK(mote_scorer_bytes(&config, 65536, 65536) == 0);
    CHECK(mote_scorer_bytes(nullptr, 1, 1) == 0);
    const mote_config broken = rnn(27, 5, 0, 2);
    CHECK(mote_scorer_bytes(&broken, 1, 1) == 0);
    CHECK(mote_scorer_bytes(&config, 64, 16) == MOTE_SCORER_BYTES(MOTE_SHAPE_RNN(27, 5, 64, 2), 64, 16));
    static_assert(MOTE_SCORER_BYTES(MOTE_SHAPE_RNN(27, 5, 64, 2), 3, 4) ==
                      128 + 4 * (2 * 3 * 64 + 12 * (32 + 2 * 64 + 16)),
                  "state, logits, activations, embedded characters");
    static_assert(MOTE_SCORER_BYTES(MOTE_SHAPE_MLP(27, 3, 10, 20, 1), 2, 8) ==
                      128 + 2 * 3 * 16 + 32 + 4 * 16 * (32 + 32 + 32),
                  "windows, logits, activations, embedded contexts");
    const Model model(config);
    Arena arena(4096);
    mote_scorer *scorer = nullptr;
    CHECK(mote_scorer_init(&scorer, &arena.arena, model.get(), 65536, 65536) == MOTE_ERR_SIZE);
    CHECK(mote_scorer_init(&scorer, &arena.arena, model.get(), 0, 1) == MOTE_ERR_ARG);
    CHECK(arena.arena.used == 0);
}
