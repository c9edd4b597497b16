/* Passes over rows on every instruction set of this machine against plain loops, at every remainder, to the last bit.
 */
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;
using namespace mote;

TEST_CASE("rows are gathered, scattered and summed column by column") {
    const KeepIsa keep;
    Random random(5);
    for (const uint32_t m : {1u, 2u, 3u, 8u, 17u, 33u})
        for (const uint32_t n : all_remainders()) {
            const Matrix table(9, n, random), bias_row(1, n, random), start(m, n, random);
            Floats bias((n + 15) / 16 * 16);
            for (uint32_t c = 0; c < n; ++c) bias[c] = bias_row.at(0, c);
            const uint32_t time = 1 + m % 3;
            std::vector<uint16_t> tokens(m * time);
            for (uint16_t &token : tokens) token = static_cast<uint16_t>(random.below(9));
            const cpu::Tokens t{tokens.data(), time};

            Matrix gathered(m, n), lifted(m, n), scattered = table, summed(1, n);
            const Matrix sums(1, n);
            for (uint32_t r = 0; r < m; ++r)
                for (uint32_t c = 0; c < n; ++c) {
                    gathered.at(r, c) = table.at(tokens[r * time], c);
                    lifted.at(r, c) = bias[c] + table.at(tokens[r * time], c);
                    scattered.at(tokens[r * time], c) += start.at(r, c);
                    summed.at(0, c) += start.at(r, c);
                }
            CHECK(differing(start, gathered, [&](Matrix &x) { cpu::gather(x.mat(), nullptr, table.mat(), t, m, n); }) ==
                  0);
            CHECK(differing(start, lifted,
                            [&](Matrix &x) { cpu::gather(x.mat(), bias.data(), table.mat(), t, m, n); }) == 0);
            CHECK(differing(table, scattered, [&](Matrix &x) { cpu::scatter_add(x.mat(), start.mat(), t, m, n); }) ==
                  0);
            CHECK(differing(sums, summed, [&](Matrix &x) {
                      Floats out((n + 15) / 16 * 16);
                      for (size_t c = 0; c < out.size(); ++c) out[c] = 7;
                      cpu::column_sum(out.data(), start.mat(), m, n);
                      for (uint32_t c = 0; c < (n + 15) / 16 * 16; ++c) x.at(0, c) = out[c];
                  }) == 0);
        }
}

namespace {

/* What the activations and their gradients meet at their edges, besides ordinary numbers. */
Matrix edgy(uint32_t m, uint32_t n, Random &random) {
    Matrix x(m, n, random);
    static constexpr float edges[] = {0.0f,   0x1p-40f, -0x1p-40f, 0x1.fffffep-41f, -0x1.fffffep-41f,
                                      1e-30f, -1e-30f,  30.0f,     -30.0f,          3e38f,
                                      -3e38f, 1.0f,     -1.0f};
    for (uint32_t r = 0; r < m; ++r)
        for (uint32_t c = 0; c < n; ++c)
            if (random.below(3) == 0) x.at(r, c) = edges[random.below(13)];
    return x;
}

} // namespace

TEST_CASE("activations and their gradients are the formulas with one rounding each, flushed") {
    const KeepIsa keep;
    Random random(6);
    for (const uint32_t m : {1u, 2u, 3u, 8u, 17u})
        for (const uint32_t n : all_remainders()) {
            const Matrix x = edgy(m, n, random), d(m, n, random);
            Matrix h = x, tanhs = x, relus = x, tanh_back = d, relu_back = d;
            for (uint32_t r = 0; r < m; ++r)
                for (uint32_t c = 0; c < n; ++c) {
                    alignas(64) float lanes[16] = {x.at(r, c)};
                    tanh16(lanes);
                    tanhs.at(r, c) = lanes[0];
                    h.at(r, c) = lanes[0];
                    relus.at(r, c) = x.at(r, c) < quantum ? 0.0f : x.at(r, c);
                    tanh_back.at(r, c) = flushed(d.at(r, c) * std::fma(-h.at(r, c), h.at(r, c), 1.0f));
                    relu_back.at(r, c) = h.at(r, c) > 0 ? flushed(d.at(r, c)) : 0.0f;
                }
            uint32_t bad = 0;
            CHECK(differing(x, tanhs, [&](Matrix &y) { bad |= cpu::tanh_rows(y.mat(), m, n); }) == 0);
            CHECK(differing(x, relus, [&](Matrix &y) { bad |= cpu::relu_rows(y.mat(), m, n); }) == 0);
            CHECK(bad == 0);
            CHECK(differing(d, tanh_back, [&](Matrix &y) { cpu::tanh_gradient(y.mat(), h.mat(), m, n); }) == 0);
            CHECK(differing(d, relu_back, [&](Matrix &y) { cpu::relu_gradient(y.mat(), h.mat(), m, n); }) == 0);
        }
}

TEST_CASE("windows are gathered side by side and scattered back, row by row, the oldest character first") {
    const KeepIsa keep;
    Random random(7);
    for (const uint32_t context : {1u, 2u, 3u, 5u, 16u})
        for (const uint32_t m : {1u, 2u, 7u})
            for (const uint32_t e : all_remainders()) {
                const Matrix table(6, e, random), start(m, context * e, random);
                std::vector<uint16_t> windows(m * context);
                for (uint16_t &token : windows) token = static_cast<uint16_t>(random.below(6));
                Matrix gathered(m, context * e), scattered = table;
                for (uint32_t r = 0; r < m; ++r)
                    for (uint32_t j = 0; j < context; ++j)
                        for (uint32_t i = 0; i < e; ++i) {
                            const uint16_t token = windows[r * context + j];
                            gathered.at(r, j * e + i) = table.at(token, i);
                            scattered.at(token, i) += start.at(r, j * e + i);
                        }
                CHECK(differing(start, gathered, [&](Matrix &x) {
                          cpu::gather_windows(x.mat(), table.mat(), windows.data(), m, context, e);
                      }) == 0);
                CHECK(differing(table, scattered, [&](Matrix &x) {
                          cpu::scatter_windows(x.mat(), start.mat(), windows.data(), m, context, e);
                      }) == 0);
            }
}
