#include "support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace mote_test;

namespace {

std::vector<double> softmax(const std::vector<float> &logits, double temperature) {
    const double highest = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    std::vector<double> p;
    for (const float logit : logits) p.push_back(std::exp((static_cast<double>(logit) - highest) / temperature));
    const double sum = std::accumulate(p.begin(), p.end(), 0.0);
    for (double &share : p) share /= sum;
    return p;
}

std::vector<float> draw_logits(size_t count, float scale, uint64_t seed) {
    Random random(seed);
    std::vector<float> logits(count);
    for (float &logit : logits) logit = random.weight(scale);
    return logits;
}

/* A million times, so what is wrong alone costs an assertion. */
uint16_t sample(const std::vector<float> &logits, float temperature, uint32_t top_k, mote_rng &rng) {
    uint16_t token = 0xffff;
    const mote_status status =
        mote_sample(logits.data(), static_cast<uint32_t>(logits.size()), temperature, top_k, &rng, &token);
    if (status != MOTE_OK) REQUIRE(status == MOTE_OK);
    if (token >= logits.size()) REQUIRE(token < logits.size());
    return token;
}

mote_rng seeded(uint64_t seed) {
    mote_rng rng{};
    mote_rng_init(&rng, seed, 5);
    return rng;
}

/* Pearson's test wants no cell that expects fewer than five: those are merged into one. */
double deviations(const std::vector<double> &observed, const std::vector<double> &expected) {
    std::vector<double> seen{0}, wanted{0};
    for (size_t i = 0; i < observed.size(); ++i) {
        if (expected[i] < 5) {
            seen[0] += observed[i];
            wanted[0] += expected[i];
        } else {
            seen.push_back(observed[i]);
            wanted.push_back(expected[i]);
        }
    }
    if (wanted[0] < 5) {
        CHECK(seen[0] <= wanted[0] + 5 * std::sqrt(wanted[0]) + 3);
        seen.erase(seen.begin());
        wanted.erase(wanted.begin());
    }
    return chi_square_deviations(seen, wanted);
}

} // namespace

TEST_CASE("tokens come as often as softmax(logits / temperature) says") {
    for (const size_t vocab : {2u, 5u, 16u, 17u, 65u})
        for (const float temperature : {0.5f, 1.0f, 2.0f}) {
            INFO("V=" << vocab << " temperature " << temperature);
            const std::vector<float> logits = draw_logits(vocab, 2, vocab);
            mote_rng rng = seeded(vocab);
            const size_t draws = 60000;
            std::vector<double> observed(vocab);
            for (size_t i = 0; i < draws; ++i) observed[sample(logits, temperature, 0, rng)] += 1;
            std::vector<double> expected = softmax(logits, static_cast<double>(temperature));
            for (double &share : expected) share *= static_cast<double>(draws);
            CHECK(std::fabs(deviations(observed, expected)) < 5);
        }
}

TEST_CASE("top-k draws from the k likeliest as often as their softmax says, and from no other") {
    const std::vector<float> logits = draw_logits(40, 2, 3);
    std::vector<size_t> order(logits.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return logits[a] > logits[b]; });
    for (const uint32_t k : {1u, 2u, 7u, 16u, 39u}) {
        INFO("k " << k);
        std::vector<float> kept;
        for (size_t i = 0; i < k; ++i) kept.push_back(logits[order[i]]);
        std::vector<double> expected = softmax(kept, 0.8);
        std::vector<double> observed(logits.size());
        mote_rng rng = seeded(k);
        const size_t draws = 30000;
        for (size_t i = 0; i < draws; ++i) observed[sample(logits, 0.8f, k, rng)] += 1;
        std::vector<double> seen;
        double outside = static_cast<double>(draws);
        for (size_t i = 0; i < k; ++i) {
            seen.push_back(observed[order[i]]);
            outside -= observed[order[i]];
            expected[i] *= static_cast<double>(draws);
        }
        CHECK(outside == 0);
        if (k > 1) CHECK(std::fabs(deviations(seen, expected)) < 5);
    }
}

TEST_CASE("ties at the edge of top-k keep the lower token") {
    const std::vector<float> logits = {1, 2, 1, 2, 2, 1, 0, 2};
    const auto drawn = [&](uint32_t k) {
        std::set<uint16_t> tokens;
        mote_rng rng = seeded(k);
        for (int i = 0; i < 500; ++i) tokens.insert(sample(logits, 1, k, rng));
        return tokens;
    };
    CHECK(drawn(1) == std::set<uint16_t>{1});
    CHECK(drawn(2) == std::set<uint16_t>{1, 3});
    CHECK(drawn(3) == std::set<uint16_t>{1, 3, 4});
    CHECK(drawn(4) == std::set<uint16_t>{1, 3, 4, 7});
    CHECK(drawn(5) == std::set<uint16_t>{0, 1, 3, 4, 7});
    CHECK(drawn(6) == std::set<uint16_t>{0, 1, 2, 3, 4, 7});
}

