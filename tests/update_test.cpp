/* Updates at once, by the kernels that compute the gradients too, held against gradient, clip and update one after the
 * other; and training steps that take them against steps in two pieces, which do not. */
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

using namespace mote_test;
using namespace mote;

namespace {

constexpr float learning_rate = 0.3f, eps = 0x1p-20f;

struct Optimizer {
    const char *name;
    decltype(&cpu::scalar::sgd_product) product;
    decltype(&cpu::scalar::sgd_rows) rows;
    void (*update)(float *w, const float *g, float *s, size_t count);
};
const Optimizer optimizers[] = {
    {"sgd", cpu::sgd_product, cpu::sgd_rows,
     [](float *w, const float *g, float *, size_t count) { cpu::sgd(w, g, count, learning_rate); }},
    {"adagrad", cpu::adagrad_product, cpu::adagrad_rows,
     [](float *w, const float *g, float *s, size_t count) { cpu::adagrad(w, g, s, count, learning_rate, eps); }},
};

/* Gradients, weights and sums of squares. */
struct Arrays {
    Arrays(uint32_t m, uint32_t n, Random &random) : g(m, n, random), w(m, n, random), s(m, n, random) {
        for (uint32_t r = 0; r < m; ++r)
            for (uint32_t c = 0; c < n; ++c) {
                s.at(r, c) = std::fabs(s.at(r, c));
                if (random.below(4) == 0) w.at(r, c) = flushed(random.weight(0x1p-38f)); // an update may be too small
            }
    }
    cpu::Update update(float limit) { return {g.mat().data, w.mat().data, s.mat().data, limit, learning_rate, eps}; }
    /* Rows r for which `named` holds, by passes one after the other. */
    template <typename F> void pass_by_pass(const Optimizer &optimizer, float limit, const F &named) {
        for (uint32_t r = 0; r < g.rows(); ++r)
            for (uint32_t p = 0; named(r) && p * 16 < g.columns(); ++p) {
                float *const at = g.mat().row(r).data + p * g.mat().panel;
                const ptrdiff_t place = at - g.mat().data;
                cpu::flush(at, 16);
                if (limit < cpu::kLargest) cpu::clip(at, 16, limit);
                optimizer.update(w.mat().data + place, at, s.mat().data + place, 16);
            }
    }
    Matrix g, w, s;
};

template <typename F> void on_every_isa(const F &check) {
    const KeepIsa keep;
    for (const char *const isa : isas()) {
        INFO(isa);
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        for (const Optimizer &optimizer : optimizers)
            for (const float limit : {cpu::kLargest, 0.5f}) {
                INFO(optimizer.name << " limit=" << limit);
                check(optimizer, limit);
            }
    }
}

/* Of some numbers, parts so small that the products of two of them, but not of one and another number, are below the
 * quantum. */
void shrink(Matrix &x, Random &random) {
    for (uint32_t r = 0; r < x.rows(); ++r)
        for (uint32_t c = 0; c < x.columns(); ++c)
            if (random.below(4) == 0) x.at(r, c) = flushed(x.at(r, c) * 0x1p-20f);
}

/* Such that no product of two of them is small. */
void enlarge(Matrix &x, Random &random) {
    for (uint32_t r = 0; r < x.rows(); ++r)
        for (uint32_t c = 0; c < x.columns(); ++c)
            x.at(r, c) = std::copysign(0.25f + random.weight(0.125f), x.at(r, c));
}

enum class Inputs { Any, Small, Large };
void check_product(const Optimizer &optimizer, float limit, uint32_t m, uint32_t n, uint32_t k,
                   Inputs inputs = Inputs::Any) {
    INFO("m=" << m << " n=" << n << " k=" << k);
    Random random(m * 1000 + n * 10 + k);
    Matrix a(k, m, random), b(k, n, random);
    for (Matrix *const x : {&a, &b}) {
        if (inputs == Inputs::Small) shrink(*x, random);
        if (inputs == Inputs::Large) enlarge(*x, random);
    }
    Arrays wanted(m, n, random);
    Arrays arrays = wanted;
    cpu::gemm_tn(wanted.g.mat(), a.mat(), b.mat(), {m, n, k}, cpu::kFromZero);
    wanted.pass_by_pass(optimizer, limit, [](uint32_t) { return true; });
    optimizer.product(arrays.g.mat(), a.mat(), b.mat(), {m, n, k}, arrays.update(limit));
    CHECK(same(arrays.w, wanted.w));
    CHECK(arrays.g.clean());
    if (optimizer.product == cpu::adagrad_product) CHECK(same(arrays.s, wanted.s));
}

} // namespace

