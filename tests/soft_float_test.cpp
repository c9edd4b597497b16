/* The fused multiply-adds out of integers and out of doubles, and the square root out of integers, against the host's.
 * The short form takes 2 million drawn operands and every 97th radicand, MOTE_LONG=1 a hundred million and every 7th.
 */
#include "port.h"
#include "support.h"

#include <doctest/doctest.h>

#include <cfenv>
#include <cmath>
#include <cstdlib>
#include <ios>
#include <limits>
#include <string>
#include <vector>

#if defined(_WIN32)
#include <immintrin.h>
#endif

#define MOTE_ISA soft /* the namespace that they are put into */
#include "fma_double.h"
#include "soft_float.h"

namespace soft = mote::cpu::soft;

using namespace mote_test;

namespace {

bool asked_for_more() {
    const char *asked = std::getenv("MOTE_LONG");
    return asked != nullptr && std::string(asked) == "1";
}

/* The host must keep denormals to be held against, also in a run that flushes them. */
class DenormalsKept {
  public:
    DenormalsKept() {
        std::fegetenv(&before_);
        std::fesetenv(FE_DFL_ENV);
#if defined(_WIN32) /* where the environment is that of x87 alone */
        _mm_setcsr(0x1f80);
#endif
    }
    ~DenormalsKept() {
        std::fesetenv(&before_);
#if defined(_WIN32)
        _mm_setcsr(vectors_before_);
#endif
    }
    DenormalsKept(const DenormalsKept &) = delete;
    DenormalsKept &operator=(const DenormalsKept &) = delete;

  private:
    std::fenv_t before_{};
#if defined(_WIN32)
    unsigned int vectors_before_ = _mm_getcsr();
#endif
};

bool is_nan(float x) { return (bits(x) & 0x7fffffffu) > 0x7f800000u; }
bool agree(float ours, float theirs) { return is_nan(theirs) ? bits(ours) == 0x7fc00000u : bits(ours) == bits(theirs); }

struct Operands {
    float a, b, c;
};

bool right(const Operands &x) {
    const float by_integers = soft::soft_fma(x.a, x.b, x.c), by_doubles = soft::double_fma(x.a, x.b, x.c);
    const float theirs = std::fma(x.a, x.b, x.c);
    /* What NaN comes out of doubles is the host's choice. */
    const bool doubles_agree = is_nan(theirs) ? is_nan(by_doubles) : bits(by_doubles) == bits(theirs);
    if (agree(by_integers, theirs) && doubles_agree) return true;
    MESSAGE("fma of " << std::hex << bits(x.a) << " " << bits(x.b) << " " << bits(x.c) << " is " << bits(theirs)
                      << ", not " << bits(by_integers) << " by integers, " << bits(by_doubles) << " by doubles");
    return false;
}

/* Wrong ones among the operands and what their signs make of them. */
size_t wrong_with_signs(float a, float b, float c) {
    size_t wrong = 0;
    for (uint32_t signs = 0; signs < 8; ++signs)
        wrong += !right({signs & 1 ? -a : a, signs & 2 ? -b : b, signs & 4 ? -c : c});
    return wrong;
}

/* All bits, the first few, the last few, or bits in a row: what ties and exact sums are made of. */
uint32_t draw_fraction(Random &random) {
    const auto drawn = static_cast<uint32_t>(random.next());
    const uint32_t count = random.below(24);
    switch (random.below(4)) {
    case 0:
        return drawn & 0x7fffffu;
    case 1:
        return drawn << count & 0x7fffffu;
    case 2:
        return (drawn & 0x7fffffu) >> count;
    default:
        return ((1u << count) - 1) << random.below(24) & 0x7fffffu;
    }
}

float draw_float(Random &random, int32_t low, int32_t high) {
    const int32_t exponent = low + static_cast<int32_t>(random.below(static_cast<uint32_t>(high - low + 1)));
    const uint32_t biased = exponent < 0 ? 0 : exponent > 254 ? 254 : static_cast<uint32_t>(exponent);
    return from_bits(random.below(2) << 31 | biased << 23 | draw_fraction(random));
}

int32_t exponent_of(float x) { return static_cast<int32_t>(bits(x) >> 23 & 0xff); }

Operands draw_operands(Random &random) {
    const auto pattern = [&random] { return from_bits(static_cast<uint32_t>(random.next())); };
    const uint32_t kind = random.below(4);
    if (kind == 0) return {pattern(), pattern(), pattern()};
    const float a = draw_float(random, 0, 254), b = draw_float(random, 0, 254);
    if (kind == 1) { /* an addend that cancels the product, or nearly */
        const uint32_t product = bits(a * b), near = product + random.below(5) - 2;
        return {a, b, from_bits((near & 0x7f800000u) == 0x7f800000u ? product : near ^ 0x80000000u)};
    }
    if (kind == 2) { /* one of about its size */
        const int32_t exponent = exponent_of(a) + exponent_of(b) - 127;
        return {a, b, draw_float(random, exponent - 52, exponent + 28)};
    }
    /* a product and an addend about the least normal number */
    const float small = draw_float(random, 127 - exponent_of(a) - 30, 127 - exponent_of(a) + 30);
    return {a, small, draw_float(random, -20, 30)};
}

} // namespace

