/* The sums of mote average, held against another way to add numbers without rounding. */
#include "exact_sum.h"

#include "cli_runner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <random>
#include <vector>

using namespace mote_test;
using mote::cli::ExactSum;

namespace {

/* A float and its factor. */
struct Term {
    float number;
    int64_t factor;
};

/* How often each power of two is in a sum, which only the question of its sign carries over. */
class Powers {
  public:
    void add(double number, int64_t factor) {
        int exponent = 0;
        const double fraction = std::frexp(number, &exponent);
        auto mantissa = static_cast<int64_t>(std::ldexp(fraction, 53));
        if (mantissa < 0) factor = -factor;
        auto place = static_cast<size_t>(int64_t{exponent} - 53 + lowest);
        for (mantissa = std::abs(mantissa); mantissa != 0; mantissa /= 2, ++place)
            if (mantissa % 2 != 0) of_[place] += factor;
    }
    void add(const Powers &other, int64_t factor) {
        for (size_t i = 0; i < of_.size(); ++i) of_[i] += factor * other.of_[i];
    }
    /* -1, 0 or 1. */
    int sign() const {
        int64_t carry = 0;
        bool other_than_zero = false;
        for (int64_t count : of_) {
            carry += count;
            other_than_zero = other_than_zero || carry % 2 != 0;
            carry = (carry - (carry % 2 != 0 ? 1 : 0)) / 2;
        }
        return carry < 0 ? -1 : carry > 0 || other_than_zero ? 1 : 0;
    }

  private:
    static constexpr int64_t lowest = 150;
    std::vector<int64_t> of_ = std::vector<int64_t>(400);
};

Powers sum_of(const std::vector<Term> &terms) {
    Powers sum;
    for (const Term &term : terms) sum.add(static_cast<double>(term.number), term.factor);
    return sum;
}

/* |sum - divisor number| */
Powers distance(const Powers &sum, int64_t divisor, float number) {
    Powers distance = sum;
    distance.add(static_cast<double>(number), -divisor);
    if (distance.sign() >= 0) return distance;
    Powers positive;
    positive.add(distance, -1);
    return positive;
}

/* Below 0: the sum is nearer to the first number. */
int compare_distances(const Powers &sum, int64_t divisor, float first, float second) {
    Powers difference = distance(sum, divisor, first);
    difference.add(distance(sum, divisor, second), -1);
    return difference.sign();
}

bool is_even(float number) {
    int exponent = 0;
    return static_cast<int64_t>(std::ldexp(std::frexp(number, &exponent), 24)) % 2 == 0;
}

/* Whether the sum / divisor is so small that it is not rounded to 2^-40. */
bool is_below_least(const Powers &sum, int64_t divisor) {
    Powers room = distance(sum, divisor, 0);
    room.add(0x1p-40, -divisor);
    room.add(0x1p-65, divisor);
    return room.sign() < 0;
}

float mean_of(const std::vector<Term> &terms) {
    ExactSum sum;
    uint32_t divisor = 0;
    for (const Term &term : terms) {
        sum.add(term.number, static_cast<uint32_t>(term.factor));
        divisor += static_cast<uint32_t>(term.factor);
    }
    return sum.divided_by(divisor);
}

void check_rounded_right(const std::vector<Term> &terms) {
    const float mean = mean_of(terms);
    const Powers sum = sum_of(terms);
    int64_t divisor = 0;
    for (const Term &term : terms) divisor += term.factor;
    CAPTURE(mean);
    REQUIRE(std::signbit(mean) == (mean != 0 && sum.sign() < 0));
    REQUIRE((mean == 0) == is_below_least(sum, divisor));
    if (mean == 0) return;
    for (float limit : {-FLT_MAX, FLT_MAX}) {
        const float beside = std::nextafter(mean, limit);
        if (beside == mean) continue; /* the largest float: a mean is never above it */
        const int nearer = compare_distances(sum, divisor, mean, beside);
        REQUIRE(nearer <= 0);
        REQUIRE((nearer < 0 || is_even(mean)));
    }
}

class Draw {
  public:
    /* A number with an exponent of `low` … `high`, or +0. */
    float number(int low, int high) {
        if (below(16) == 0) return 0;
        const float fraction = 1 + static_cast<float>(below(1u << 23)) * 0x1p-23f;
        const float number = std::ldexp(fraction, low + static_cast<int>(below(static_cast<uint32_t>(high - low + 1))));
        return below(2) == 0 ? number : -number;
    }
    uint32_t below(uint32_t bound) { return static_cast<uint32_t>(engine_() % bound); }
    std::mt19937 &engine() { return engine_; }

