#include "search_space.h"

#include "errors.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace mote::cli {

namespace {

constexpr size_t most_seeds = 10000;
constexpr double largest_whole = 0x1p31;

template <class Number> bool parse(const std::string &text, Number &number) {
    const char *end = text.data() + text.size();
    auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end;
}

std::vector<std::string> divided(const std::string &text, char by) {
    std::vector<std::string> parts;
    size_t from = 0;
    for (size_t at; (at = text.find(by, from)) != std::string::npos; from = at + 1)
        parts.push_back(text.substr(from, at - from));
    parts.push_back(text.substr(from));
    return parts;
}

/* "KEY=REST": the key; `rest` becomes what stands behind the sign. */
std::string key_of(const std::string &option, const std::string &text, const char *example, std::string &rest) {
    size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || text[0] == '-')
        throw UsageError(option + " " + text + ": must be an option of mote train, without its dashes, and " + example);
    rest = text.substr(equals + 1);
    return text.substr(0, equals);
}

bool is_whole(const std::string &text) { return text.find_first_not_of("0123456789") == std::string::npos; }

void add_seeds(const std::string &text, const std::string &part, std::vector<uint64_t> &seeds) {
    const std::string wrong = "--seeds " + text + ": must be seeds or stretches of them, as 1-3 or 1,5-7; ";
    std::vector<std::string> ends = divided(part, '-');
    uint64_t first = 0, last = 0;
    if (ends.size() > 2 || !parse(ends.front(), first) || !parse(ends.back(), last) || last < first)
        throw UsageError(wrong + "'" + part + "' is none");
    if (last - first >= most_seeds - seeds.size()) throw UsageError(wrong + formatted("at most %zu", most_seeds));
    for (uint64_t i = 0; i <= last - first; ++i) {
        if (std::find(seeds.begin(), seeds.end(), first + i) != seeds.end())
            throw UsageError(wrong + std::to_string(first + i) + " is there twice");
        seeds.push_back(first + i);
    }
}

} // namespace

SweptOption read_list(const std::string &text) {
    SweptOption option;
    std::string list;
    option.key = key_of("--grid", text, "its values, as lr=0.01,0.02", list);
    option.values = divided(list, ',');
    const std::string about = "--grid " + text + ": ";
    std::set<std::string> seen;
    for (const std::string &value : option.values) {
        if (value.empty()) throw UsageError(about + "a value is empty");
        if (!seen.insert(value).second) throw UsageError(about + value + " is there twice");
    }
    return option;
}

SweptOption read_range(const std::string &text) {
    SweptOption option;
    std::string range;
    option.key = key_of("--range", text, "its least and largest value, as lr=0.001..0.1", range);
    size_t dots = range.find("..");
    std::string low = range.substr(0, dots), high = dots == std::string::npos ? "" : range.substr(dots + 2);
    bool numbers = parse(low, option.low) && parse(high, option.high);
    option.whole = is_whole(low) && is_whole(high);
    if (!numbers || !std::isfinite(option.high) || !(option.low >= 0 && option.low < option.high))
        throw UsageError("--range " + text + ": must be two numbers, 0 or more, the lower one first, as 0.001..0.1");
    if (option.whole && option.high >= largest_whole)
        throw UsageError("--range " + text + ": must end below 2147483648");
    return option;
}

std::vector<uint64_t> read_seeds(const std::string &text) {
    std::vector<uint64_t> seeds;
    for (const std::string &part : divided(text, ',')) add_seeds(text, part, seeds);
    return seeds;
}

std::vector<Point> grid_points(const std::vector<SweptOption> &options) {
    std::vector<Point> points = {{}};
    for (const SweptOption &option : options) {
        std::vector<Point> longer;
        for (const Point &point : points) {
            for (const std::string &value : option.values) {
                longer.push_back(point);
                longer.back().push_back(value);
            }
        }
        points = std::move(longer);
    }
    return points;
}

} // namespace mote::cli