TEST_CASE("fma without the instruction: zeros, infinities, NaN and the ends of the range, each with each") {
    const DenormalsKept mode;
    const float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> ends = {0.0f,
                                     0x1p-149f,
                                     0x1.8p-148f,
                                     0x1.fffffcp-127f,
                                     0x1p-126f,
                                     0x1.000002p-126f,
                                     0x1p-75f,
                                     0x1.8p-75f,
                                     0x1p-74f,
                                     0x1p-24f,
                                     0x1.fffffep-1f,
                                     1.0f,
                                     0x1.000002p0f,
                                     1.5f,
                                     2.0f,
                                     0x1p24f,
                                     0x1.fffffep63f,
                                     0x1p64f,
                                     0x1.fffffep126f,
                                     0x1p127f,
                                     0x1.fffffep127f,
                                     infinity,
                                     nan};
    size_t wrong = 0;
    for (const float a : ends)
        for (const float b : ends)
            for (const float c : ends) wrong += wrong_with_signs(a, b, c);
    CHECK(wrong == 0);
}

TEST_CASE("fma without the instruction: a product at and beside half a unit in the last place of the addend") {
    const DenormalsKept mode;
    const float halves[] = {0x1p-24f, 0x1.fffffep-25f, 0x1.000002p-24f, 0x1p-25f, 0x1.8p-25f, 0x1.8p-24f};
    const float addends[] = {1.0f, 0x1.000002p0f, 0x1.fffffep0f, 0x1.fffffcp0f, 0x1.555554p0f};
    const float factors[] = {1.0f, 0x1.fffffep-1f, 0x1.000002p0f, 0x1.6a09e6p0f};
    size_t wrong = 0;
    for (int scale = -140; scale <= 127; ++scale)
        for (const float half : halves)
            for (const float addend : addends)
                for (const float factor : factors) {
                    const float scaled = std::ldexp(half, scale / 2);
                    wrong += wrong_with_signs(scaled, std::ldexp(factor, scale - scale / 2), std::ldexp(addend, scale));
                }
    CHECK(wrong == 0);
}

