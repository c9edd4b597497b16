#include "support.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

mote_rng seeded(uint64_t seed, uint64_t stream = 0) {
    mote_rng rng{};
    mote_rng_init(&rng, seed, stream);
    return rng;
}

} // namespace

TEST_CASE("PCG32 gives the numbers that its author published for seed 42, stream 54") {
    mote_rng rng = seeded(42, 54);
    for (const uint32_t wanted : {0xa15c02b7u, 0x7b47f409u, 0xba1d3330u, 0x83d2f293u, 0xbfa4784bu, 0xcbed606eu})
        CHECK(mote_rng_u32(&rng) == wanted);
}

TEST_CASE("a generator is plain data: a copy goes on as the original does") {
    mote_rng rng = seeded(1);
    for (int i = 0; i < 5; ++i) mote_rng_normal(&rng);
    mote_rng copy = rng;
    for (int i = 0; i < 100; ++i) CHECK(mote_rng_u32(&rng) == mote_rng_u32(&copy));
}

TEST_CASE("seeds and streams are sequences of their own") {
    const uint32_t first = [] {
        mote_rng rng = seeded(1, 1);
        return mote_rng_u32(&rng);
    }();
    mote_rng other_seed = seeded(2, 1);
    mote_rng other_stream = seeded(1, 2);
    mote_rng last_stream = seeded(1, UINT64_MAX);
    CHECK(mote_rng_u32(&other_seed) != first);
    CHECK(mote_rng_u32(&other_stream) != first);
    CHECK((last_stream.increment & 1) == 1);
}

TEST_CASE("a generator for a purpose is derived by the documented formula") {
    const auto mix = [](uint64_t x) {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
        return x ^ (x >> 31);
    };
    for (const uint64_t seed : {uint64_t{0}, uint64_t{42}, UINT64_MAX})
        for (const uint32_t purpose : {0u, 1u, 2u, 16u, 0xffffffffu})
            for (const uint64_t index : {uint64_t{0}, uint64_t{7}, UINT64_MAX}) {
                const uint64_t key = mix(mix(purpose) + index);
                mote_rng wanted = seeded(mix(seed + key), key);
                mote_rng rng{};
                mote_rng_derive(&rng, seed, purpose, index);
                CHECK(rng.state == wanted.state);
                CHECK(rng.increment == wanted.increment);
            }
}

namespace {

/* Bits in which two sequences differ, a number, over their first 64: 16 where they have nothing in common. */
double difference(mote_rng a, mote_rng b) {
    int bits_apart = 0;
    for (int i = 0; i < 64; ++i)
        for (uint32_t apart = mote_rng_u32(&a) ^ mote_rng_u32(&b); apart != 0; apart &= apart - 1) ++bits_apart;
    return bits_apart / 64.0;
}

} // namespace

TEST_CASE("sequences derived for near seeds, purposes and indices have nothing in common, nor with the weights' own") {
    std::vector<mote_rng> generators = {seeded(0), seeded(1), seeded(2), seeded(3)};
    for (uint64_t seed = 0; seed < 4; ++seed)
        for (const uint32_t purpose : {MOTE_PURPOSE_SHUFFLE, MOTE_PURPOSE_BATCH})
            for (uint64_t index = 0; index < 16; ++index) {
                generators.emplace_back();
                mote_rng_derive(&generators.back(), seed, purpose, index);
            }
    /* The mean of 2048 bits deviates by 0.35; of 9,000 pairs none should be out by six times that. */
    size_t alike = 0;
    for (size_t i = 4; i < generators.size(); ++i)
        for (size_t j = 0; j < i; ++j) alike += std::fabs(difference(generators[i], generators[j]) - 16) > 6 * 0.354;
    CHECK(alike == 0);
    CHECK(difference(seeded(1, 5), seeded(1, 5 + (uint64_t{1} << 62))) < 12);
}

TEST_CASE("uniform numbers are multiples of 2^-24 in [0, 1) and even") {
    mote_rng rng = seeded(7);
    const size_t draws = 1000000;
    std::vector<double> observed(64);
    size_t wrong = 0;
    for (size_t i = 0; i < draws; ++i) {
        const float x = mote_rng_uniform(&rng);
        wrong += !(x >= 0 && x < 1) || std::floor(x * 0x1p24f) != x * 0x1p24f;
        observed[static_cast<size_t>(x * 64)] += 1;
    }
    CHECK(wrong == 0);
    CHECK(std::fabs(chi_square_deviations(observed, std::vector<double>(64, draws / 64.0))) < 5);
}

TEST_CASE("numbers below a bound are unbiased, also where a remainder would be far from it") {
    /* Of 2^32 numbers modulo 3 * 2^30, the lowest third would come twice as often as the others. */
    for (const uint32_t bound : {2u, 3u, 6u, 100u, 1000u, 0xc0000000u, 0x80000001u, 0xffffffffu}) {
        INFO("bound " << bound);
        mote_rng rng = seeded(bound);
        const uint32_t cells = bound < 100 ? bound : 96;
        const size_t draws = 200000;
        std::vector<double> observed(cells);
        std::vector<double> expected(cells);
        for (uint32_t c = 0; c < cells; ++c) {
            const auto start = [&](uint64_t cell) { return (cell * bound + cells - 1) / cells; };
            expected[c] = static_cast<double>(start(c + 1) - start(c)) / bound * static_cast<double>(draws);
        }
        size_t wrong = 0;
        for (size_t i = 0; i < draws; ++i) {
            const uint32_t x = mote_rng_below(&rng, bound);
            wrong += x >= bound;
            observed[static_cast<size_t>(uint64_t{x} * cells / bound)] += 1;
        }
        CHECK(wrong == 0);
        CHECK(std::fabs(chi_square_deviations(observed, expected)) < 5);
    }
}

