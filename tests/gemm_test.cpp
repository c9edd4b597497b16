/* Matrix products on every instruction set of this machine against plain loops, at every remainder, to the last bit. */
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace mote_test;
using namespace mote;

namespace {

const std::vector<uint32_t> few = {1, 2, 5, 16, 17};

/* Three sizes, each of which takes every remainder while the others are few, and some that pass a block of 256. */
std::vector<cpu::Shape> shapes() {
    std::vector<cpu::Shape> made;
    for (const uint32_t all : all_remainders())
        for (const uint32_t a : few)
            for (const uint32_t b : few) {
                made.push_back({all, a, b});
                made.push_back({a, all, b});
                made.push_back({a, b, all});
            }
    for (const uint32_t large : {63u, 64u, 65u, 127u, 255u, 256u, 257u, 513u, 700u}) {
        made.push_back({large, 19, 7});
        made.push_back({1, large, 33});
        made.push_back({7, large, 18});
        made.push_back({1, 70, large});
        made.push_back({13, 33, large});
    }
    /* Batches of few rows, which have tiles of their own, by every number of vectors and two stretches of k. */
    for (uint32_t rows = 1; rows <= 8; ++rows)
        for (const uint32_t columns : {15u, 16u, 31u, 48u, 49u, 64u, 81u, 100u, 129u})
            for (const uint32_t k : {8u, 31u, 40u, 130u}) made.push_back({rows, columns, k});
    /* Last panels of few columns, beside which rows are lanes: at the fewest rows and sums, and at their remainders. */
    for (const uint32_t columns : {1u, 17u, 18u, 19u, 20u, 65u, 67u})
        for (const uint32_t rows : {31u, 32u, 33u, 47u, 64u, 65u, 79u, 113u})
            for (const uint32_t k : {31u, 32u, 33u, 47u, 130u, 257u}) made.push_back({rows, columns, k});
    return made;
}

/* What a product can begin with, and c as its chains then begin. */
struct Begun {
    cpu::Init init;
    Matrix c;
};
std::vector<Begun> beginnings(const Matrix &c, const Floats &bias) {
    Matrix zero(c.rows(), c.columns()), biased = zero;
    for (uint32_t i = 0; i < c.rows(); ++i)
        for (uint32_t j = 0; j < c.columns(); ++j) biased.at(i, j) = bias[j];
    return {{cpu::kAccumulate, c},
            {{false, true, nullptr}, c}, // the last columns first
            {cpu::kFromZero, zero},
            {cpu::from_bias(bias.data()), biased}};
}
Floats draw_bias(uint32_t n, Random &random) {
    Floats bias((n + 15) / 16 * 16);
    for (uint32_t j = 0; j < n; ++j) bias[j] = random.weight(2);
    return bias;
}

// c with its chains continued over k products a(i, k) b(k, j), ascending: what every product must give.
template <typename A, typename B> Matrix chained(Matrix c, uint32_t products, A a, B b) {
    for (uint32_t i = 0; i < c.rows(); ++i)
        for (uint32_t j = 0; j < c.columns(); ++j)
            for (uint32_t k = 0; k < products; ++k) c.at(i, j) = std::fma(a(i, k), b(k, j), c.at(i, j));
    return c;
}

// The same of a product of weights, which has a chain for each stretch: the first continues c, the others are added.
template <typename A, typename B> Matrix in_stretches(Matrix c, uint32_t products, A a, B b) {
    const uint32_t stretches = products < 32 ? 1 : products <= 256 ? 2 : (products + 127) / 128;
    const uint32_t depth = stretches == 1 ? products : (products + 16 * stretches - 1) / (16 * stretches) * 16;
    for (uint32_t i = 0; i < c.rows(); ++i)
        for (uint32_t j = 0; j < c.columns(); ++j)
            for (uint32_t begin = 0; begin < products; begin += depth) {
                float sum = begin == 0 ? c.at(i, j) : 0.0f;
                for (uint32_t k = begin; k < std::min(begin + depth, products); ++k)
                    sum = std::fma(a(i, k), b(k, j), sum);
                c.at(i, j) = begin == 0 ? sum : c.at(i, j) + sum;
            }
    return c;
}

Matrix flushed(Matrix c) {
    for (uint32_t i = 0; i < c.rows(); ++i)
        for (uint32_t j = 0; j < c.columns(); ++j) c.at(i, j) = mote_test::flushed(c.at(i, j));
    return c;
}

// check(shape, operands, c before the kernel, random) for each shape, of operands that `draw` makes for the shape.
template <typename Draw, typename Check> void each_shape(uint64_t seed, Draw draw, Check check) {
    const KeepIsa keep;
    Random random(seed);
    for (const cpu::Shape &s : shapes()) {
        INFO("m=" << s.m << " n=" << s.n << " k=" << s.k);
        const auto operands = draw(s, random);
        check(s, operands, Matrix(s.m, s.n, random), random);
    }
}

// check(shape, operands, beginning, c before the kernel): the same for each beginning, or for every other one.
template <typename Draw, typename Check> void each_product(uint64_t seed, Draw draw, Check check) {
    Choice choice;
    each_shape(seed, draw, [&](const cpu::Shape &s, const auto &operands, const Matrix &before, Random &random) {
        const Floats bias = draw_bias(s.n, random);
        for (const Begun &begun : beginnings(before, bias))
            if (!choice.skips(2)) check(s, operands, begun, before);
    });
}

struct Operands {
    Matrix a, b;
};

} // namespace