TEST_CASE("-0 and +0 tie in top-k and in greedy") {
    const std::vector<float> logits = {-0.0f, 0.0f, -1.0f};
    mote_rng rng = seeded(1);
    CHECK(sample(logits, 0, 0, rng) == 0);
    for (int i = 0; i < 50; ++i) CHECK(sample(logits, 1, 1, rng) == 0);
}

TEST_CASE("k of the vocabulary's size or more, or 0, means all: the same draws") {
    const std::vector<float> logits = draw_logits(23, 2, 9);
    mote_rng all = seeded(4);
    mote_rng exact = seeded(4);
    mote_rng more = seeded(4);
    mote_rng most = seeded(4);
    for (int i = 0; i < 300; ++i) {
        const uint16_t token = sample(logits, 1, 0, all);
        CHECK(sample(logits, 1, 23, exact) == token);
        CHECK(sample(logits, 1, 24, more) == token);
        CHECK(sample(logits, 1, 0xffffffffu, most) == token);
    }
}

TEST_CASE("temperature 0 takes the largest logit, the lowest token on a tie, and draws nothing") {
    mote_rng rng = seeded(1);
    const mote_rng before = rng;
    CHECK(sample({1, 3, 2, 3, 3}, 0, 0, rng) == 1);
    CHECK(sample({-5, -5}, 0, 0, rng) == 0);
    CHECK(sample({-3e38f, 3e38f}, 0, 5, rng) == 1);
    CHECK(sample({7}, 0, 0, rng) == 0);
    CHECK(rng.state == before.state);
    CHECK(rng.increment == before.increment);
}

TEST_CASE("temperatures at the ends of the range work, outside of it they are refused") {
    const std::vector<float> logits = {0, 1, 0.5f};
    mote_rng rng = seeded(1);
    std::vector<double> observed(3);
    for (int i = 0; i < 30000; ++i) observed[sample(logits, 0x1p20f, 0, rng)] += 1;
    CHECK(std::fabs(chi_square_deviations(observed, {10000, 10000, 10000})) < 5);
    for (int i = 0; i < 100; ++i) CHECK(sample(logits, 0x1p-20f, 0, rng) == 1);
    uint16_t token = 0;
    for (const float bad : {-1.0f, -0x1p-20f, 0x1p-21f, 0x1p21f, std::nanf(""), HUGE_VALF, -HUGE_VALF, 1e-40f})
        CHECK(mote_sample(logits.data(), 3, bad, 0, &rng, &token) == MOTE_ERR_ARG);
}

TEST_CASE("logits as far apart as floats can be are drawn from without a NaN") {
    mote_rng rng = seeded(1);
    for (const float temperature : {0x1p-20f, 1.0f, 0x1p20f})
        for (int i = 0; i < 50; ++i) CHECK(sample({-3e38f, 3e38f, -3e38f}, temperature, 0, rng) == 1);
}

TEST_CASE("a logit that is NaN or infinite is refused wherever it stands") {
    mote_rng rng = seeded(1);
    const mote_rng before = rng;
    for (const size_t vocab : {1u, 2u, 15u, 16u, 17u, 33u})
        for (size_t place = 0; place < vocab; ++place)
            for (const float bad : {std::nanf(""), -std::nanf(""), HUGE_VALF, -HUGE_VALF})
                for (const float temperature : {0.0f, 1.0f}) {
                    std::vector<float> logits = draw_logits(vocab, 1, 1);
                    logits[place] = bad;
                    uint16_t token = 0;
                    REQUIRE(mote_sample(logits.data(), static_cast<uint32_t>(vocab), temperature, 0, &rng, &token) ==
                            MOTE_ERR_NUMERIC);
                }
    CHECK(rng.state == before.state);
}

TEST_CASE("logits are read from no further than the vocabulary") {
    for (const uint32_t vocab : {1u, 15u, 17u, 31u}) {
        Floats exact(vocab);
        mote_rng rng = seeded(1);
        uint16_t token = 0;
        for (const uint32_t k : {0u, 1u, vocab}) {
            CHECK(mote_sample(exact.data(), vocab, 1, k, &rng, &token) == MOTE_OK);
            CHECK(mote_sample(exact.data(), vocab, 0, k, &rng, &token) == MOTE_OK);
        }
    }
}

TEST_CASE("an empty vocabulary is refused") {
    const float logit = 0;
    mote_rng rng = seeded(1);
    uint16_t token = 0;
    CHECK(mote_sample(&logit, 0, 1, 0, &rng, &token) == MOTE_ERR_ARG);
    CHECK(mote_sample(&logit, MOTE_MAX_VOCAB + 1, 1, 0, &rng, &token) == MOTE_ERR_ARG);
}
