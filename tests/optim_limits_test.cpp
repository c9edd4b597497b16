/* What optimizers leave and what they refuse: the quantum rule, padding, hyperparameters. */
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

using namespace mote_test;

namespace {

using Update = std::function<mote_status(float *w, const float *g, float *m, float *v, uint32_t step)>;

std::vector<std::pair<const char *, Update>> updates(size_t count) {
    static const mote_sgd_params sgd{0.5f, 0.0f};
    static const mote_sgd_params momentum{0.5f, 0.5f};
    static const mote_adagrad_params adagrad{0.5f, 0x1p-40f};
    static const mote_adamw_params adamw{0.5f, 0.9f, 0.999f, 0x1p-40f, 1.0f};
    static const mote_sgd_params slow{0x1p-40f, 0.5f};
    return {
        {"sgd",
         [=](float *w, const float *g, float *, float *, uint32_t) { return mote_sgd(w, g, nullptr, count, &sgd); }},
        {"momentum",
         [=](float *w, const float *g, float *m, float *, uint32_t) { return mote_sgd(w, g, m, count, &momentum); }},
        {"slow momentum",
         [=](float *w, const float *g, float *m, float *, uint32_t) { return mote_sgd(w, g, m, count, &slow); }},
        {"adagrad",
         [=](float *w, const float *g, float *m, float *, uint32_t) { return mote_adagrad(w, g, m, count, &adagrad); }},
        {"adamw", [=](float *w, const float *g, float *m, float *v,
                      uint32_t step) { return mote_adamw(w, g, m, v, count, &adamw, step); }},
    };
}

bool zero_or_at_least(float value, float least) { return bits(value) == 0 || std::fabs(value) >= least; }

} // namespace

TEST_CASE("every optimizer leaves weights that are +0 or at least 2^-40 and moments that are +0 or at least 2^-100") {
    const size_t count = 512;
    for (const auto &update : updates(count)) {
        INFO(update.first);
        Random random(9);
        Floats w(count), g(count), m(count), v(count);
        const auto tiny = [&] {
            const float fraction = 1 + static_cast<float>(random.uniform());
            const float value = std::ldexp(fraction, static_cast<int>(random.below(6)) - 40);
            return random.below(4) == 0 ? 0.0f : random.below(2) == 0 ? value : -value;
        };
        for (size_t i = 0; i < count; ++i) w[i] = tiny();
        size_t wrong = 0;
        for (uint32_t step = 1; step <= 150; ++step) {
            for (size_t i = 0; i < count; ++i) g[i] = step < 20 ? tiny() : 0.0f;
            REQUIRE(update.second(w.data(), g.data(), m.data(), v.data(), step) == MOTE_OK);
            for (size_t i = 0; i < count; ++i) {
                wrong += !zero_or_at_least(w[i], 0x1p-40f);
                wrong += !zero_or_at_least(m[i], 0x1p-100f);
                wrong += !zero_or_at_least(v[i], 0x1p-100f);
            }
        }
        CHECK(wrong == 0);
    }
}

TEST_CASE("a weight that an update leaves below 2^-40 becomes +0") {
    const mote_sgd_params p{1.0f, 0.0f};
    Floats w(16), g(16);
    const float least = 0x1p-39f;
    w[0] = least, g[0] = least - 0x1p-45f;
    w[1] = -least, g[1] = -least + 0x1p-45f;
    w[2] = least, g[2] = least;
    w[3] = -least, g[3] = -least;
    w[4] = least, g[4] = 0x1p-40f;
    REQUIRE(mote_sgd(w.data(), g.data(), nullptr, 16, &p) == MOTE_OK);
    for (size_t i = 0; i < 4; ++i) CHECK(bits(w[i]) == 0);
    CHECK(w[4] == 0x1p-40f);
}

TEST_CASE("padding stays +0 under every optimizer") {
    const size_t count = 48;
    for (const auto &update : updates(count)) {
        INFO(update.first);
        Random random(5);
        Floats w(count), g(count), m(count), v(count);
        for (size_t i = 0; i < count; i += 3) w[i] = random.weight(1);
        size_t dirty = 0;
        for (uint32_t step = 1; step <= 5; ++step) {
            for (size_t i = 0; i < count; i += 3) g[i] = random.weight(1);
            REQUIRE(update.second(w.data(), g.data(), m.data(), v.data(), step) == MOTE_OK);
            for (size_t i = 0; i < count; ++i) dirty += i % 3 != 0 && (bits(w[i]) | bits(m[i]) | bits(v[i])) != 0;
        }
        CHECK(dirty == 0);
    }
}

