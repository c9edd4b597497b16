#include "support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace mote_test;

namespace {

template <typename T> uint64_t hash_of(const std::vector<T> &numbers) {
    uint64_t hash = MOTE_FNV_START;
    for (const T number : numbers)
        for (size_t i = 0; i < sizeof(T); ++i) {
            const auto byte = static_cast<unsigned char>(number >> (8 * i));
            hash = mote_fnv1a(hash, &byte, 1);
        }
    return hash;
}

std::vector<uint16_t> counting_text(size_t count) {
    std::vector<uint16_t> text(count);
    std::iota(text.begin(), text.end(), uint16_t{0});
    return text;
}

} // namespace

TEST_CASE("a split cuts everything into three parts, each within one of its share") {
    for (const size_t count : {size_t{0}, size_t{1}, size_t{2}, size_t{7}, size_t{99}, size_t{100}, size_t{101},
                               size_t{1115394}, SIZE_MAX / 2, SIZE_MAX}) {
        for (uint32_t train = 0; train <= 100; train += 5) {
            for (uint32_t dev = 0; dev + train <= 100; dev += 5) {
                const uint32_t percent[3] = {train, dev, 100 - train - dev};
                size_t bounds[4] = {9, 9, 9, 9};
                REQUIRE(mote_split(count, percent, bounds) == MOTE_OK);
                const bool ascends = bounds[0] == 0 && bounds[0] <= bounds[1] && bounds[1] <= bounds[2] &&
                                     bounds[2] <= bounds[3] && bounds[3] == count;
                CHECK(ascends);
                const auto share = [&](uint32_t p) { return count / 100 * p + count % 100 * p / 100; };
                CHECK(bounds[1] - share(train) <= 1);
                CHECK(bounds[2] - share(train + dev) <= 1);
                if (percent[2] == 0) CHECK(bounds[2] == count);
                if (train == 0) CHECK(bounds[1] == 0);
                if (dev == 0) CHECK(bounds[1] == bounds[2]);
            }
        }
    }
}

TEST_CASE("percentages that do not add up to 100 are refused, also where 32 bits overflow") {
    size_t bounds[4];
    for (const auto &percent : std::vector<std::vector<uint32_t>>{
             {80, 10, 9}, {80, 10, 11}, {0, 0, 0}, {0xffffffffu, 1, 100}, {101, 0xffffffffu, 0}, {200, 0, 0xffffff9cu}})
        CHECK(mote_split(1000, percent.data(), bounds) == MOTE_ERR_ARG);
}

TEST_CASE("a shuffle is a permutation, another one for each seed and epoch") {
    for (const uint32_t count : {0u, 1u, 2u, 3u, 17u, 1000u}) {
        std::vector<uint32_t> order(count);
        REQUIRE(mote_shuffle(order.data(), count, 5, 0) == MOTE_OK);
        std::vector<uint32_t> sorted = order;
        std::sort(sorted.begin(), sorted.end());
        for (uint32_t i = 0; i < count; ++i) REQUIRE(sorted[i] == i);
        std::vector<uint32_t> again(count);
        REQUIRE(mote_shuffle(again.data(), count, 5, 0) == MOTE_OK);
        CHECK(again == order);
        if (count < 17) continue;
        REQUIRE(mote_shuffle(again.data(), count, 5, 1) == MOTE_OK);
        CHECK(again != order);
        REQUIRE(mote_shuffle(again.data(), count, 6, 0) == MOTE_OK);
        CHECK(again != order);
    }
}

TEST_CASE("a shuffle gives every permutation equally often, over seeds and over epochs") {
    for (const bool by_epoch : {false, true}) {
        std::vector<double> observed(120);
        const size_t shuffles = 60000;
        for (size_t s = 0; s < shuffles; ++s) {
            uint32_t order[5];
            REQUIRE(mote_shuffle(order, 5, by_epoch ? 1 : s, by_epoch ? s : 0) == MOTE_OK);
            size_t index = 0;
            for (size_t i = 0; i < 5; ++i) {
                size_t rank = 0;
                for (size_t j = i + 1; j < 5; ++j) rank += order[j] < order[i];
                index = index * (5 - i) + rank;
            }
            observed[index] += 1;
        }
        CHECK(std::fabs(chi_square_deviations(observed, std::vector<double>(120, shuffles / 120.0))) < 5);
    }
}

