#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mote::cli {

/* An option of `mote train` that a sweep varies: over a list of values, or over a range. */
struct SweptOption {
    std::string key;                 /* without the dashes */
    std::vector<std::string> values; /* of a range: none */
    double low = 0, high = 0;        /* of a range, both included */
    bool whole = false;              /* whose values are whole numbers */
};

/* "lr=0.01,0.02" and "lr=0.001..0.1". A text that is none throws UsageError. */
SweptOption read_list(const std::string &text);
SweptOption read_range(const std::string &text);

/* "1-3", "5", "1-3,7": in this order, each once, at most 10,000. */
std::vector<uint64_t> read_seeds(const std::string &text);

/* A value for each of the options, in their order. */
using Point = std::vector<std::string>;

/* Every combination, the last option's values varying fastest. Without options it is one point of nothing. */
std::vector<Point> grid_points(const std::vector<SweptOption> &options);

/* `count` different points: of a list each value is equally likely, of a range from above 0 each ratio, and of one from
 * 0 each difference. They depend on the options and on `seed` alone, on every machine, and a larger count only adds
 * points. Throws UsageError where there are not so many. */
std::vector<Point> random_points(const std::vector<SweptOption> &options, uint32_t count, uint64_t seed);

} // namespace mote::cli
