#include "support.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

double rate_at(const mote_schedule &schedule, uint32_t step) {
    float rate = -1;
    REQUIRE(mote_schedule_learning_rate(&schedule, step, &rate) == MOTE_OK);
    return static_cast<double>(rate);
}

mote_schedule schedule(uint32_t kind, uint32_t warmup, uint32_t period, uint32_t total, float rate, float factor) {
    return {kind, warmup, period, total, rate, factor};
}

bool near(double ours, double wanted, double relative) { return std::fabs(ours - wanted) <= relative * wanted; }

const double pi = std::acos(-1.0);

} // namespace

TEST_CASE("a constant schedule is constant") {
    const mote_schedule s = schedule(MOTE_SCHEDULE_CONSTANT, 0, 0, 0, 0.0125f, 0);
    for (const uint32_t step : {0u, 1u, 1000u, 0xffffffffu})
        CHECK(rate_at(s, step) == static_cast<double>(s.learning_rate));
}

TEST_CASE("a step schedule is rate * factor^floor(step / period)") {
    for (const float factor : {1.0f, 0.9f, 0.5f, 0.1f}) {
        const mote_schedule s = schedule(MOTE_SCHEDULE_STEP, 0, 7, 0, 0.5f, factor);
        for (uint32_t step = 0; step < 400; ++step) {
            const double wanted = 0.5 * std::pow(static_cast<double>(factor), std::floor(step / 7.0));
            CHECK(near(rate_at(s, step), std::fmax(wanted, 0x1p-40), 1e-5));
        }
        CHECK(rate_at(s, 0xffffffffu) >= 0x1p-40);
    }
}

TEST_CASE("a cosine schedule goes from rate to rate * factor along half a cosine and stays there") {
    for (const uint32_t warmup : {0u, 10u})
        for (const float factor : {0.0f, 0.1f, 1.0f}) {
            INFO("warmup " << warmup << " factor " << factor);
            const mote_schedule s = schedule(MOTE_SCHEDULE_COSINE, warmup, 0, 1000, 0.02f, factor);
            const double high = static_cast<double>(s.learning_rate);
            const double low = high * static_cast<double>(factor);
            for (uint32_t step = warmup; step < 1000; ++step) {
                const double turn = pi * (step - warmup) / (1000.0 - warmup);
                const double wanted = low + (high - low) * 0.5 * (1 + std::cos(turn));
                CHECK(std::fabs(rate_at(s, step) - wanted) <= 4e-7 * high);
            }
            for (const uint32_t step : {1000u, 1001u, 0xffffffffu})
                CHECK(near(rate_at(s, step), std::fmax(low, 0x1p-40), 1e-6));
        }
}

TEST_CASE("a warm-up rises linearly from above zero and reaches the rate at its end") {
    for (const uint32_t kind : {MOTE_SCHEDULE_CONSTANT, MOTE_SCHEDULE_STEP, MOTE_SCHEDULE_COSINE}) {
        const mote_schedule s = schedule(kind, 20, 1000, 1000, 0.5f, 0.1f);
        CHECK(rate_at(s, 0) > 0.5 / 50);
        CHECK(near(rate_at(s, 20), 0.5, 1e-6));
        const double rise = rate_at(s, 1) - rate_at(s, 0);
        for (uint32_t step = 1; step < 20; ++step) CHECK(near(rate_at(s, step) - rate_at(s, step - 1), rise, 1e-4));
        CHECK(rise > 0.02);
        CHECK(rise < 0.03);
    }
}

TEST_CASE("rates never fall below 2^-40 and never rise above the rate") {
    for (const uint32_t kind : {MOTE_SCHEDULE_CONSTANT, MOTE_SCHEDULE_STEP, MOTE_SCHEDULE_COSINE})
        for (const float rate : {0x1p-40f, 1e-6f, 1.0f})
            for (const float factor : {0.0f, 1e-30f, 0.5f, 1.0f}) {
                const mote_schedule s = schedule(kind, 100, 1, 5000, rate, factor);
                size_t wrong = 0;
                for (uint32_t step = 0; step < 6000; step += 7) {
                    const double r = rate_at(s, step);
                    wrong += !(r >= 0x1p-40 && r <= static_cast<double>(rate) * (1 + 1e-6));
                }
                CHECK(wrong == 0);
            }
}

TEST_CASE("schedules have the same bits everywhere") {
    uint64_t hash = MOTE_FNV_START;
    for (const uint32_t kind : {MOTE_SCHEDULE_CONSTANT, MOTE_SCHEDULE_STEP, MOTE_SCHEDULE_COSINE}) {
        const mote_schedule s = schedule(kind, 33, 5, 1777, 0.0123f, 0.97f);
        for (uint32_t step = 0; step < 2000; ++step) {
            float rate = 0;
            REQUIRE(mote_schedule_learning_rate(&s, step, &rate) == MOTE_OK);
            const uint32_t pattern = bits(rate);
            for (uint32_t shift = 0; shift < 32; shift += 8) {
                const auto byte = static_cast<unsigned char>(pattern >> shift);
                hash = mote_fnv1a(hash, &byte, 1);
            }
        }
    }
    CHECK(hash == 0xc1095dbdd85f88f2u);
}

TEST_CASE("schedules that cannot be used are refused") {
    const float nan = std::nanf("");
    const auto refused = [](const mote_schedule &s) {
        float rate = 0;
        return mote_schedule_learning_rate(&s, 3, &rate) == MOTE_ERR_ARG;
    };
    CHECK_FALSE(refused(schedule(MOTE_SCHEDULE_COSINE, 4, 1, 5, 0.1f, 0.5f)));
    CHECK(refused(schedule(3, 0, 1, 10, 0.1f, 0.5f)));
    CHECK(refused(schedule(0xffffffffu, 0, 1, 10, 0.1f, 0.5f)));
    CHECK(refused(schedule(MOTE_SCHEDULE_STEP, 0, 0, 10, 0.1f, 0.5f)));
    CHECK(refused(schedule(MOTE_SCHEDULE_COSINE, 5, 1, 5, 0.1f, 0.5f)));
    CHECK(refused(schedule(MOTE_SCHEDULE_COSINE, 6, 1, 5, 0.1f, 0.5f)));
    CHECK(refused(schedule(MOTE_SCHEDULE_COSINE, 0, 1, 0, 0.1f, 0.5f)));
    for (const float bad : {0.0f, -0.1f, nan, HUGE_VALF})
        CHECK(refused(schedule(MOTE_SCHEDULE_CONSTANT, 0, 1, 1, bad, 1)));
    for (const float bad : {-0.1f, 1.1f, nan, HUGE_VALF})
        CHECK(refused(schedule(MOTE_SCHEDULE_STEP, 0, 1, 1, 0.1f, bad)));
}