TEST_CASE("a shuffle has the same numbers everywhere") {
    std::vector<uint32_t> order(1000);
    REQUIRE(mote_shuffle(order.data(), 1000, 42, 3) == MOTE_OK);
    CHECK(hash_of(order) == 0xeee490b33239cec1u);
}

namespace {

size_t row_start(size_t count, uint32_t batch, size_t row) { return row * (count - 1) / batch; }

/* Batches whose time is full in the longest row, and whether a shorter one is left out behind them. */
struct Pass {
    size_t full, left_over;
    Pass(size_t count, uint32_t batch, uint32_t time) {
        const size_t longest = (count - 1 + batch - 1) / batch;
        full = longest / time;
        left_over = longest % time;
    }
    bool leaves_out() const { return full >= 100 && left_over != 0; }
    size_t batches() const { return full + (left_over != 0 && !leaves_out() ? 1 : 0); }
};

/* Reads a whole pass: each target must come as often as documented, in its place and with the character before it. */
void check_pass(size_t count, uint32_t batch, uint32_t time) {
    INFO(count << " characters, B=" << batch << " T=" << time);
    const std::vector<uint16_t> text = counting_text(count);
    const size_t batches = mote_stream_batches(count, batch, time);
    CHECK(batches == Pass(count, batch, time).batches());
    const size_t cells = size_t{batch} * time;
    std::vector<uint16_t> tokens(cells), targets(cells);
    std::vector<int> seen(count);
    size_t wrong = 0;
    for (size_t index = 0; index < batches; ++index) {
        REQUIRE(mote_stream_batch(text.data(), count, 0, batch, time, index, tokens.data(), targets.data()) == MOTE_OK);
        for (size_t i = 0; i < cells; ++i) {
            const size_t row = i / time;
            const size_t place = row_start(count, batch, row) + 1 + index * time + i % time;
            const bool there = place <= row_start(count, batch, row + 1);
            wrong += targets[i] != (there ? text[place] : MOTE_IGNORE);
            wrong += tokens[i] != (there ? text[place - 1] : 0);
            if (there) ++seen[place];
        }
    }
    CHECK(wrong == 0);
    size_t missed = seen[0] != 0;
    for (size_t row = 0; row < batch; ++row) {
        const size_t start = row_start(count, batch, row);
        for (size_t i = start + 1; i <= row_start(count, batch, row + 1); ++i)
            missed += seen[i] != (i - start <= batches * time ? 1 : 0);
    }
    CHECK(missed == 0);
    CHECK(mote_stream_batch(text.data(), count, 0, batch, time, batches, tokens.data(), targets.data()) ==
          MOTE_ERR_ARG);
}

} // namespace

TEST_CASE("a pass over a stream asks for every target exactly once, in the documented rows") {
    for (const size_t count : {2u, 3u, 5u, 16u, 17u, 64u, 65u, 100u, 1001u})
        for (const uint32_t batch : {1u, 2u, 3u, 7u, 8u, 32u, 200u})
            for (const uint32_t time : {1u, 2u, 5u, 8u, 64u, 300u}) {
                CHECK_FALSE(Pass(count, batch, time).leaves_out());
                check_pass(count, batch, time);
            }
}

TEST_CASE("a pass of a hundred full batches or more leaves a shorter last one out, a shorter pass does not") {
    for (const uint32_t batch : {1u, 2u, 3u, 7u})
        for (const uint32_t time : {2u, 5u, 8u})
            for (const size_t full : {99u, 100u, 101u})
                for (size_t more = 0; more < size_t{batch} * time; ++more)
                    check_pass(1 + full * batch * time + more, batch, time);
    CHECK(mote_stream_batches(1 + 99 * 8 + 7, 1, 8) == 100);
    CHECK(mote_stream_batches(1 + 100 * 8 + 7, 1, 8) == 100);
    CHECK(mote_stream_batches(1 + 101 * 8, 1, 8) == 101);
}

