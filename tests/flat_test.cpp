/* Flat passes over gradients, weights and moments on every instruction set of this machine against plain loops, to the
 * last bit. */
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;
using namespace mote;

namespace {

constexpr size_t flat_sizes[] = {16, 32, 48, 1008, 1024, 1040, 2064};

/* Runs a flat kernel on each instruction set; every one must leave exactly `wanted` in x. */
void check_flat(const Floats &start, const Floats &wanted, const std::function<void(Floats &)> &kernel) {
    for (const char *const isa : isas()) {
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        INFO(std::string(mote_isa()) << ", " << start.size() << " floats");
        Floats x = start;
        kernel(x);
        CHECK(same_bits(x.data(), wanted.data(), x.size()));
    }
}

Floats draw_flat(size_t count, Random &random, float scale) {
    Floats x(count);
    for (size_t i = 0; i < count; ++i) {
        const float tiny = std::ldexp(1.0f, -static_cast<int>(30 + random.below(11)));
        x[i] = random.below(4) == 0 ? 0.0f : random.below(3) == 0 ? tiny : random.weight(scale);
    }
    return x;
}

template <typename F> Floats mapped(const Floats &x, F f) {
    Floats y(x.size());
    for (size_t i = 0; i < x.size(); ++i) y[i] = f(i);
    return y;
}

} // namespace

TEST_CASE("flat passes over gradients are the formulas, flushed, to the last bit") {
    const KeepIsa keep;
    Random random(10);
    for (const size_t count : flat_sizes) {
        const Floats x = draw_flat(count, random, 2);
        check_flat(Floats(count), x, [&](Floats &y) { cpu::copy(y.data(), x.data(), count); });
        check_flat(x, mapped(x, [&](size_t i) { return flushed(x[i] * 0.0123f); }),
                   [&](Floats &y) { cpu::scale(y.data(), count, 0.0123f); });
        check_flat(x, mapped(x, [&](size_t i) { return x[i] > 0.5f    ? 0.5f
                                                       : x[i] < -0.5f ? -0.5f
                                                                      : x[i]; }),
                   [&](Floats &y) { cpu::clip(y.data(), count, 0.5f); });
        Floats raw = x;
        for (size_t i = 0; i < count; i += 5) raw[i] = 0x1.8p-42f;
        for (size_t i = 1; i < count; i += 5) raw[i] = -0.0f;
        for (size_t i = 2; i < count; i += 5) raw[i] = from_bits(0x80000001u);
        check_flat(raw, mapped(raw, [&](size_t i) { return flushed(raw[i]); }),
                   [&](Floats &y) { CHECK(cpu::flush(y.data(), count) == 0); });
    }
}

TEST_CASE("flush reports NaN, infinity and what is too large wherever it stands") {
    const KeepIsa keep;
    for (const char *const isa : isas()) {
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        for (size_t place = 0; place < 48; ++place) {
            const auto found = [&](float value) {
                Floats x(48);
                x[place] = value;
                return cpu::flush(x.data(), 48);
            };
            for (const float bad : {std::nanf(""), -std::nanf(""), HUGE_VALF, -HUGE_VALF})
                REQUIRE((found(bad) & cpu::kNotFinite) != 0);
            for (const float large : {0x1.000002p40f, -0x1.000002p40f, 3e38f}) REQUIRE(found(large) == cpu::kTooLarge);
            for (const float good : {0x1p40f, -0x1p40f, 0.0f, 1.0f}) REQUIRE(found(good) == 0);
        }
    }
}

