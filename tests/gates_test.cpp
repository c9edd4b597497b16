/* The gates of a gated recurrent unit and their gradients on every instruction set of this machine against plain
 * formulas with the same roundings, at every remainder, to the last bit. */
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;
using namespace mote;

namespace {

float tanh1(float x) {
    alignas(64) float lanes[16] = {x};
    tanh16(lanes);
    return lanes[0];
}
float sigmoid1(float x) {
    alignas(64) float lanes[16] = {x};
    sigmoid16(lanes);
    return lanes[0];
}

/* Four blocks of n columns, each padded to whole panels. */
struct Sums {
    uint32_t n, width = (n + 15) / 16 * 16;
    uint32_t at(uint32_t block, uint32_t column) const { return block * width + column; }
};

/* What sums meet at their edges, besides ordinary numbers; only the used columns of each block. */
Matrix draw_sums(uint32_t m, const Sums &s, Random &random) {
    static constexpr float edges[] = {0.0f,   0x1p-40f, -0x1p-40f, 1e-30f, -1e-30f, 30.0f,
                                      -30.0f, -27.7f,   100.0f,    -1e38f, 1e38f,   -1.0f};
    Matrix sums(m, 4 * s.width);
    for (uint32_t r = 0; r < m; ++r)
        for (uint32_t block = 0; block < 4; ++block)
            for (uint32_t c = 0; c < s.n; ++c)
                sums.at(r, s.at(block, c)) = random.below(4) == 0 ? edges[random.below(12)] : random.weight(3);
    return sums;
}

} // namespace

TEST_CASE("the gates are the formulas with one rounding each, flushed") {
    const KeepIsa keep;
    Random random(51);
    for (const uint32_t m : {1u, 2u, 5u})
        for (const uint32_t n : all_remainders()) {
            const Sums s{n};
            const Matrix start = draw_sums(m, s, random), before(m, n, random), none(m, n);
            Matrix wanted = start, next(m, n);
            for (uint32_t r = 0; r < m; ++r)
                for (uint32_t c = 0; c < s.width; ++c) {
                    const float reset = sigmoid1(start.at(r, s.at(1, c))), update = sigmoid1(start.at(r, s.at(2, c)));
                    const float n1 = tanh1(std::fma(reset, start.at(r, s.at(3, c)), start.at(r, s.at(0, c))));
                    wanted.at(r, s.at(0, c)) = n1;
                    wanted.at(r, s.at(1, c)) = reset;
                    wanted.at(r, s.at(2, c)) = update;
                    if (c < n) next.at(r, c) = flushed(std::fma(update, before.at(r, c) - n1, n1));
                }
            uint32_t bad = 0;
            CHECK(differing(start, wanted, [&](Matrix &x) {
                      Matrix h = none;
                      bad |= cpu::gates(h.mat(), x.mat(), before.mat(), m, n);
                      CHECK(same(h, next));
                      CHECK(h.clean());
                  }) == 0);
            CHECK(bad == 0);
        }
}

TEST_CASE("the gradients of the gates are the formulas with one rounding each, flushed") {
    const KeepIsa keep;
    Random random(52);
    for (const uint32_t m : {1u, 2u, 5u})
        for (const uint32_t n : all_remainders()) {
            const Sums s{n};
            Matrix start = draw_sums(m, s, random);
            const Matrix before(m, n, random), d(m, n, random), earlier(m, n, random);
            {
                Matrix h(m, n);
                cpu::gates(h.mat(), start.mat(), before.mat(), m, n);
            }
            Matrix wanted = start, carried = earlier;
            for (uint32_t r = 0; r < m; ++r)
                for (uint32_t c = 0; c < s.width; ++c) {
                    const float n1 = start.at(r, s.at(0, c)), reset = start.at(r, s.at(1, c)),
                                update = start.at(r, s.at(2, c)), state = start.at(r, s.at(3, c)),
                                dh = c < n ? d.at(r, c) : 0.0f, last = c < n ? before.at(r, c) : 0.0f;
                    const float dn = flushed(dh * (1 - update) * std::fma(-n1, n1, 1.0f));
                    wanted.at(r, s.at(0, c)) = dn;
                    wanted.at(r, s.at(1, c)) = flushed(dn * state * (reset * (1 - reset)));
                    wanted.at(r, s.at(2, c)) = flushed(dh * (last - n1) * (update * (1 - update)));
                    wanted.at(r, s.at(3, c)) = flushed(dn * reset);
                    if (c < n) carried.at(r, c) = std::fma(dh, update, earlier.at(r, c));
                }
            for (const bool first : {false, true})
                CHECK(differing(start, wanted, [&](Matrix &x) {
                          Matrix to = earlier;
                          cpu::gates_gradient(x.mat(), d.mat(), before.mat(), first ? cpu::Mat{nullptr, 0} : to.mat(),
                                              m, n);
                          CHECK(same(to, first ? earlier : carried));
                      }) == 0);
        }
}

TEST_CASE("the gates tell of NaN and infinity in every sum, wherever they stand") {
    const KeepIsa keep;
    Random random(53);
    const uint32_t n = 19;
    const Sums s{n};
    const Matrix before(2, n, random);
    for (const char *const isa : isas()) {
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        for (const float bad : {std::nanf(""), HUGE_VALF, -HUGE_VALF})
            for (uint32_t block = 0; block < 4; ++block)
                for (uint32_t c = 0; c < n; ++c) {
                    Matrix sums(2, 4 * s.width), h(2, n);
                    sums.at(c % 2, s.at(block, c)) = bad;
                    CHECK(cpu::gates(h.mat(), sums.mat(), before.mat(), 2, n) == cpu::kNotFinite);
                }
    }
}