TEST_CASE("a text too short to predict anything makes no batches") {
    uint16_t text[2] = {1, 2};
    uint16_t token, target;
    CHECK(mote_stream_batches(0, 1, 1) == 0);
    CHECK(mote_stream_batches(1, 1, 1) == 0);
    CHECK(mote_stream_batches(2, 1, 1) == 1);
    CHECK(mote_stream_batches(2, 0, 1) == 0);
    CHECK(mote_stream_batches(2, 1, 0) == 0);
    CHECK(mote_stream_batch(text, 1, 0, 1, 1, 0, &token, &target) == MOTE_ERR_ARG);
    CHECK(mote_stream_batch(text, 2, 0, 1, 1, SIZE_MAX, &token, &target) == MOTE_ERR_ARG);
    CHECK(mote_stream_batch(text, 2, 0, 0, 1, 0, &token, &target) == MOTE_ERR_ARG);
    CHECK(mote_stream_batch(text, 2, 0, 1, 0, 0, &token, &target) == MOTE_ERR_ARG);
}

TEST_CASE("random batches are chunks of the text from everywhere in it") {
    const std::vector<uint16_t> text = counting_text(50);
    const uint32_t batch = 4;
    for (const uint32_t time : {1u, 6u, 49u}) {
        std::set<uint16_t> starts;
        std::vector<uint16_t> tokens(batch * time);
        std::vector<uint16_t> targets(batch * time);
        size_t wrong = 0;
        for (uint64_t step = 0; step < 500; ++step) {
            REQUIRE(mote_random_batch(text.data(), 50, 0, batch, time, 3, step, tokens.data(), targets.data()) ==
                    MOTE_OK);
            for (uint32_t b = 0; b < batch; ++b) {
                starts.insert(tokens[b * time]);
                for (uint32_t t = 0; t < time; ++t) {
                    wrong += targets[b * time + t] != tokens[b * time + t] + 1;
                    wrong += tokens[b * time + t] != tokens[b * time] + t;
                }
            }
        }
        CHECK(wrong == 0);
        CHECK(starts.size() == 50 - time);
        CHECK(*starts.begin() == 0);
    }
}

TEST_CASE("random batches depend on seed and step and on nothing else") {
    const std::vector<uint16_t> text = counting_text(5000);
    const auto draw = [&](uint64_t seed, uint64_t step) {
        std::vector<uint16_t> tokens(3 * 4);
        std::vector<uint16_t> targets(3 * 4);
        REQUIRE(mote_random_batch(text.data(), 5000, 0, 3, 4, seed, step, tokens.data(), targets.data()) == MOTE_OK);
        return tokens;
    };
    const std::vector<uint16_t> first = draw(1, 1);
    draw(8, 8);
    CHECK(draw(1, 1) == first);
    CHECK(draw(1, 2) != first);
    CHECK(draw(2, 1) != first);
    CHECK(hash_of(draw(42, 7)) == 0x7aa10d72ad26c559u);
}

TEST_CASE("a random batch's rows start where the documented generator says") {
    const std::vector<uint16_t> text = counting_text(5000);
    for (const uint64_t step : {uint64_t{0}, uint64_t{1}, UINT64_MAX}) {
        std::vector<uint16_t> tokens(5 * 4), targets(5 * 4);
        REQUIRE(mote_random_batch(text.data(), 5000, 0, 5, 4, 9, step, tokens.data(), targets.data()) == MOTE_OK);
        mote_rng rng{};
        mote_rng_derive(&rng, 9, MOTE_PURPOSE_BATCH, step);
        for (uint32_t b = 0; b < 5; ++b) CHECK(tokens[b * 4] == mote_rng_below(&rng, 5000 - 4));
    }
}

TEST_CASE("a text no longer than the batch's time gives no random batch") {
    const std::vector<uint16_t> text = counting_text(10);
    std::vector<uint16_t> tokens(20);
    std::vector<uint16_t> targets(20);
    const auto status = [&](size_t count, uint32_t batch, uint32_t time) {
        return mote_random_batch(text.data(), count, 0, batch, time, 1, 1, tokens.data(), targets.data());
    };
    CHECK(status(10, 2, 9) == MOTE_OK);
    CHECK(status(10, 2, 10) == MOTE_ERR_ARG);
    CHECK(status(0, 1, 1) == MOTE_ERR_ARG);
    CHECK(status(1, 1, 1) == MOTE_ERR_ARG);
    CHECK(status(10, 0, 1) == MOTE_ERR_ARG);
    CHECK(status(10, 1, 0) == MOTE_ERR_ARG);
}