TEST_CASE("the sum of squares runs in 16 lanes over blocks of 1024 and an 8-4-2-1 tree") {
    const KeepIsa keep;
    Random random(11);
    for (const size_t count : flat_sizes) {
        const Floats x = draw_flat(count, random, 3);
        float total = 0;
        for (size_t block = 0; block < count; block += 1024) {
            float lanes[16] = {};
            for (size_t i = block; i < count && i < block + 1024; ++i)
                lanes[i % 16] = std::fma(x[i], x[i], lanes[i % 16]);
            for (size_t half = 8; half > 0; half /= 2)
                for (size_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
            total += lanes[0];
        }
        for (const char *const isa : isas()) {
            REQUIRE(mote_isa_force(isa) == MOTE_OK);
            CHECK(bits(cpu::sum_squares(x.data(), count)) == bits(total));
        }
    }
}

TEST_CASE("the optimizers' updates are the formulas, flushed, to the last bit") {
    const KeepIsa keep;
    Random random(12);
    for (const size_t count : flat_sizes) {
        const Floats w = draw_flat(count, random, 1), g = draw_flat(count, random, 1), m0 = draw_flat(count, random, 1);
        Floats s0 = draw_flat(count, random, 1);
        for (size_t i = 0; i < count; ++i) s0[i] = std::fabs(s0[i]);

        check_flat(w, mapped(w, [&](size_t i) { return flushed(std::fma(-0.1f, g[i], w[i])); }),
                   [&](Floats &y) { cpu::sgd(y.data(), g.data(), count, 0.1f); });

        const auto moment = [&](size_t i) { return flushed(std::fma(0.9f, m0[i], g[i]), 0x1p-100f); };
        check_flat(w, mapped(w, [&](size_t i) { return flushed(std::fma(-0.1f, moment(i), w[i])); }), [&](Floats &y) {
            Floats m = m0;
            cpu::momentum(y.data(), g.data(), m.data(), count, 0.1f, 0.9f);
            CHECK(same_bits(m.data(), mapped(m, moment).data(), count));
        });

        const auto sum = [&](size_t i) { return std::fma(g[i], g[i], s0[i]); };
        const auto adagrad = [&](size_t i) { return flushed(std::fma(-0.1f, g[i] / std::sqrt(sum(i) + 1e-8f), w[i])); };
        check_flat(w, mapped(w, adagrad), [&](Floats &y) {
            Floats s = s0;
            cpu::adagrad(y.data(), g.data(), s.data(), count, 0.1f, 1e-8f);
            CHECK(same_bits(s.data(), mapped(s, sum).data(), count));
        });

        const cpu::AdamW p{0.02f, 3.0f, 0.9f, 0.999f, 1e-8f, 0.995f};
        const auto mean = [&](size_t i) { return flushed(std::fma(p.beta1, m0[i], g[i] * (1 - p.beta1)), 0x1p-100f); };
        const auto variance = [&](size_t i) {
            return flushed(std::fma(p.beta2, s0[i], g[i] * g[i] * (1 - p.beta2)), 0x1p-100f);
        };
        const auto adamw = [&](size_t i) {
            const float divisor = std::fma(std::sqrt(variance(i)), p.root_scale, p.eps);
            return flushed(std::fma(-p.step_size, flushed(mean(i) / divisor, 0x1p-100f), w[i] * p.keep));
        };
        check_flat(w, mapped(w, adamw), [&](Floats &y) {
            Floats m = m0, v = s0;
            cpu::adamw(y.data(), g.data(), m.data(), v.data(), count, p);
            CHECK(same_bits(m.data(), mapped(m, mean).data(), count));
            CHECK(same_bits(v.data(), mapped(v, variance).data(), count));
        });
    }
}

TEST_CASE("the fused multiply-add of every instruction set rounds once, in the hardest cases too") {
    const KeepIsa keep;
    Random random(13);
    const size_t count = 1 << 18;
    Floats w(count), g(count);
    const float rate = 0x1.000002p-1f;
    for (size_t i = 0; i < count; ++i) {
        g[i] = from_bits(0x3f000000u + static_cast<uint32_t>(random.next() & 0x1ffffff));
        /* Halfway between two floats, and a little beside it, is where rounding twice goes wrong. */
        const double product = static_cast<double>(rate) * static_cast<double>(g[i]);
        const float scale = std::ldexp(1.0f, static_cast<int>(random.below(50)) - 25);
        w[i] = static_cast<float>(product) * scale;
        if (random.below(3) == 0) w[i] = static_cast<float>(product);
        if (random.below(3) == 0) w[i] = std::nextafter(w[i], random.below(2) == 0 ? 0.0f : 10.0f);
    }
    check_flat(w, mapped(w, [&](size_t i) { return flushed(std::fma(-rate, g[i], w[i])); }),
               [&](Floats &y) { cpu::sgd(y.data(), g.data(), count, rate); });
}
