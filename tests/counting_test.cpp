/* A bigram made of counts, against plain doubles. */
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

/* Some characters are rare, some pairs never come, and the last character is never followed by another. */
std::vector<uint16_t> draw_text(uint32_t vocab, size_t count, uint64_t seed) {
    Random random(seed);
    std::vector<uint16_t> text(count);
    for (uint16_t &token : text) {
        const uint32_t most = 1 + random.below(vocab - 1);
        token = static_cast<uint16_t>(random.below(most));
    }
    text.back() = static_cast<uint16_t>(vocab - 1);
    return text;
}

std::vector<uint32_t> count_pairs(const std::vector<uint16_t> &text, uint32_t vocab) {
    std::vector<uint32_t> pairs(size_t{vocab} * vocab);
    REQUIRE(mote_count_pairs(text.data(), text.size(), vocab, pairs.data()) == MOTE_OK);
    return pairs;
}

float logit(const mote_model *model, uint32_t a, uint32_t b) {
    mote_tensor tensor{};
    REQUIRE(mote_model_tensor(model, 0, &tensor) == MOTE_OK);
    return mote_tensor_at(&tensor, a, b);
}

} // namespace

TEST_CASE("pairs are counted as often as they come, added to what was counted before") {
    const uint32_t vocab = 9;
    const std::vector<uint16_t> text = draw_text(vocab, 500, 1);
    std::vector<uint32_t> wanted(vocab * vocab, 3);
    for (size_t i = 1; i < text.size(); ++i) ++wanted[text[i - 1] * vocab + text[i]];
    std::vector<uint32_t> pairs(vocab * vocab, 3);
    REQUIRE(mote_count_pairs(text.data(), text.size(), vocab, pairs.data()) == MOTE_OK);
    CHECK(pairs == wanted);
}

TEST_CASE("a text counted in pieces that overlap by one token is counted as in one") {
    const std::vector<uint16_t> text = draw_text(5, 40, 2);
    std::vector<uint32_t> pairs(25);
    size_t at = 0;
    for (const size_t length : {1u, 2u, 3u, 10u, 1u, 28u}) {
        REQUIRE(mote_count_pairs(text.data() + at, length, 5, pairs.data()) == MOTE_OK);
        at += length - 1;
    }
    REQUIRE(at == 39);
    CHECK(pairs == count_pairs(text, 5));
}

TEST_CASE("a text of one token, or of none, has no pairs") {
    const uint16_t token = 1;
    std::vector<uint32_t> pairs(4, 7);
    CHECK(mote_count_pairs(&token, 1, 2, pairs.data()) == MOTE_OK);
    CHECK(mote_count_pairs(nullptr, 0, 2, pairs.data()) == MOTE_OK);
    CHECK(pairs == std::vector<uint32_t>(4, 7));
}

TEST_CASE("a token that the vocabulary lacks, or a count too many, leaves the counts as they were") {
    const std::vector<uint32_t> before = {5, UINT32_MAX - 1, 0, UINT32_MAX, 2, 9, 0, 0, 1};
    std::vector<uint32_t> pairs = before;
    const auto status = [&](const std::vector<uint16_t> &text) {
        return mote_count_pairs(text.data(), text.size(), 3, pairs.data());
    };
    for (size_t place = 0; place < 4; ++place) {
        std::vector<uint16_t> text = {0, 0, 0, 2};
        text[place] = 3;
        CHECK(status(text) == MOTE_ERR_TOKEN);
        CHECK(pairs == before);
    }
    CHECK(status({1, 0}) == MOTE_ERR_CAPACITY);
    CHECK(pairs == before);
    CHECK(status({0, 0, 0, 1, 1, 2, 0, 1, 2, 2}) == MOTE_ERR_CAPACITY);
    CHECK(pairs == before);
    CHECK(status({2, 2, 0, 1, 1, 1, 0}) == MOTE_ERR_CAPACITY);
    CHECK(pairs == before);
    CHECK(status({0, 1}) == MOTE_OK);
    CHECK(pairs[1] == UINT32_MAX);
}