TEST_CASE(
    "optimizers refuse misaligned arrays, counts that are not a multiple of 16 and hyperparameters out of range") {
    Floats w(64), g(64), m(64), v(64);
    const float nan = std::nanf("");
    const float infinity = HUGE_VALF;
    const auto sgd = [&](float rate, float momentum) {
        const mote_sgd_params p{rate, momentum};
        return mote_sgd(w.data(), g.data(), m.data(), 32, &p);
    };
    const auto adagrad = [&](float rate, float eps) {
        const mote_adagrad_params p{rate, eps};
        return mote_adagrad(w.data(), g.data(), m.data(), 32, &p);
    };
    const auto adamw = [&](float rate, float beta1, float beta2, float eps, float decay, uint32_t step = 1) {
        const mote_adamw_params p{rate, beta1, beta2, eps, decay};
        return mote_adamw(w.data(), g.data(), m.data(), v.data(), 32, &p, step);
    };
    for (const float rate : {0.0f, -1.0f, 0x1p-41f, 0x1.000002p16f, nan, infinity}) {
        CHECK(sgd(rate, 0.5f) == MOTE_ERR_ARG);
        CHECK(adagrad(rate, 1e-8f) == MOTE_ERR_ARG);
        CHECK(adamw(rate, 0.9f, 0.99f, 1e-8f, 0) == MOTE_ERR_ARG);
    }
    for (const float rate : {0x1p-40f, 0x1p16f}) {
        CHECK(sgd(rate, 0.5f) == MOTE_OK);
        CHECK(adagrad(rate, 1e-8f) == MOTE_OK);
        CHECK(adamw(rate, 0.9f, 0.99f, 1e-8f, 0) == MOTE_OK);
    }
    for (const float share : {-0.5f, 1.0f, 1.5f, nan, infinity}) {
        CHECK(sgd(0.1f, share) == MOTE_ERR_ARG);
        CHECK(adamw(0.1f, share, 0.99f, 1e-8f, 0) == MOTE_ERR_ARG);
        CHECK(adamw(0.1f, 0.9f, share, 1e-8f, 0) == MOTE_ERR_ARG);
    }
    for (const float eps : {0.0f, -1e-8f, 0x1p-41f, 0x1.000002p0f, nan, infinity}) {
        CHECK(adagrad(0.1f, eps) == MOTE_ERR_ARG);
        CHECK(adamw(0.1f, 0.9f, 0.99f, eps, 0) == MOTE_ERR_ARG);
    }
    CHECK(adagrad(0.1f, 0x1p-40f) == MOTE_OK);
    CHECK(adagrad(0.1f, 1.0f) == MOTE_OK);
    for (const float decay : {-0.1f, 2.0f, nan, infinity})
        CHECK(adamw(0.5f, 0.9f, 0.99f, 1e-8f, decay) == MOTE_ERR_ARG);
    CHECK(adamw(0.5f, 0.9f, 0.99f, 1e-8f, 1.9f) == MOTE_OK);
    CHECK(adamw(0.5f, 0.9f, 0.99f, 1e-8f, 0, 0) == MOTE_ERR_ARG);

    const mote_sgd_params p{0.1f, 0.5f};
    for (const size_t count : {1u, 15u, 17u, 31u}) {
        CHECK(mote_sgd(w.data(), g.data(), m.data(), count, &p) == MOTE_ERR_ARG);
        CHECK(mote_clip_value(g.data(), count, 1) == MOTE_ERR_ARG);
        CHECK(mote_clip_norm(g.data(), count, 1, nullptr) == MOTE_ERR_ARG);
    }
    CHECK(mote_sgd(w.data(), g.data(), nullptr, 32, &p) == MOTE_ERR_ARG);
    CHECK(mote_sgd(w.data() + 4, g.data(), m.data(), 32, &p) == MOTE_ERR_ALIGN);
    CHECK(mote_sgd(w.data(), g.data() + 4, m.data(), 32, &p) == MOTE_ERR_ALIGN);
    CHECK(mote_sgd(w.data(), g.data(), m.data() + 4, 32, &p) == MOTE_ERR_ALIGN);
    CHECK(mote_clip_value(g.data() + 4, 32, 1) == MOTE_ERR_ALIGN);
    CHECK(mote_clip_norm(g.data() + 4, 32, 1, nullptr) == MOTE_ERR_ALIGN);
}
