#include "support.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

/* The order that mote.h documents: 16 lanes over blocks of 1024, an 8-4-2-1 tree a block, the blocks in order. */
float norm_as_documented(const Floats &g) {
    float total = 0;
    for (size_t block = 0; block < g.size(); block += 1024) {
        float lanes[16] = {};
        for (size_t i = block; i < g.size() && i < block + 1024; ++i)
            lanes[i % 16] = std::fma(g[i], g[i], lanes[i % 16]);
        for (size_t half = 8; half > 0; half /= 2)
            for (size_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
        total += lanes[0];
    }
    return std::sqrt(total);
}

Floats draw_gradients(size_t count, float scale) {
    Random random(count);
    Floats g(count);
    for (size_t i = 0; i < count; ++i) g[i] = random.weight(scale);
    return g;
}

float flushed(float value) { return std::fabs(value) < quantum ? 0.0f : value; }

} // namespace

TEST_CASE("clipping by norm follows PyTorch's rule and gives the norm before") {
    for (const size_t count : {16u, 32u, 1008u, 1024u, 1040u, 2048u, 5008u}) {
        for (const float max_norm : {0x1p-20f, 0.5f, 5.0f, 1000.0f}) {
            INFO(count << " floats to " << max_norm);
            const Floats before = draw_gradients(count, 1);
            Floats g = before;
            double squares = 0;
            for (size_t i = 0; i < count; ++i) squares += static_cast<double>(g[i]) * static_cast<double>(g[i]);
            const double exact = std::sqrt(squares);
            float norm = -1;
            REQUIRE(mote_clip_norm(g.data(), count, max_norm, &norm) == MOTE_OK);
            CHECK(bits(norm) == bits(norm_as_documented(before)));
            CHECK(std::fabs(static_cast<double>(norm) - exact) < 1e-5 * exact);
            const double factor = std::fmin(1.0, static_cast<double>(max_norm) / (exact + 1e-6));
            size_t wrong = 0;
            for (size_t i = 0; i < count; ++i) {
                const double wanted = static_cast<double>(before[i]) * factor;
                wrong += !(std::fabs(static_cast<double>(g[i]) - wanted) <= 1e-5 * std::fabs(wanted) + 0x1p-40);
            }
            CHECK(wrong == 0);
            if (factor == 1) CHECK(same_bits(g.data(), before.data(), count));
        }
    }
}

TEST_CASE("the clipped gradients are the gradients times one rounded factor, to the last bit") {
    const Floats before = draw_gradients(1040, 1);
    Floats g = before;
    float norm = 0;
    const float max_norm = 0.75f;
    REQUIRE(mote_clip_norm(g.data(), g.size(), max_norm, &norm) == MOTE_OK);
    const float factor = max_norm / (norm + 1e-6f);
    size_t wrong = 0;
    for (size_t i = 0; i < g.size(); ++i) wrong += bits(g[i]) != bits(flushed(before[i] * factor));
    CHECK(wrong == 0);
}

TEST_CASE("clipping by norm leaves no number between +0 and 2^-40") {
    Floats g = draw_gradients(64, 0x1p-38f);
    g[17] = 1000.0f;
    REQUIRE(mote_clip_norm(g.data(), g.size(), 0.5f, nullptr) == MOTE_OK);
    for (size_t i = 0; i < g.size(); ++i) {
        if (i != 17) CHECK(bits(g[i]) == 0);
    }
    CHECK(g[17] == doctest::Approx(0.5));
}

TEST_CASE("clipping by norm refuses NaN, infinity and a norm that overflows, and changes nothing") {
    for (const float bad : {std::nanf(""), -std::nanf(""), HUGE_VALF, -HUGE_VALF, 3e38f}) {
        for (const size_t place : {0u, 15u, 16u, 1023u, 1024u, 1039u}) {
            Floats g = draw_gradients(1040, 1);
            g[place] = bad;
            const Floats before = g;
            float norm = 0;
            CHECK(mote_clip_norm(g.data(), g.size(), 1, &norm) == MOTE_ERR_NUMERIC);
            CHECK(same_bits(g.data(), before.data(), g.size()));
        }
    }
}

TEST_CASE("gradients that are all +0 stay so and have norm 0") {
    Floats g(32);
    float norm = -1;
    REQUIRE(mote_clip_norm(g.data(), g.size(), 1, &norm) == MOTE_OK);
    CHECK(bits(norm) == 0);
    for (size_t i = 0; i < g.size(); ++i) CHECK(bits(g[i]) == 0);
}

TEST_CASE("clipping by value cuts at the limit and touches nothing within it") {
    for (const float limit : {0x1p-40f, 0.25f, 5.0f}) {
        const Floats before = draw_gradients(256, 8);
        Floats g = before;
        REQUIRE(mote_clip_value(g.data(), g.size(), limit) == MOTE_OK);
        size_t wrong = 0;
        size_t cut = 0;
        for (size_t i = 0; i < g.size(); ++i) {
            const float wanted = before[i] > limit ? limit : before[i] < -limit ? -limit : before[i];
            wrong += bits(g[i]) != bits(wanted);
            cut += bits(g[i]) != bits(before[i]);
        }
        CHECK(wrong == 0);
        CHECK(cut > 0);
        CHECK(cut <= g.size());
    }
}

TEST_CASE("limits that are not positive numbers are refused") {
    Floats g = draw_gradients(16, 1);
    for (const float limit : {-1.0f, std::nanf("")}) {
        CHECK(mote_clip_value(g.data(), g.size(), limit) == MOTE_ERR_ARG);
        CHECK(mote_clip_norm(g.data(), g.size(), limit, nullptr) == MOTE_ERR_ARG);
    }
}
