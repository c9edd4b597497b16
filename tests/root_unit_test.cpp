/* Kernels that AVX-512 has twice, with roots by the instruction and by what is faster on some processors: the same
 * bits.
 */
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#if defined(__x86_64__) && !defined(MOTE_SINGLE_ISA)

#include <cmath>

using namespace mote_test;
using namespace mote;

namespace {

constexpr float learning_rate = 0.3f, eps = 0x1p-20f;

bool has_avx512() { return std::string(isas().front()) == "avx512"; }

/* Gradients, weights and two moments of `count` numbers, some +0, the moments not negative and of all sizes. */
struct Arrays {
    Arrays(size_t count, Random &random) : g(count), w(count), m(count), v(count) {
        for (size_t i = 0; i < count; ++i) {
            g[i] = random.below(8) == 0 ? 0.0f : random.weight(2);
            w[i] = random.weight(1);
            m[i] = random.weight(1);
            const int exponent = static_cast<int>(random.below(240)) - 130;
            v[i] = exponent < -100 ? 0.0f : std::ldexp(1 + std::fabs(random.weight(1)), exponent);
        }
    }
    Floats g, w, m, v;
};

bool same(const Arrays &a, const Arrays &b) {
    const size_t count = a.w.size();
    return same_bits(a.w.data(), b.w.data(), count) && same_bits(a.m.data(), b.m.data(), count) &&
           same_bits(a.v.data(), b.v.data(), count);
}

} // namespace

TEST_CASE("optimizers with roots by the instruction have the same bits") {
    if (!has_avx512()) return;
    const cpu::AdamW adamw{0.01f, 1.5f, 0.9f, 0.999f, 1e-8f, 0.9999f};
    for (size_t count = 16; count <= 16 * 11; count += 16) {
        Random random(static_cast<uint32_t>(count));
        Arrays one(count, random);
        Arrays other = one;
        cpu::avx512::adagrad(one.w.data(), one.g.data(), one.v.data(), count, learning_rate, eps);
        cpu::avx512::adagrad_by_root_unit(other.w.data(), other.g.data(), other.v.data(), count, learning_rate, eps);
        CHECK(same(one, other));
        cpu::avx512::adamw(one.w.data(), one.g.data(), one.m.data(), one.v.data(), count, adamw);
        cpu::avx512::adamw_by_root_unit(other.w.data(), other.g.data(), other.m.data(), other.v.data(), count, adamw);
        CHECK(same(one, other));
    }
}

TEST_CASE("updates at once with roots by the instruction have the same bits") {
    if (!has_avx512()) return;
    const uint16_t tokens[] = {3, 7, 3, 12};
    for (const uint32_t n : all_remainders())
        for (const uint32_t k : {1u, 5u}) {
            const uint32_t m = 13 + n % 5, panels = (n + 15) / 16;
            Random random(n * 10 + k);
            const Matrix a(k, m, random), b(k, n, random);
            Arrays one(size_t{m} * 16 * panels, random);
            Arrays other = one;
            const auto update = [](Arrays &x) {
                return cpu::Update{x.g.data(), x.w.data(), x.v.data(), 0.5f, learning_rate, eps};
            };
            const auto gradients = [m](Arrays &x) { return cpu::Mat{x.g.data(), size_t{m} * 16}; };
            cpu::avx512::adagrad_rows(gradients(one), {tokens, 1}, 4, n, update(one));
            cpu::avx512::adagrad_rows_by_root_unit(gradients(other), {tokens, 1}, 4, n, update(other));
            CHECK(same(one, other));
            cpu::avx512::adagrad_product(gradients(one), a.mat(), b.mat(), {m, n, k}, update(one));
            cpu::avx512::adagrad_product_by_root_unit(gradients(other), a.mat(), b.mat(), {m, n, k}, update(other));
            CHECK(same(one, other));
        }
}

#endif
