#include "search_space.h"

#include "errors.h"
#include "mote.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace mote::cli {

namespace {

constexpr uint32_t purpose_of_points = 16; /* those below are the library's */

/* Between low and high, each ratio equally likely: a random bit chooses the half, seen on a logarithmic scale, 32
 * times. A square root is rounded alike everywhere, logarithm and power are not. */
double draw_ratio(mote_rng &rng, double low, double high) {
    for (uint32_t bits = mote_rng_u32(&rng), i = 0; i < 32; ++i, bits >>= 1) {
        double middle = std::sqrt(low) * std::sqrt(high);
        ((bits & 1) != 0 ? low : high) = middle;
    }
    return low;
}

double draw_difference(mote_rng &rng, double low, double high) {
    return low + (high - low) * (static_cast<double>(mote_rng_u32(&rng)) * 0x1p-32);
}

double drawn(mote_rng &rng, double low, double high) {
    return low > 0 ? draw_ratio(rng, low, high) : draw_difference(rng, low, high);
}

/* Four digits, unless they would lie outside. */
std::string short_text(double value, const SweptOption &option) {
    std::string text = formatted("%.4g", value);
    double read = 0;
    std::from_chars(text.data(), text.data() + text.size(), read);
    return read < option.low || read > option.high ? formatted("%.17g", value) : text;
}

std::string draw(mote_rng &rng, const SweptOption &option) {
    if (!option.values.empty()) return option.values[mote_rng_below(&rng, static_cast<uint32_t>(option.values.size()))];
    if (!option.whole) return short_text(drawn(rng, option.low, option.high), option);
    double number = std::floor(drawn(rng, option.low, option.high + 1));
    return formatted("%.0f", std::clamp(number, option.low, option.high));
}

Point draw_point(const std::vector<SweptOption> &options, uint64_t seed, uint64_t index) {
    mote_rng rng;
    mote_rng_derive(&rng, seed, purpose_of_points, index);
    Point point;
    for (const SweptOption &option : options) point.push_back(draw(rng, option));
    return point;
}

} // namespace

std::vector<Point> random_points(const std::vector<SweptOption> &options, uint32_t count, uint64_t seed) {
    constexpr uint32_t most_repeated = 1000;
    std::vector<Point> points;
    std::set<Point> seen;
    uint32_t repeated = 0;
    for (uint64_t index = 0; points.size() < count; ++index) {
        Point point = draw_point(options, seed, index);
        if (seen.insert(point).second) {
            points.push_back(std::move(point));
            repeated = 0;
        } else if (++repeated == most_repeated) {
            throw UsageError(formatted("--random %u: only %zu different points were found; give fewer, or wider ranges",
                                       count, points.size()));
        }
    }
    return points;
}

} // namespace mote::cli
