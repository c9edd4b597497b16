/* Quantized rows and products on every instruction set of this machine, at every remainder and at the extremes, to the
 * last bit: what plain C++ gives. */
#include "quant_matrix.h"

#include <limits>

using namespace mote_test;
using namespace mote;

namespace {

/* Two products of k0 and k1 inputs into n outputs. */
struct Layer {
    uint32_t n, k0, k1;
    Matrix bias;
    QuantMatrix w0, w1;
    QuantRow x0, x1;
    Layer(uint32_t outputs, uint32_t first, uint32_t second, const Integers &weights, const Integers &inputs,
          Random &random)
        : n(outputs), k0(first), k1(second), bias(1, n, random), w0(k0, n, weights, random), w1(k1, n, weights, random),
          x0(k0, inputs), x1(k1, inputs) {}
    Layer(uint32_t outputs, uint32_t first, uint32_t second, Random &random)
        : Layer(outputs, first, second, any_integer(random), any_integer(random), random) {}

    Floats flat_bias() const {
        Floats flat((n + 15) / 16 * 16);
        for (uint32_t j = 0; j < n; ++j) flat[j] = bias.at(0, j);
        return flat;
    }
    cpu::QuantStep step(const float *b, cpu::Activation activation) const {
        return {
            b, {{x0.data(), w0.data(), k0, 0, 0x1.02p-7f}, {x1.data(), w1.data(), k1, 0, 0.3f}}, n, activation, false};
    }
    /* The sums, from what y holds. */
    void add(Matrix &y, const cpu::QuantStep &s) const {
        for (uint32_t c = 0; c < n; ++c) {
            if (s.products[0].k != 0) y.at(0, c) = with_product(y.at(0, c), s.products[0], w0, c);
            if (s.products[1].k != 0) y.at(0, c) = with_product(y.at(0, c), s.products[1], w1, c);
        }
    }
};

void check_step(const Layer &layer, cpu::QuantStep step) {
    const Matrix start(1, layer.n);
    Matrix wanted = start;
    REQUIRE(mote_isa_force(isas().back()) == MOTE_OK);
    for (uint32_t c = 0; c < layer.n; ++c) wanted.at(0, c) = step.bias != nullptr ? step.bias[c] : 0.0f;
    layer.add(wanted, step);
    const uint32_t found = activate(step.activation, wanted) & cpu::kNotFinite;
    for (const bool backwards : {false, true}) {
        step.backwards = backwards;
        CHECK(differing(start, wanted, [&](Matrix &y) { CHECK(cpu::quant_step(y.mat(), step) == found); }) == 0);
    }
}

void check_layer(const Layer &layer, cpu::Activation activation) {
    const Floats bias = layer.flat_bias();
    check_step(layer, layer.step(bias.data(), activation));
    check_step(layer, layer.step(nullptr, activation));
}

} // namespace

TEST_CASE("a quantized layer of one row is its bias, its products and its activation in turn") {
    const KeepIsa keep;
    Random random(51);
    for (const cpu::Activation activation : {cpu::kLinear, cpu::kTanh, cpu::kRelu}) {
        for (uint32_t n = 1; n <= 40; ++n) check_layer(Layer(n, 19, 34, random), activation);
        for (uint32_t k = 1; k <= 70; ++k) check_layer(Layer(21, k, 71 - k, random), activation);
        for (const uint32_t n : {65u, 128u, 150u, 272u}) check_layer(Layer(n, 64, 257, random), activation);
        check_layer(Layer(37, 0, 23, random), activation);
        check_layer(Layer(37, 23, 0, random), activation);
    }
}

TEST_CASE("a quantized layer adds the row of a one-hot input") {
    const KeepIsa keep;
    Random random(52);
    for (const uint32_t n : {1u, 16u, 21u, 150u})
        for (const uint32_t k : {1u, 27u, 65u})
            for (const uint32_t row : {0u, k / 2, k - 1}) {
                const Layer layer(n, k, 33, random);
                const Floats bias = layer.flat_bias();
                cpu::QuantStep step = layer.step(bias.data(), cpu::kTanh);
                step.products[0].x = nullptr;
                step.products[0].row = row;
                step.products[0].scale = 1;
                check_step(layer, step);
            }
}

TEST_CASE("a quantized layer may begin with what the row holds") {
    const KeepIsa keep;
    Random random(53);
    for (const uint32_t n : all_remainders()) {
        const Layer layer(n, 31, 65, random);
        const Matrix start(1, n, random);
        const cpu::QuantStep step = layer.step(nullptr, cpu::kTanh);
        Matrix wanted = start;
        layer.add(wanted, step);
        REQUIRE(mote_isa_force(isas().back()) == MOTE_OK);
        cpu::tanh_rows(wanted.mat(), 1, n);
        CHECK(differing(start, wanted, [&](Matrix &y) {
                  cpu::QuantStep from_row = step;
                  from_row.bias = y.mat().data;
                  CHECK(cpu::quant_step(y.mat(), from_row) == 0);
              }) == 0);
    }
}