TEST_CASE("counting refuses what it cannot use") {
    const uint16_t text[] = {0, 1};
    uint32_t pairs[4] = {};
    CHECK(mote_count_pairs(nullptr, 2, 2, pairs) == MOTE_ERR_ARG);
    CHECK(mote_count_pairs(text, 2, 2, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_count_pairs(text, 2, 0, pairs) == MOTE_ERR_ARG);
    CHECK(mote_count_pairs(text, 2, MOTE_MAX_VOCAB + 1, pairs) == MOTE_ERR_ARG);

    const Model model(bigram(2), 1);
    const uint64_t hash = model.hash();
    CHECK(mote_bigram_count(nullptr, pairs, 1) == MOTE_ERR_ARG);
    CHECK(mote_bigram_count(model.get(), nullptr, 1) == MOTE_ERR_ARG);
    for (const float bad : {-1.0f, -0.0f, 0x1.fffffep-21f, 0x1.000002p20f, 1e-30f, std::nanf(""), HUGE_VALF})
        CHECK(mote_bigram_count(model.get(), pairs, bad) == MOTE_ERR_ARG);
    CHECK(mote_bigram_count(Model(rnn(2, 0, 2, 1)).get(), pairs, 1) == MOTE_ERR_ARG);
    CHECK(mote_bigram_count(Model(mlp(2, 1, 2, 2, 1)).get(), pairs, 1) == MOTE_ERR_ARG);
    CHECK(model.hash() == hash);
}

TEST_CASE("a bigram in flash cannot be made of counts") {
    const mote_config config = bigram(2);
    const Alphabet alphabet(2);
    const Model model(config, 1, &alphabet.vocab());
    const Buffer blob = save(model.get(), config);
    Arena arena(MOTE_OPEN_BYTES);
    const mote_model *opened = nullptr;
    REQUIRE(mote_model_open(&opened, &arena.arena, blob.data(), blob.size()) == MOTE_OK);
    const uint32_t pairs[4] = {};
    CHECK(mote_bigram_count(const_cast<mote_model *>(opened), pairs, 1) == MOTE_ERR_ARG);
}

TEST_CASE("a counted bigram holds the logarithms of the smoothed shares") {
    for (const uint32_t vocab : {2u, 15u, 16u, 17u, 40u}) {
        const std::vector<uint32_t> pairs = count_pairs(draw_text(vocab, 900, vocab), vocab);
        const Model model(bigram(vocab), 1);
        for (const float smoothing : {0.0f, 1.0f, 0.25f, 3.7f, 0x1p-20f, 0x1p20f}) {
            REQUIRE(mote_bigram_count(model.get(), pairs.data(), smoothing) == MOTE_OK);
            const double s = static_cast<double>(smoothing);
            size_t unseen = 0, wrong = 0;
            for (uint32_t a = 0; a < vocab; ++a) {
                double sum = 0;
                for (uint32_t b = 0; b < vocab; ++b) sum += pairs[a * vocab + b];
                for (uint32_t b = 0; b < vocab; ++b) {
                    const double share = (pairs[a * vocab + b] + s) / (sum + vocab * s);
                    const float ours = logit(model.get(), a, b);
                    const bool seen = pairs[a * vocab + b] > 0 || smoothing > 0;
                    unseen += !seen;
                    /* Two sums, a product and a quotient round once each; the logarithm by an ULP. */
                    const double bound = 5 * 0x1p-24 + 2 * 0x1p-24 * std::fabs(std::log(share));
                    wrong += seen ? !(std::fabs(static_cast<double>(ours) - std::log(share)) <= bound) : ours != -87.0f;
                }
            }
            CHECK(wrong == 0);
            CHECK((unseen > 0) == (smoothing == 0.0f));
            CHECK(dirty_padding(model.get(), model.weights()) == 0);
        }
    }
}

TEST_CASE("a row may hold 2^32 - 1 counts, and one more changes nothing") {
    const Model model(bigram(3), 1);
    const uint64_t hash = model.hash();
    std::vector<uint32_t> pairs = {1, 2, 3, 4, 5, 6, UINT32_MAX - 2, 2, 1};
    CHECK(mote_bigram_count(model.get(), pairs.data(), 1) == MOTE_ERR_CAPACITY);
    pairs = {UINT32_MAX, UINT32_MAX, UINT32_MAX, 4, 5, 6, 0, 0, 0};
    CHECK(mote_bigram_count(model.get(), pairs.data(), 0) == MOTE_ERR_CAPACITY);
    CHECK(model.hash() == hash);
    pairs = {1, 2, 3, 4, 5, 6, UINT32_MAX - 2, 1, 1};
    CHECK(mote_bigram_count(model.get(), pairs.data(), 0) == MOTE_OK);
    CHECK(bits(logit(model.get(), 2, 0)) == 0);
    CHECK(static_cast<double>(logit(model.get(), 2, 1)) == doctest::Approx(-32 * std::log(2.0)));
}

TEST_CASE("the counts are where the gradient vanishes: no bigram is better on the text that was counted") {
    const uint32_t vocab = 12;
    const std::vector<uint16_t> text = draw_text(vocab, 401, 3);
    const Model model(bigram(vocab), 1);
    REQUIRE(mote_bigram_count(model.get(), count_pairs(text, vocab).data(), 0) == MOTE_OK);
    const Trainer trainer(model, train_config(1, 400));
    float loss = -1;
    REQUIRE(mote_forward_backward(trainer.get(), text.data(), text.data() + 1, &loss) == MOTE_OK);
    size_t count = 0, wrong = 0;
    const float *gradients = mote_gradients(trainer.get(), &count);
    for (size_t i = 0; i < count; ++i) wrong += !(std::fabs(gradients[i]) < 1e-6f);
    CHECK(wrong == 0);
    const State state(model.get(), bigram(vocab));
    std::vector<float> nats(400);
    REQUIRE(mote_score(state.get(), text.data(), 401, nats.data(), nullptr) == MOTE_OK);
    double sum = 0;
    for (const float n : nats) sum += static_cast<double>(n);
    CHECK(static_cast<double>(loss) == doctest::Approx(sum / 400));
}
