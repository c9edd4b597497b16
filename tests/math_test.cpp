/* exp, tanh, the logistic function, log, cosine and square root against wider precision: the short form takes every
 * 97th float of the domain, or every 1,067th where that takes long, MOTE_LONG=1 all of them. The same bits are asked of
 * every instruction set. */
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <string>

using namespace mote_test;

namespace {

/* A processor that is emulated, or sanitizers, take ten times as long for a number. */
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
constexpr uint32_t coarser = 1;
#else
constexpr uint32_t coarser = 11;
#endif

/* 1 where all numbers are asked for. */
uint32_t all_or(uint32_t stride) {
    const char *asked = std::getenv("MOTE_LONG");
    return asked != nullptr && std::string(asked) == "1" ? 1 : stride;
}
uint32_t stride() { return all_or(97 * coarser); }

/* Distance of `ours` from `exact` in units of the last place that a float of exact's size has. Between numbers within a
 * factor of two of each other the subtraction is exact. */
double ulps(float ours, double exact) {
    int exponent;
    std::frexp(exact, &exponent);
    const double unit = std::ldexp(1.0, exponent - 24);
    return std::fabs(static_cast<double>(ours) - exact) / unit;
}

using Kernel16 = std::function<void(float *)>;
using Exact = std::function<double(float)>;

struct Worst {
    double ulps = 0;
    float at = 0;
    uint64_t hash = MOTE_FNV_START;
    size_t count = 0;
};

/* Sixteen neighbours at a time: every lane of every vector gets its share. Without `exact` only the bits are hashed. */
Worst sweep(const Kernel16 &kernel, const Exact &exact, float low, float high, uint32_t step) {
    Worst worst;
    alignas(64) float x[16], y[16];
    for (uint64_t pattern = bits(low); pattern <= bits(high); pattern += 16 * uint64_t{step}) {
        for (uint32_t i = 0; i < 16; ++i) {
            const uint64_t next = pattern + uint64_t{step} * i;
            x[i] = y[i] = from_bits(static_cast<uint32_t>(next <= bits(high) ? next : bits(high)));
        }
        kernel(y);
        worst.hash = mote_fnv1a(worst.hash, y, sizeof y);
        for (uint32_t i = 0; exact && i < 16; ++i) {
            const double off = ulps(y[i], exact(x[i]));
            if (!(off <= worst.ulps)) {
                worst.ulps = off;
                worst.at = x[i];
            }
        }
        worst.count += 16;
    }
    return worst;
}

Kernel16 each(float (*f)(float)) {
    return [f](float *x) {
        for (uint32_t i = 0; i < 16; ++i) x[i] = f(x[i]);
    };
}

/* The bound on the first instruction set, and the same bits from all others. */
void check(const Kernel16 &kernel, const Exact &exact, float low, float high, double bound) {
    const std::string before = mote_isa();
    uint64_t hash = 0;
    for (uint32_t i = 0; mote_isa_at(i) != nullptr; ++i) {
        REQUIRE(mote_isa_force(mote_isa_at(i)) == MOTE_OK);
        const Worst worst = sweep(kernel, i == 0 ? exact : Exact(), low, high, stride());
        INFO(std::string(mote_isa()) << ", worst at " << worst.at << ": " << worst.ulps << " ULP");
        CHECK(worst.ulps <= bound);
        CHECK(worst.count >= 16);
        if (i > 0) CHECK(worst.hash == hash);
        hash = worst.hash;
    }
    REQUIRE(mote_isa_force(before.c_str()) == MOTE_OK);
}

const Exact exact_exp = [](float x) { return std::exp(static_cast<double>(x)); };
const Exact exact_tanh = [](float x) { return std::tanh(static_cast<double>(x)); };
const Exact exact_sigmoid = [](float x) { return 1 / (1 + std::exp(-static_cast<double>(x))); };
const Exact exact_log = [](float x) { return std::log(static_cast<double>(x)); };

} // namespace

TEST_CASE("exp is within 1.02 ULP from -87 to 88") {
    check(exp16, exact_exp, 0x1p-30f, 88.0f, 1.02);
    check(exp16, exact_exp, -0x1p-30f, -87.0f, 1.02);
}

TEST_CASE("exp of 0 is 1 and below -87 it is +0") {
    alignas(64) float x[16] = {0.0f,   -0.0f,    0x1p-100f, -0x1p-100f, 1e-40f, -87.0f, std::nextafter(-87.0f, -100.0f),
                               -88.0f, -1000.0f, -3e38f,    -HUGE_VALF, 0,      0,      0,
                               0,      0};
    exp16(x);
    for (const int i : {0, 1, 2, 3, 4}) CHECK(x[i] == 1.0f);
    CHECK(x[5] > 0x1p-126f);
    for (const int i : {6, 7, 8, 9, 10}) CHECK(bits(x[i]) == 0);
}

