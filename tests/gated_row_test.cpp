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

/* Of instruction sets that have the pass: how many there were. */
size_t check_layer(const Layer &layer) {
    size_t done = 0;
    for (const char *const isa : isas()) {
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        Matrix wanted(1, layer.n);
        const uint32_t wanted_found = layer.in_turn(wanted);
        for (const bool backwards : {false, true}) {
            Matrix h(1, layer.n);
            const uint32_t found = cpu::gated_row(h.mat(), layer.step(backwards));
            if (found == cpu::kNotDone) {
                CHECK(same(h, Matrix(1, layer.n)));
                continue;
            }
            ++done;
            CHECK(found == wanted_found);
            CHECK(same(h, wanted));
            CHECK(h.clean());
        }
    }
    return done;
}

/* How many instruction sets have the pass, by the names of those that do. */
size_t with_the_pass() {
    size_t count = 0;
    for (const std::string isa : isas()) count += isa.rfind("avx", 0) == 0;
    return count;
}

} // namespace

TEST_CASE("a gated layer of one row in one pass is its products and its gates in turn") {
    const KeepIsa keep;
    Random random(61);
    for (const uint32_t n : all_remainders()) CHECK(check_layer(Layer(n, 1, random)) == 2 * with_the_pass());
    for (const uint32_t k : all_remainders()) CHECK(check_layer(Layer(20, k, random)) == 2 * with_the_pass());
    for (const uint32_t n : {48u, 64u, 80u, 97u, 113u, 128u})
        for (const uint32_t k : {1u, 24u, 40u, 128u}) CHECK(check_layer(Layer(n, k, random)) == 2 * with_the_pass());
}

TEST_CASE("a gated layer with a product that is too long for one pass is left alone") {
    const KeepIsa keep;
    Random random(62);
    CHECK(check_layer(Layer(129, 1, random)) == 0);
    CHECK(check_layer(Layer(16, 129, random)) == 0);
}

TEST_CASE("a gated layer of one row tells of NaN and infinity wherever they stand, and flushes denormal sums") {
    const KeepIsa keep;
    Random random(63);
    const Layer sound(37, 33, random);
    for (const float bad : {std::nanf(""), HUGE_VALF, -HUGE_VALF})
        for (const size_t at : {size_t{0}, size_t{36}, size_t{48}, size_t{100}, size_t{130}, size_t{180}}) {
            Layer layer = sound;
            layer.bias[at] = bad;
            CHECK(check_layer(layer) == 2 * with_the_pass());
            for (const char *const isa : isas()) {
                REQUIRE(mote_isa_force(isa) == MOTE_OK);
                Matrix h(1, layer.n);
                CHECK((cpu::gated_row(h.mat(), layer.step(false)) & (cpu::kNotFinite | cpu::kNotDone)) != 0);
            }
        }
    Layer tiny = sound;
    for (size_t i = 0; i < tiny.bias.size(); ++i) tiny.bias[i] *= 0x1p-130f;
    for (Matrix *const w : {&tiny.input, &tiny.state})
        for (uint32_t r = 0; r < w->rows(); ++r)
            for (uint32_t c = 0; c < w->columns(); ++c) w->at(r, c) *= 0x1p-130f;
    CHECK(check_layer(tiny) == 2 * with_the_pass());
}
