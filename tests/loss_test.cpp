/* Softmax and cross-entropy on every instruction set of this machine. */
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

using namespace mote_test;
using namespace mote;

TEST_CASE("NaN and infinity are found in every place of a matrix and by every kernel that looks for them") {
    const KeepIsa keep;
    Random random(7);
    for (const char *const isa : isas()) {
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        for (const uint32_t n : {1u, 7u, 8u, 15u, 16u, 17u, 24u, 33u})
            for (uint32_t place = 0; place < 3 * n; ++place)
                for (const float bad : {std::nanf(""), -std::nanf(""), from_bits(0x7f800001u), HUGE_VALF, -HUGE_VALF}) {
                    Matrix x(3, n, random);
                    x.at(place / n, place % n) = bad;
                    Matrix t = x, r = x, e = x;
                    const std::vector<uint16_t> targets(3, 0);
                    float nats[16] = {};
                    float alone = 0;
                    Floats row(n);
                    for (uint32_t c = 0; c < n; ++c) row[c] = x.at(place / n, c);
                    const bool found = cpu::tanh_rows(t.mat(), 3, n) != 0 && cpu::relu_rows(r.mat(), 3, n) != 0 &&
                                       cpu::cross_entropy(e.mat(), 3, n, {targets.data(), 1}, 1, nats, 0) != 0 &&
                                       cpu::not_finite(row.data(), n) != 0 &&
                                       cpu::surprise(row.data(), n, 0, &alone) != 0;
                    REQUIRE(found);
                }
    }
}

TEST_CASE(
    "cross-entropy gives softmax less one at the target, scaled, and the loss, on every instruction set the same") {
    const KeepIsa keep;
    Random random(8);
    for (const uint32_t m : {1u, 2u, 5u, 19u})
        for (uint32_t n = 2; n <= 70; ++n) {
            INFO("m=" << m << " n=" << n);
            Matrix logits(m, n, random);
            for (uint32_t r = 0; r < m; ++r)
                for (uint32_t c = 0; c < n; ++c) logits.at(r, c) *= 1 + static_cast<float>(r) * 5;
            std::vector<uint16_t> targets(2 * m);
            for (uint16_t &target : targets)
                target = static_cast<uint16_t>(random.below(5) == 0 ? 0xffffu : random.below(n));
            const float scale = 0.375f;
            float first_nats[16] = {};
            Matrix first(m, n);
            for (const char *const isa : isas()) {
                REQUIRE(mote_isa_force(isa) == MOTE_OK);
                Matrix x = logits;
                float nats[16] = {};
                CHECK(cpu::cross_entropy(x.mat(), m, n, {targets.data(), 2}, scale, nats, 3) == 0);
                CHECK(x.clean());
                if (isa == isas().front()) {
                    first = x;
                    std::memcpy(first_nats, nats, sizeof nats);
                }
                CHECK(same(x, first));
                CHECK(same_bits(nats, first_nats, 16));
                /* A scale of 0: the same losses, and the logits untouched. */
                Matrix kept = logits;
                float alone[16] = {};
                CHECK(cpu::cross_entropy(kept.mat(), m, n, {targets.data(), 2}, 0, alone, 3) == 0);
                CHECK(same(kept, logits));
                CHECK(same_bits(alone, first_nats, 16));
            }
            double wanted_nats[16] = {};
            size_t wrong = 0;
            for (uint32_t r = 0; r < m; ++r) {
                const uint32_t target = targets[2 * r];
                double highest = -1e9;
                for (uint32_t c = 0; c < n; ++c) highest = std::fmax(highest, static_cast<double>(logits.at(r, c)));
                double sum = 0;
                for (uint32_t c = 0; c < n; ++c) sum += std::exp(static_cast<double>(logits.at(r, c)) - highest);
                for (uint32_t c = 0; c < n; ++c) {
                    const double p = std::exp(static_cast<double>(logits.at(r, c)) - highest) / sum;
                    const double g = target == 0xffffu ? 0 : (p - (c == target)) * static_cast<double>(scale);
                    /* The difference from the maximum, up to 400, has an error of 2^-16 ULPs of 1 before the exp. */
                    wrong += !(std::fabs(static_cast<double>(first.at(r, c)) - g) <= 4e-5 * p + 1e-7);
                }
                if (target != 0xffffu)
                    wanted_nats[(r + 3) % 16] += std::log(sum) - (static_cast<double>(logits.at(r, target)) - highest);
            }
            for (uint32_t i = 0; i < 16; ++i)
                wrong +=
                    !(std::fabs(static_cast<double>(first_nats[i]) - wanted_nats[i]) <= 1e-6 * (1 + wanted_nats[i]));
            CHECK(wrong == 0);
        }
}

TEST_CASE("the surprise of a row is what cross-entropy adds to the loss") {
    const KeepIsa keep;
    Random random(9);
    for (const char *const isa : isas()) {
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        for (uint32_t n = 1; n <= 70; ++n) {
            Floats row(n);
            Matrix logits(1, n);
            for (uint32_t c = 0; c < n; ++c) row[c] = logits.at(0, c) = random.weight(5);
            const uint16_t target = static_cast<uint16_t>(random.below(n));
            float nats[16] = {};
            float alone = -1;
            CHECK(cpu::surprise(row.data(), n, target, &alone) == 0);
            CHECK(cpu::cross_entropy(logits.mat(), 1, n, {&target, 1}, 1, nats, 0) == 0);
            CHECK(bits(alone) == bits(nats[0]));
        }
    }
}

TEST_CASE("the weights of a draw are exp of the scaled distance from the largest logit, for 1 to 16 of them") {
    const KeepIsa keep;
    Random random(13);
    for (const char *const isa : isas()) {
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        for (const float temperature : {0x1p-20f, 0.3f, 1.0f, 7.0f, 0x1p20f})
            for (uint32_t n = 1; n <= 16; ++n) {
                alignas(64) float logits[17] = {}, weights[16], wanted[16];
                float max = -HUGE_VALF;
                for (uint32_t i = 0; i < n; ++i) logits[i + 1] = random.weight(i % 5 == 4 ? 3e38f : 30);
                for (uint32_t i = 0; i < n; ++i) max = std::fmax(max, logits[i + 1]);
                for (uint32_t i = 0; i < 16; ++i) {
                    const float x = i < n ? (logits[i + 1] - max) / temperature : 0;
                    wanted[i] = x < cpu::kExpFloor ? 2 * cpu::kExpFloor : x;
                }
                exp16(wanted);
                cpu::draw_weights(weights, logits + 1, n, max, temperature);
                CHECK(same_bits(weights, wanted, n));
            }
    }
}
