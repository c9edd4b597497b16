/* A layer of gated recurrent units for one row in one pass, on every instruction set of this machine that has it,
 * against the products and the gates one after the other, at every remainder, to the last bit. */
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;
using namespace mote;

namespace {

/* A layer of n units: the bias of four blocks, what is read, and the weights of both products. */
struct Layer {
    uint32_t n, block = (n + 15) / 16 * 16;
    Floats bias = Floats(size_t{4} * block);
    Matrix x, input, before, state;

    Layer(uint32_t units, uint32_t inputs, Random &random)
        : n(units), x(1, inputs, random), input(inputs, 3 * block), before(1, n, random), state(n, 3 * block) {
        for (uint32_t b = 0; b < 4; ++b)
            for (uint32_t c = 0; c < n; ++c) bias[size_t{b} * block + c] = random.weight(1);
        for (Matrix *const w : {&input, &state})
            for (uint32_t r = 0; r < w->rows(); ++r)
                for (uint32_t b = 0; b < 3; ++b)
                    for (uint32_t c = 0; c < n; ++c)
                        w->at(r, b * block + c) = random.below(8) == 0 ? 0.0f : random.weight(1);
    }
    cpu::RowStep step(bool backwards) const {
        cpu::RowStep s{bias.data(), {}, n, cpu::kLinear, backwards};
        s.products[0] = {x.mat(), input.mat(), x.columns()};
        s.products[1] = {before.mat(), state.mat(), n};
        return s;
    }
    /* By the other kernels of the instruction set in use. */
    uint32_t in_turn(Matrix &h) const {
        Matrix sums(1, 4 * block);
        cpu::RowStep s{bias.data(), {}, 3 * block, cpu::kLinear, false};
        s.products[0] = {x.mat(), input.mat(), x.columns()};
        cpu::row_step(sums.mat(), s);
        for (uint32_t c = 0; c < block; ++c) sums.at(0, 3 * block + c) = bias[size_t{3} * block + c];
        const cpu::Mat of_state{sums.mat().data + block / 16 * sums.mat().panel, sums.mat().panel};
        s.bias = of_state.data;
        s.products[0] = {before.mat(), state.mat(), n};
        cpu::row_step(of_state, s);
        return cpu::gates(h.mat(), sums.mat(), before.mat(), 1, n);
    }
};

/* The pass of the instruction set in use, which has it; of a build for one that has not, it is not even linked. */
template <bool Has = cpu::kHasGatedRow> uint32_t at_once(Matrix &h, const Layer &layer, bool backwards) {
    if constexpr (Has) return cpu::gated_row(h.mat(), layer.step(backwards));
    FAIL("there is no such pass");
    return 0;
}

/* On all instruction sets that have the pass; what both ways find of the numbers is `found`. */
void check_layer(const Layer &layer, uint32_t found) {
    for (const char *const isa : isas()) {
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        REQUIRE(cpu::has_gated_row() == (std::string(isa).rfind("avx", 0) == 0));
        if (!cpu::has_gated_row()) continue;
        Matrix wanted(1, layer.n);
        CHECK(layer.in_turn(wanted) == found);
        for (const bool backwards : {false, true}) {
            Matrix h(1, layer.n);
            CHECK(at_once(h, layer, backwards) == found);
            if (found != 0) continue; // what h is then is not said
            CHECK(same(h, wanted));
            CHECK(h.clean());
        }
    }
}

} // namespace

TEST_CASE("a gated layer of one row in one pass is its products and its gates in turn") {
    const KeepIsa keep;
    Random random(61);
    for (const uint32_t n : all_remainders()) check_layer(Layer(n, 1, random), 0);
    for (const uint32_t k : all_remainders()) check_layer(Layer(20, k, random), 0);
    for (const uint32_t n : {48u, 64u, 80u, 97u, 113u, cpu::kLongestGated})
        for (const uint32_t k : {1u, 24u, 40u, cpu::kLongestGated}) check_layer(Layer(n, k, random), 0);
}

TEST_CASE("a gated layer of one row tells of NaN and infinity wherever they stand") {
    const KeepIsa keep;
    Random random(63);
    const Layer sound(37, 33, random);
    for (const float bad : {std::nanf(""), HUGE_VALF, -HUGE_VALF}) {
        for (const size_t at : {size_t{0}, size_t{36}, size_t{48}, size_t{100}, size_t{130}, size_t{180}}) {
            Layer layer = sound;
            layer.bias[at] = bad;
            check_layer(layer, cpu::kNotFinite);
        }
        for (const uint32_t c : {0u, 32u}) {
            Layer read = sound, carried = sound, weighed = sound;
            read.x.at(0, c) = bad;
            check_layer(read, cpu::kNotFinite);
            carried.before.at(0, c) = bad;
            check_layer(carried, cpu::kNotFinite);
            weighed.x.at(0, 1) = weighed.before.at(0, 1) = 1.0f;
            weighed.state.at(1, 48 + c) = bad;
            check_layer(weighed, cpu::kNotFinite);
        }
    }
}

TEST_CASE("a gated layer of one row flushes denormal sums") {
    const KeepIsa keep;
    Random random(64);
    Layer tiny(37, 33, random);
    for (size_t i = 0; i < tiny.bias.size(); ++i) tiny.bias[i] *= 0x1p-130f;
    for (Matrix *const w : {&tiny.input, &tiny.state})
        for (uint32_t r = 0; r < w->rows(); ++r)
            for (uint32_t c = 0; c < w->columns(); ++c) w->at(r, c) *= 0x1p-130f;
    check_layer(tiny, 0);
}