TEST_CASE("tanh is within 2.42 ULP, odd, and never above 1") {
    check(tanh16, exact_tanh, 0x1.000002p-40f, 20.0f, 2.42);
    size_t wrong = 0;
    for (uint32_t pattern = bits(0x1p-41f); pattern < bits(100.0f); pattern += 1009 * 8) {
        alignas(64) float x[16];
        for (uint32_t i = 0; i < 8; ++i) {
            x[i] = from_bits(pattern + 1009 * i);
            x[i + 8] = -x[i];
        }
        tanh16(x);
        for (uint32_t i = 0; i < 8; ++i) {
            wrong += x[i] != -x[i + 8];
            wrong += !(x[i] <= 1);
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("tanh of what is below 2^-40 is +0") {
    alignas(64) float x[16] = {0.0f, -0.0f, 0x1.fffffep-41f, -0x1.fffffep-41f, 1e-40f, -1e-40f, 0x1p-40f, -0x1p-40f};
    tanh16(x);
    for (int i = 0; i < 6; ++i) CHECK(bits(x[i]) == 0);
    for (int i = 6; i < 8; ++i) CHECK((bits(x[i]) == 0 || std::fabs(x[i]) >= 0x1p-40f));
}

TEST_CASE("tanh of what is large is 1") {
    alignas(64) float x[16] = {9.1f, -9.1f, 20, -20, 1000, -1000, 3e38f, -3e38f};
    tanh16(x);
    for (int i = 0; i < 8; ++i) CHECK(x[i] == (i % 2 == 0 ? 1.0f : -1.0f));
}

TEST_CASE("the logistic function is within 2.41 ULP, 1/2 at 0 and never above 1") {
    check(sigmoid16, exact_sigmoid, 0x1p-40f, 40.0f, 2.41);
    check(sigmoid16, exact_sigmoid, -0x1p-40f, -27.7f, 2.41);
    alignas(64) float x[16] = {0.0f, -0.0f, 1e-40f, -1e-40f, 0x1p-41f, 17.5f, 31.9f, 32.1f, 1000, 3e38f};
    sigmoid16(x);
    for (int i = 0; i < 5; ++i) CHECK(x[i] == 0.5f);
    for (int i = 5; i < 10; ++i) CHECK(x[i] == 1.0f);
}

TEST_CASE("the logistic function below 2^-40 is +0") {
    alignas(64) float x[16] = {-27.72f, -27.73f, -31.9f, -32.0f, -32.1f, -88.0f, -1000.0f, -3e38f};
    sigmoid16(x);
    CHECK(x[0] >= 0x1p-40f);
    for (int i = 1; i < 8; ++i) CHECK(bits(x[i]) == 0);
}

TEST_CASE("log is within 0.84 ULP for every positive normal float") {
    check(each(mote::cpu::log1), exact_log, 0x1p-126f, std::numeric_limits<float>::max(), 0.84);
    CHECK(bits(mote::cpu::log1(1.0f)) == 0);
}

TEST_CASE("the square root is the rounded one") {
    const std::string before = mote_isa();
    for (uint32_t i = 0; mote_isa_at(i) != nullptr; ++i) {
        REQUIRE(mote_isa_force(mote_isa_at(i)) == MOTE_OK);
        size_t wrong = 0;
        for (uint64_t pattern = bits(0x1p-126f); pattern < bits(3.4e38f); pattern += stride()) {
            const float x = from_bits(static_cast<uint32_t>(pattern));
            wrong += bits(mote::cpu::sqrt1(x)) != bits(std::sqrt(x));
        }
        /* Every significand with an even and an odd exponent: Newton's method may take any path but one rounding. */
        for (uint32_t pattern = bits(1.0f); pattern < bits(4.0f); pattern += all_or(coarser)) {
            const float x = from_bits(pattern);
            wrong += bits(mote::cpu::sqrt1(x)) != bits(std::sqrt(x));
        }
        CHECK(wrong == 0);
        CHECK(bits(mote::cpu::sqrt1(0.0f)) == 0);
    }
    REQUIRE(mote_isa_force(before.c_str()) == MOTE_OK);
}

TEST_CASE("the cosine of half a turn is within 2^-22 and has its ends right") {
    const double pi = std::acos(-1.0);
    double worst = 0;
    for (uint32_t i = 0; i <= 1 << 20; ++i) {
        const float x = static_cast<float>(i) * 0x1p-20f;
        const double exact = std::cos(pi * static_cast<double>(x));
        worst = std::fmax(worst, std::fabs(static_cast<double>(mote::cpu::cos_pi(x)) - exact));
    }
    CHECK(worst < 0x1p-22);
    CHECK(mote::cpu::cos_pi(0.0f) == 1.0f);
    CHECK(mote::cpu::cos_pi(1.0f) == -1.0f);
    CHECK(mote::cpu::cos_pi(0.5f) == 0.0f);
}