TEST_CASE("gemm is a chain of fused multiply-adds for each stretch of k, added in order, in every shape") {
    each_product(
        1,
        [](const cpu::Shape &s, Random &random) {
            return Operands{{s.m, s.k, random}, {s.k, s.n, random}};
        },
        [](const cpu::Shape &s, const Operands &o, const Begun &begun, const Matrix &before) {
            const Matrix wanted = in_stretches(
                begun.c, s.k, [&](uint32_t i, uint32_t k) { return o.a.at(i, k); },
                [&](uint32_t k, uint32_t j) { return o.b.at(k, j); });
            CHECK(differing(before, wanted,
                            [&](Matrix &c) { cpu::gemm(c.mat(), o.a.mat(), o.b.mat(), s, begun.init); }) == 0);
        });
}

TEST_CASE("gemm_tn is one chain of fused multiply-adds for each output, rows ascending, and flushed, in every shape") {
    each_product(
        2,
        [](const cpu::Shape &s, Random &random) {
            return Operands{{s.k, s.m, random}, {s.k, s.n, random}};
        },
        [](const cpu::Shape &s, const Operands &o, const Begun &begun, const Matrix &before) {
            const Matrix wanted = flushed(chained(
                begun.c, s.k, [&](uint32_t i, uint32_t k) { return o.a.at(k, i); },
                [&](uint32_t k, uint32_t j) { return o.b.at(k, j); }));
            CHECK(differing(before, wanted, [&](Matrix &c) {
                      CHECK(cpu::gemm_tn(c.mat(), o.a.mat(), o.b.mat(), s, begun.init) == 0);
                  }) == 0);
        });
}

TEST_CASE("gemm_tn_add goes on with the same chain, row by row or at once, and flushes nothing, in every shape") {
    each_shape(
        4,
        [](const cpu::Shape &s, Random &random) {
            return Operands{{s.k, s.m, random}, {s.k, s.n, random}};
        },
        [](const cpu::Shape &s, const Operands &o, const Matrix &before, Random &) {
            const Matrix wanted = chained(
                before, s.k, [&](uint32_t i, uint32_t k) { return o.a.at(k, i); },
                [&](uint32_t k, uint32_t j) { return o.b.at(k, j); });
            CHECK(differing(before, wanted, [&](Matrix &c) { cpu::gemm_tn_add(c.mat(), o.a.mat(), o.b.mat(), s); }) ==
                  0);
            CHECK(differing(before, wanted, [&](Matrix &c) {
                      for (uint32_t r = 0; r < s.k; ++r)
                          cpu::gemm_tn_add(c.mat(), o.a.mat().row(r), o.b.mat().row(r), {s.m, s.n, 1});
                  }) == 0);
        });
}