TEST_CASE("a layer with weights of 4 bits is its bias, its products and its activation in turn") {
    const KeepIsa keep;
    Random random(58);
    const auto any = [&] { return static_cast<int32_t>(random.below(15)) - 7; };
    const auto extreme = [&] { return random.below(2) == 0 ? 7 : -7; };
    const auto check = [&](uint32_t n, uint32_t k0, uint32_t k1, const std::function<int32_t()> &weights,
                           const Integers &inputs, cpu::Activation activation) {
        const Matrix bias(1, n, random);
        const Quant4Matrix w0(k0, n, weights, random), w1(k1, n, weights, random);
        const QuantRow x0(k0, inputs), x1(k1, inputs);
        Floats flat((n + 15) / 16 * 16);
        for (uint32_t c = 0; c < n; ++c) flat[c] = bias.at(0, c);
        for (const uint32_t row : {0u, k0 / 2, k0 - 1, k0}) {
            cpu::QuantStep step{flat.data(),
                                {{x0.data(), w0.data(), k0, 0, 0.25f}, {x1.data(), w1.data(), k1, 0, 0.3f}},
                                n,
                                activation,
                                row % 2 != 0};
            if (row < k0) step.products[0] = {nullptr, w0.data(), k0, row, 1.0f};
            Matrix wanted = bias;
            for (uint32_t c = 0; c < n; ++c)
                wanted.at(0, c) =
                    with_product(with_product(bias.at(0, c), step.products[0], w0, c), step.products[1], w1, c);
            REQUIRE(mote_isa_force(isas().back()) == MOTE_OK);
            activate(activation, wanted);
            CHECK(differing(Matrix(1, n), wanted, [&](Matrix &y) { CHECK(cpu::quant4_step(y.mat(), step) == 0); }) ==
                  0);
        }
    };
    for (const cpu::Activation activation : {cpu::kLinear, cpu::kTanh, cpu::kRelu}) {
        for (uint32_t n = 1; n <= 40; ++n) check(n, 19, 34, any, any_integer(random), activation);
        for (uint32_t k = 1; k <= 70; ++k) check(21, k, 71 - k, any, any_integer(random), activation);
        check(150, 257, 64, any, any_integer(random), activation);
    }
    for (uint32_t k = 1; k < 40; ++k) check(35, k, 63, extreme, extremes(random), cpu::kLinear);
    for (const int32_t weight : {7, -7})
        check(
            3, cpu::kMostQuantInputs, 1, [weight] { return weight; }, all(127), cpu::kLinear);
}

TEST_CASE("no quantized sum saturates or overflows, up to the longest") {
    const KeepIsa keep;
    Random random(54);
    for (const int8_t weight : {int8_t{127}, int8_t{-127}})
        for (const int8_t input : {int8_t{127}, int8_t{-127}})
            for (const uint32_t k : {1u, 4u, 35u, 1025u})
                check_layer(Layer(37, k, 70, all(weight), all(input), random), cpu::kLinear);
    for (uint32_t k = 1; k < 40; ++k)
        check_layer(Layer(35, k, 63, extremes(random), extremes(random), random), cpu::kLinear);
    for (const int8_t weight : {int8_t{127}, int8_t{-127}})
        check_layer(Layer(3, cpu::kMostQuantInputs, 1, all(weight), all(127), random), cpu::kLinear);
}

TEST_CASE("a quantized layer says where a sum is NaN or infinite") {
    const KeepIsa keep;
    Random random(55);
    const float infinity = std::numeric_limits<float>::infinity();
    const Layer layer(37, 33, 9, random);
    for (const float wrong : {infinity, -infinity, std::numeric_limits<float>::quiet_NaN()})
        for (const cpu::Activation activation : {cpu::kLinear, cpu::kTanh, cpu::kRelu})
            for (const uint32_t at : {0u, 15u, 16u, 36u}) {
                Floats bias = layer.flat_bias();
                for (const char *const isa : isas()) {
                    CAPTURE(isa);
                    REQUIRE(mote_isa_force(isa) == MOTE_OK);
                    Matrix y(1, layer.n);
                    bias[at] = 1.0f;
                    CHECK(cpu::quant_step(y.mat(), layer.step(bias.data(), activation)) == 0);
                    bias[at] = wrong;
                    CHECK(cpu::quant_step(y.mat(), layer.step(bias.data(), activation)) == cpu::kNotFinite);
                }
            }
}

TEST_CASE("a row is quantized to the nearest integers, ties to even, within -127 … 127") {
    const KeepIsa keep;
    Random random(56);
    const float special[] = {0.0f,   -0.0f, 0.5f,    -0.5f, 1.5f,    -1.5f,    2.5f,     126.49999f, 126.5f,
                             127.5f, 1e9f,  -126.5f, -1e9f, 0x1p31f, -0x1p31f, 0x1p127f, 0x1p-40f,   0.49999997f};
    for (const float inverse : {127.0f, 1.0f, 13.7f})
        for (uint32_t n = 1; n <= 70; ++n) {
            Matrix x(1, n);
            std::vector<int8_t> wanted(cpu::quant_row_bytes(n));
            for (uint32_t j = 0; j < n; ++j) {
                x.at(0, j) = random.below(3) == 0 ? special[random.below(18)] : random.weight(2);
                const float rounded = std::nearbyint(x.at(0, j) * inverse);
                wanted[j] = static_cast<int8_t>(rounded > 127 ? 127 : rounded < -127 ? -127 : rounded);
            }
            for (const char *const isa : isas()) {
                CAPTURE(isa);
                REQUIRE(mote_isa_force(isa) == MOTE_OK);
                Buffer row(wanted.size(), 0x55);
                cpu::quantize_row(reinterpret_cast<int8_t *>(row.data()), x.mat(), n, inverse);
                CHECK(std::memcmp(row.data(), wanted.data(), wanted.size()) == 0);
            }
        }
}
