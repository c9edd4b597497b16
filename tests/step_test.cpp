/* A layer of one row on every instruction set of this machine, at every remainder, to the last bit: what the product,
 * the addition of a row and the activation give one after the other. */
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#include <limits>

using namespace mote_test;
using namespace mote;

namespace {

/* The numbers of one layer: a bias, a one-hot input's row of a table, and a product. */
struct Layer {
    uint32_t n, k;
    Matrix bias, table, x, w;
    Layer(uint32_t outputs, uint32_t inputs, Random &random)
        : n(outputs), k(inputs), bias(1, n, random), table(5, n, random), x(1, k, random), w(k, n, random) {}

    /* The bias lies in one piece, as a model's does. */
    Floats flat_bias() const {
        Floats flat((n + 15) / 16 * 16);
        for (uint32_t j = 0; j < n; ++j) flat[j] = bias.at(0, j);
        return flat;
    }
    cpu::RowStep step(const float *b, uint32_t token, cpu::Activation activation, bool backwards) const {
        cpu::RowStep s{b, {}, n, activation, backwards};
        s.products[0] = {{&cpu::kOne, cpu::kLanes}, table.mat().row(token), 1};
        s.products[1] = {x.mat(), w.mat(), k};
        return s;
    }
};

void check_layer(const Layer &layer, uint32_t token, bool biased, cpu::Activation activation) {
    const Floats bias = layer.flat_bias();
    REQUIRE(mote_isa_force(isas().back()) == MOTE_OK);
    Matrix wanted(1, layer.n);
    for (uint32_t j = 0; j < layer.n; ++j) wanted.at(0, j) = (biased ? bias[j] : 0.0f) + layer.table.at(token, j);
    if (layer.k > 0) cpu::gemm(wanted.mat(), layer.x.mat(), layer.w.mat(), {1, layer.n, layer.k}, cpu::kAccumulate);
    const uint32_t found = activate(activation, wanted);
    for (const bool backwards : {false, true}) {
        const cpu::RowStep step = layer.step(biased ? bias.data() : nullptr, token, activation, backwards);
        CHECK(differing(Matrix(1, layer.n), wanted, [&](Matrix &y) { CHECK(cpu::row_step(y.mat(), step) == found); }) ==
              0);
    }
}

} // namespace

TEST_CASE("a layer of one row is its bias, its products and its activation in turn") {
    const KeepIsa keep;
    Random random(41);
    for (const cpu::Activation activation : {cpu::kLinear, cpu::kTanh, cpu::kRelu}) {
        for (const uint32_t n : all_remainders()) check_layer(Layer(n, 19, random), n % 5, n % 2 == 0, activation);
        for (const uint32_t k : all_remainders()) check_layer(Layer(21, k, random), k % 5, true, activation);
        for (const uint32_t k : {0u, 64u, 100u, 256u, 257u}) check_layer(Layer(150, k, random), 3, true, activation);
        for (const uint32_t n : {97u, 160u, 272u}) check_layer(Layer(n, 40, random), 2, true, activation);
    }
}

TEST_CASE("a layer of one row may begin with what the row holds") {
    const KeepIsa keep;
    Random random(43);
    for (const uint32_t n : all_remainders())
        for (const uint32_t k : {1u, 31u, 65u}) {
            const Layer layer(n, k, random);
            const Matrix start(1, n, random);
            Matrix wanted = start;
            REQUIRE(mote_isa_force(isas().back()) == MOTE_OK);
            cpu::gemm(wanted.mat(), layer.x.mat(), layer.w.mat(), {1, n, k}, cpu::kAccumulate);
            const uint32_t found = activate(cpu::kTanh, wanted);
            CHECK(differing(start, wanted, [&](Matrix &y) {
                      cpu::RowStep step{y.mat().data, {}, n, cpu::kTanh, n % 2 != 0};
                      step.products[0] = {layer.x.mat(), layer.w.mat(), k};
                      CHECK(cpu::row_step(y.mat(), step) == found);
                  }) == 0);
        }
}

/* As an embedding and a state have it, or two layers. A product is long where it has more than two stretches. */
TEST_CASE("a layer of one row adds two products, long or short, one after the other") {
    const KeepIsa keep;
    Random random(44);
    for (const uint32_t n : {5u, 16u, 65u, 150u})
        for (const uint32_t k : {1u, 20u, 256u, 300u})
            for (const uint32_t state : {1u, 64u, 257u}) {
                const Layer input(n, k, random), layer(n, state, random);
                const Floats bias = layer.flat_bias();
                REQUIRE(mote_isa_force(isas().back()) == MOTE_OK);
                Matrix wanted(1, n);
                for (uint32_t j = 0; j < n; ++j) wanted.at(0, j) = bias[j];
                cpu::gemm(wanted.mat(), input.x.mat(), input.w.mat(), {1, n, k}, cpu::kAccumulate);
                cpu::gemm(wanted.mat(), layer.x.mat(), layer.w.mat(), {1, n, state}, cpu::kAccumulate);
                const cpu::Activation activation = n % 2 != 0 ? cpu::kTanh : cpu::kLinear;
                const uint32_t found = activate(activation, wanted);
                CHECK(differing(Matrix(1, n), wanted, [&](Matrix &y) {
                          cpu::RowStep step{bias.data(), {}, n, activation, state == 64};
                          step.products[0] = {input.x.mat(), input.w.mat(), k};
                          step.products[1] = {layer.x.mat(), layer.w.mat(), state};
                          CHECK(cpu::row_step(y.mat(), step) == found);
                      }) == 0);
            }
}

TEST_CASE("a layer of one row says where a sum is NaN or infinite") {
    const KeepIsa keep;
    Random random(42);
    const float infinity = std::numeric_limits<float>::infinity();
    for (const float wrong : {infinity, -infinity, std::numeric_limits<float>::quiet_NaN()})
        for (const cpu::Activation activation : {cpu::kLinear, cpu::kTanh, cpu::kRelu})
            for (const uint32_t at : {0u, 15u, 16u, 36u}) {
                Layer layer(37, 33, random);
                const Floats bias = layer.flat_bias();
                const cpu::RowStep step = layer.step(bias.data(), 2, activation, at == 16);
                for (const char *const isa : isas()) {
                    CAPTURE(isa);
                    REQUIRE(mote_isa_force(isa) == MOTE_OK);
                    Matrix y(1, layer.n);
                    CHECK(cpu::row_step(y.mat(), step) == 0);
                    layer.table.at(2, at) = wrong;
                    CHECK(cpu::row_step(y.mat(), step) == cpu::kNotFinite);
                    layer.table.at(2, at) = 1.0f;
                }
            }
}