TEST_CASE("gemm_tn and column_sum flush what is small and report what is too large, wherever it stands") {
    const KeepIsa keep;
    struct Kind {
        float sum, left;
        uint32_t found;
    };
    const float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    const Kind kinds[] = {{0x1.fffffep-41f, 0.0f, 0},
                          {-1e-30f, 0.0f, 0},
                          {-0.0f, 0.0f, 0},
                          {0x1p-40f, 0x1p-40f, 0},
                          {-0x1p40f, -0x1p40f, 0},
                          {0x1.000002p40f, 0x1.000002p40f, cpu::kTooLarge},
                          {infinity, infinity, cpu::kTooLarge | cpu::kNotFinite},
                          {nan, nan, cpu::kTooLarge | cpu::kNotFinite}};
    constexpr uint32_t m = 19, n = 70, k = 3;
    for (const Kind &kind : kinds)
        for (uint32_t at = 0; at < m * n; at += 7) {
            Matrix a(k, m), b(k, n), sums(k, n);
            a.at(k - 1, at / n) = 1;
            b.at(k - 1, at % n) = kind.sum;
            sums.at(0, at % n) = kind.sum;
            for (const char *const isa : isas()) {
                REQUIRE(mote_isa_force(isa) == MOTE_OK);
                Matrix c(m, n);
                Floats out(80);
                INFO(mote_isa() << " " << kind.sum << " at " << at);
                REQUIRE(cpu::gemm_tn(c.mat(), a.mat(), b.mat(), {m, n, k}, cpu::kFromZero) == kind.found);
                REQUIRE(cpu::column_sum(out.data(), sums.mat(), k, n) == kind.found);
                REQUIRE((bits(c.at(at / n, at % n)) == bits(kind.left) || std::isnan(kind.left)));
                REQUIRE((bits(out[at % n]) == bits(kind.left) || std::isnan(kind.left)));
            }
        }
}

TEST_CASE("gemm_nt, and gemm by the transpose, have the chains of gemm in every shape") {
    each_product(
        3,
        [](const cpu::Shape &s, Random &random) {
            return Operands{{s.m, s.k, random}, {s.n, s.k, random}};
        },
        [](const cpu::Shape &s, const Operands &o, const Begun &begun, const Matrix &before) {
            const Matrix wanted = in_stretches(
                begun.c, s.k, [&](uint32_t i, uint32_t k) { return o.a.at(i, k); },
                [&](uint32_t k, uint32_t j) { return o.b.at(j, k); });
            CHECK(differing(before, wanted,
                            [&](Matrix &c) { cpu::gemm_nt(c.mat(), o.a.mat(), o.b.mat(), s, begun.init); }) == 0);
            CHECK(differing(before, wanted, [&](Matrix &c) {
                      Matrix transposed(s.k, s.n);
                      cpu::transpose(transposed.mat(), o.b.mat(), s.n, s.k);
                      cpu::gemm(c.mat(), o.a.mat(), transposed.mat(), s, begun.init);
                  }) == 0);
        });
}

TEST_CASE("a transpose turns rows into columns and clears the padding") {
    const KeepIsa keep;
    Random random(4);
    for (const uint32_t m : all_remainders())
        for (const uint32_t k : all_remainders()) {
            const Matrix b(m, k, random);
            Matrix wanted(k, m), start(k, m);
            for (uint32_t i = 0; i < m; ++i)
                for (uint32_t j = 0; j < k; ++j) wanted.at(j, i) = b.at(i, j);
            /* What lay there before, padding included, is overwritten. */
            for (uint32_t j = 0; j < k; ++j)
                for (uint32_t i = 0; i < (m + 15) / 16 * 16; ++i) start.at(j, i) = 7;
            REQUIRE(differing(start, wanted, [&](Matrix &t) { cpu::transpose(t.mat(), b.mat(), m, k); }) == 0);
        }
}