TEST_CASE("an update with the product of its gradient has the bits of gradient, clip and update") {
    on_every_isa([](const Optimizer &optimizer, float limit) {
        for (const uint32_t n : all_remainders())
            for (const uint32_t k : {1u, 2u, 7u}) check_product(optimizer, limit, 40 - n % 5, n, k);
        for (const uint32_t m : all_remainders())
            for (const uint32_t k : {1u, 5u}) check_product(optimizer, limit, m, 33, k);
        for (const uint32_t k : {24u, 25u, 127u, 128u, 129u, 300u}) check_product(optimizer, limit, 35, 49, k);
        /* Of several blocks in both directions. */
        for (const uint32_t n : {97u, 128u, 193u})
            for (const uint32_t m : {64u, 65u, 150u}) check_product(optimizer, limit, m, n, 40);
    });
}

TEST_CASE("an update with the product of its gradient flushes a gradient that is too small") {
    on_every_isa([](const Optimizer &optimizer, float limit) {
        for (const uint32_t n : all_remainders())
            for (const uint32_t k : {1u, 4u}) check_product(optimizer, limit, 40 - n % 5, n, k, Inputs::Small);
        check_product(optimizer, limit, 70, 100, 26, Inputs::Small);
    });
}

TEST_CASE("an update with the product of a column and a row, of which no gradient is small, has the same bits") {
    on_every_isa([](const Optimizer &optimizer, float limit) {
        /* Of the products of numbers of 0.125 … 0.375 a limit clips some. */
        const float clip = limit < 1 ? 0.0625f : limit;
        for (const uint32_t n : all_remainders()) check_product(optimizer, clip, 40 - n % 5, n, 1, Inputs::Large);
        for (const uint32_t m : all_remainders()) check_product(optimizer, clip, m, 33, 1, Inputs::Large);
    });
}

TEST_CASE("SGD with the product of a column and a row flushes a weight that alone becomes too small") {
    const KeepIsa keep;
    const uint32_t m = 21;
    const float x = 0x1p-7f, y = 0x1.234568p-7f, gradient = x * y;
    const float nearly = learning_rate * gradient; // what an update leaves of it is half of its last place or less
    const float left = std::fma(-learning_rate, gradient, nearly);
    REQUIRE((left != 0.0f && std::fabs(left) < cpu::kQuantum));
    for (const char *const isa : isas()) {
        INFO(isa);
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        for (const uint32_t n : all_remainders())
            for (uint32_t c = 0; c < n; ++c) {
                const uint32_t r = c % m;
                Matrix a(1, m), b(1, n), g(m, n), w(m, n);
                for (uint32_t j = 0; j < n; ++j) b.at(0, j) = y;
                for (uint32_t i = 0; i < m; ++i) {
                    a.at(0, i) = x;
                    for (uint32_t j = 0; j < n; ++j) w.at(i, j) = 1.0f;
                }
                w.at(r, c) = nearly;
                const cpu::Update update{g.mat().data, w.mat().data, nullptr, cpu::kLargest, learning_rate, eps};
                cpu::sgd_product(g.mat(), a.mat(), b.mat(), {m, n, 1}, update);
                CHECK(bits(w.at(r, c)) == 0);
                CHECK(w.at(m - 1 - r, n - 1 - c) != 1.0f);
                CHECK(w.clean());
            }
    }
}

TEST_CASE("an update of rows that tokens name changes these once, and no other bit") {
    on_every_isa([](const Optimizer &optimizer, float limit) {
        for (const uint32_t n : all_remainders()) {
            INFO("n=" << n);
            Random random(n);
            Arrays wanted(23, n, random);
            Arrays arrays = wanted;
            std::vector<uint16_t> tokens(2 * 9);
            for (uint16_t &token : tokens) token = static_cast<uint16_t>(random.below(23));
            tokens[4] = tokens[0]; // named twice
            const auto named = [&](uint32_t r) {
                for (size_t i = 0; i < tokens.size(); i += 2)
                    if (tokens[i] == r) return true;
                return false;
            };
            wanted.pass_by_pass(optimizer, limit, named);
            optimizer.rows(arrays.g.mat(), {tokens.data(), 2}, 9, n, arrays.update(limit));
            CHECK(same(arrays.w, wanted.w));
            CHECK(same(arrays.s, optimizer.rows == cpu::sgd_rows ? arrays.s : wanted.s));
            size_t wrong = 0;
            for (uint32_t r = 0; r < 23; ++r)
                for (uint32_t c = 0; c < n; ++c)
                    wrong += bits(arrays.g.at(r, c)) != bits(named(r) ? 0.0f : wanted.g.at(r, c));
            CHECK(wrong == 0);
            CHECK(arrays.g.clean());
        }
    });
}

TEST_CASE("an update of the first rows of a matrix leaves those behind them") {
    on_every_isa([](const Optimizer &optimizer, float limit) {
        Random random(3);
        Arrays wanted(9, 20, random);
        Arrays arrays = wanted;
        wanted.pass_by_pass(optimizer, limit, [](uint32_t r) { return r < 7; });
        optimizer.rows(arrays.g.mat(), {nullptr, 0}, 7, 20, arrays.update(limit));
        CHECK(same(arrays.w, wanted.w));
    });
}