  private:
    std::mt19937 engine_{20};
};

} // namespace

TEST_CASE("a mean is the nearest float to the exact one, of two equally near ones the even one") {
    Draw draw;
    const struct {
        int low, high;
        uint32_t most;
    } kinds[] = {{-3, 0, 1}, {-40, 127, 1u << 20}, {-40, -38, 5}, {-40, -39, 1u << 26}, {120, 127, 1u << 26}};
    for (const auto &kind : kinds)
        for (int i = 0; i < 1000; ++i) {
            std::vector<Term> terms(1 + draw.below(20));
            for (Term &term : terms) term = {draw.number(kind.low, kind.high), 1 + draw.below(kind.most)};
            check_rounded_right(terms);
        }
}

TEST_CASE("a mean does not depend on the order, also where the large terms cancel out") {
    Draw draw;
    for (int i = 0; i < 200; ++i) {
        std::vector<Term> terms;
        for (uint32_t pairs = 1 + draw.below(8); pairs > 0; --pairs) {
            const Term term{draw.number(-40, 127), 1 + draw.below(1000)};
            terms.push_back(term);
            terms.push_back({-term.number, term.factor});
        }
        terms.push_back({draw.number(-30, -20), 1 + draw.below(1000)});
        check_rounded_right(terms);
        const float mean = mean_of(terms);
        for (int order = 0; order < 5; ++order) {
            std::shuffle(terms.begin(), terms.end(), draw.engine());
            CHECK(mean_of(terms) == mean);
        }
    }
}

TEST_CASE("means at the edges: ties, the largest floats, the least ones") {
    CHECK(mean_of({{1, 1}, {1 + 0x1p-23f, 1}}) == 1);
    CHECK(mean_of({{1 + 0x1p-23f, 1}, {1 + 0x1p-22f, 1}}) == 1 + 0x1p-22f);
    CHECK(mean_of({{-1, 1}, {-1 - 0x1p-23f, 1}}) == -1);
    CHECK(mean_of({{FLT_MAX, 0xFFFFFFFE}, {FLT_MAX, 1}}) == FLT_MAX);
    CHECK(mean_of({{-FLT_MAX, 0xFFFFFFFF}}) == -FLT_MAX);
    CHECK(mean_of({{FLT_MAX, 3}, {-FLT_MAX, 3}}) == 0);
    CHECK_FALSE(std::signbit(mean_of({{FLT_MAX, 3}, {-FLT_MAX, 3}})));
    CHECK(mean_of({{0x1p-40f, 7}}) == 0x1p-40f);
    CHECK(mean_of({{0x1p-40f, 1}, {0, 1}}) == 0);
    CHECK_FALSE(std::signbit(mean_of({{-0x1p-40f, 1}, {0, 1}})));
    /* 2^-40 less a quarter of the last place below it is rounded to 2^-40. */
    CHECK(mean_of({{0x1p-40f, 0xFFFFFFFE}, {0, 1}}) == 0x1p-40f);
    CHECK(mean_of({{0x1p-40f, 0xFFFFF}, {0, 1}}) == 0);
    CHECK(mean_of({{3, 0}, {5, 2}}) == 5);
    check_rounded_right({{0x1p-40f, 0xFFFFFFFE}, {0, 1}});
    check_rounded_right({{0x1.8p-40f, 1}, {0, 1}});
}