TEST_CASE("there is nothing to choose below 0 and 1") {
    mote_rng rng = seeded(1);
    CHECK(mote_rng_below(&rng, 0) == 0);
    CHECK(mote_rng_below(&rng, 1) == 0);
}

namespace {

constexpr size_t normals = 10000000;

double two_sided_tail(double x) { return std::erfc(x / std::sqrt(2.0)); }

struct Moments {
    double mean = 0, deviation = 0, skew = 0, kurtosis = 0;
    size_t beyond_four = 0, above_four = 0, beyond_five = 0;
    std::vector<double> cells = std::vector<double>(80); /* of width 0.1 from -4 to 4 */
};

Moments draw_normals(mote_rng rng) {
    Moments seen;
    double sums[4] = {};
    for (size_t i = 0; i < normals; ++i) {
        const double x = static_cast<double>(mote_rng_normal(&rng));
        const double square = x * x;
        sums[0] += x;
        sums[1] += square;
        sums[2] += square * x;
        sums[3] += square * square;
        if (square < 16) {
            seen.cells[static_cast<size_t>((x + 4) * 10)] += 1;
            continue;
        }
        ++seen.beyond_four;
        seen.above_four += x > 0;
        seen.beyond_five += square >= 25;
    }
    for (double &sum : sums) sum /= static_cast<double>(normals);
    const double variance = sums[1] - sums[0] * sums[0];
    seen.mean = sums[0];
    seen.deviation = std::sqrt(variance);
    seen.skew = (sums[2] - 3 * sums[0] * sums[1] + 2 * std::pow(sums[0], 3)) / std::pow(variance, 1.5);
    seen.kurtosis = (sums[3] - 4 * sums[0] * sums[2] + 6 * sums[0] * sums[0] * sums[1] - 3 * std::pow(sums[0], 4)) /
                    (variance * variance);
    return seen;
}

/* Within five deviations of a count that is Poisson, near enough. */
bool plausible(size_t count, double expected) {
    return std::fabs(static_cast<double>(count) - expected) <= 5 * std::sqrt(expected);
}

} // namespace

TEST_CASE("normal variates have the mean, deviation, skewness, kurtosis and tails of the normal distribution") {
    const Moments seen = draw_normals(seeded(2026, 3));
    const double n = static_cast<double>(normals);
    CHECK(std::fabs(seen.mean) < 5 / std::sqrt(n));
    CHECK(std::fabs(seen.deviation - 1) < 5 / std::sqrt(2 * n));
    CHECK(std::fabs(seen.skew) < 5 * std::sqrt(6 / n));
    CHECK(std::fabs(seen.kurtosis - 3) < 5 * std::sqrt(24 / n));
    CHECK(plausible(seen.beyond_four, n * two_sided_tail(4)));
    CHECK(plausible(seen.above_four, n * two_sided_tail(4) / 2));
    CHECK(plausible(seen.beyond_five, n * two_sided_tail(5)));
    std::vector<double> expected;
    for (int i = 0; i < 80; ++i) {
        const double left = (i - 40) / 10.0;
        expected.push_back(n * (two_sided_tail(left) - two_sided_tail(left + 0.1)) / 2);
    }
    CHECK(std::fabs(chi_square_deviations(seen.cells, expected)) < 5);
}

TEST_CASE("normal variates have the same bits everywhere") {
    mote_rng rng = seeded(1, 1);
    uint64_t hash = MOTE_FNV_START;
    for (int i = 0; i < 100000; ++i) {
        const uint32_t pattern = bits(mote_rng_normal(&rng));
        const unsigned char bytes[4] = {static_cast<unsigned char>(pattern), static_cast<unsigned char>(pattern >> 8),
                                        static_cast<unsigned char>(pattern >> 16),
                                        static_cast<unsigned char>(pattern >> 24)};
        hash = mote_fnv1a(hash, bytes, 4);
    }
    CHECK(hash == 0xcd8fa88a6b4d3414u);
}

TEST_CASE("FNV-1a gives the published numbers and continues from where it stopped") {
    CHECK(mote_fnv1a(MOTE_FNV_START, "", 0) == 0xcbf29ce484222325u);
    CHECK(mote_fnv1a(MOTE_FNV_START, "a", 1) == 0xaf63dc4c8601ec8cu);
    CHECK(mote_fnv1a(MOTE_FNV_START, "foobar", 6) == 0x85944171f73967e8u);
    CHECK(mote_fnv1a(mote_fnv1a(MOTE_FNV_START, "foo", 3), "bar", 3) == 0x85944171f73967e8u);
}