TEST_CASE("fma without the instruction: sums that rounding twice, by way of a double, gets wrong") {
    const DenormalsKept mode;
    /* 1 + 2^-24 is a tie; what breaks it lies below a double's last place, or on its edge. */
    size_t wrong = 0, twice = 0;
    for (int below = 40; below <= 120; ++below)
        for (const float addend : {1.0f, 0x1.000002p0f, 0x1.fffffep0f})
            for (const float tail : {1.0f, 0x1.000002p0f, 0x1.fffffep0f}) {
                /* (2^-12 + t)(2^-12 - t) is 2^-24 - t^2 */
                const float t = std::ldexp(tail, -below / 2);
                const float a = 0x1p-12f + t, b = 0x1p-12f - t;
                wrong += wrong_with_signs(a, b, addend);
                const double rounded = static_cast<double>(a) * static_cast<double>(b) + static_cast<double>(addend);
                twice += static_cast<float>(rounded) != std::fma(a, b, addend);
                wrong += wrong_with_signs(std::ldexp(addend, -100), 0x1p-28f, std::ldexp(tail, -below - 80));
            }
    CHECK(wrong == 0);
    CHECK(twice > 0);

    /* 2^-150 is a tie of denormals; the product lies 2^-196 below it. */
    size_t denormals_twice = 0;
    for (int size = 126; size <= 140; ++size) {
        const float a = 0x1.000002p-75f, b = 0x1.fffffcp-76f, addend = std::ldexp(1.0f, -size) + 0x1p-149f;
        wrong += wrong_with_signs(a, b, addend);
        const double rounded = static_cast<double>(a) * static_cast<double>(b) + static_cast<double>(addend);
        denormals_twice += static_cast<float>(rounded) != std::fma(a, b, addend);
    }
    CHECK(wrong == 0);
    CHECK(denormals_twice > 0);
}

TEST_CASE("fma without the instruction: every distance of the exponents") {
    const DenormalsKept mode;
    size_t wrong = 0;
    for (uint32_t product = 1; product < 510; product += 1)
        for (uint32_t addend = 0; addend < 255; ++addend) {
            const uint32_t first = product / 2, second = product - first;
            wrong += !right({from_bits(first << 23 | 0x2aaaabu), from_bits(second << 23 | 0x7fffffu),
                             from_bits(addend << 23 | 0x000001u)});
            wrong += !right({from_bits(first << 23), from_bits(second << 23 | 1u), from_bits(addend << 23 | 1u << 31)});
        }
    CHECK(wrong == 0);
}

TEST_CASE("fma without the instruction: drawn operands") {
    const DenormalsKept mode;
    const uint32_t count = asked_for_more() ? 100000000 : 2000000;
    size_t wrong = 0, denormal = 0, finite = 0;
    Random random(2024);
    for (uint32_t i = 0; i < count && wrong < 10; ++i) {
        const Operands drawn = draw_operands(random);
        wrong += !right(drawn);
        const float result = std::fma(drawn.a, drawn.b, drawn.c);
        denormal += exponent_of(result) == 0;
        finite += exponent_of(result) != 255;
    }
    CHECK(wrong == 0);
    CHECK(denormal > count / 100);
    CHECK(finite > count / 2);
}

TEST_CASE("the integer square root is the rounded one") {
    const DenormalsKept mode;
    const uint32_t stride = asked_for_more() ? 7 : 97;
    size_t wrong = 0;
    /* Two exponents have all significands at both parities; the others follow by the power of four between them. */
    for (uint32_t pattern = 126u << 23; pattern < 128u << 23; ++pattern)
        wrong += bits(soft::soft_sqrt(from_bits(pattern))) != bits(std::sqrt(from_bits(pattern)));
    for (uint64_t pattern = 0; pattern <= 0x7f800000u; pattern += stride) {
        const float x = from_bits(static_cast<uint32_t>(pattern));
        wrong += bits(soft::soft_sqrt(x)) != bits(std::sqrt(x));
    }
    CHECK(wrong == 0);
    CHECK(bits(soft::soft_sqrt(-0.0f)) == 0x80000000u);
    CHECK(soft::soft_sqrt(std::numeric_limits<float>::infinity()) == std::numeric_limits<float>::infinity());
    for (const uint32_t pattern : {0x80000001u, 0xbf800000u, 0xff800000u, 0x7fc00000u, 0x7f800001u, 0xffc00000u})
        CHECK(bits(soft::soft_sqrt(from_bits(pattern))) == 0x7fc00000u);
}
