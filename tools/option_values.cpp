#include "option_values.h"

#include "errors.h"

#include <algorithm>
#include <charconv>

namespace mote::cli {

namespace {

/* The first long one of an option's names. */
std::string shown_name(const std::string &names) {
    const size_t begin = names.find("--");
    return begin == std::string::npos ? names : names.substr(begin, names.find(',', begin) - begin);
}

[[noreturn]] void refuse(const std::string &name, const std::string &text, const std::string &wanted) {
    bool quoted = text.empty() || text.find_first_of(" \t\r\n") != std::string::npos;
    throw UsageError(shown_name(name) + " " + (quoted ? "'" + text + "'" : text) + ": must be " + wanted);
}

template <class Number> bool parse(const std::string &text, Number &number) {
    const char *end = text.data() + text.size();
    auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end;
}

uint64_t read_whole(const std::string &name, const std::string &text, WholeRange range, const std::string &or_else) {
    uint64_t number = 0;
    if (!parse(text, number) || number < range.low || number > range.high) {
        refuse(name, text,
               or_else + "a whole number from " + std::to_string(range.low) + " to " + std::to_string(range.high));
    }
    return number;
}

/* Number: an integer, or an optional one. */
template <class Number>
Option add_whole_of(CommandLine app, const std::string &name, Number &value, WholeRange range, const std::string &shown,
                    const std::string &help) {
    auto read = [&value, name, range](const std::string &text) {
        value = static_cast<Number>(read_whole(name, text, range, ""));
    };
    return app.add_option_function(name, read, help).take_last().type_name("N").default_str(shown);
}

/* The fewest digits that are read as this very number. */
std::string exact_text(float number) {
    char digits[32];
    auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    return {digits, end};
}

bool is_below_one(RealRange range) { return range.high < 1.0f && range.high > 0.9999f; }

std::string range_text(RealRange range) {
    return (range.zero_too ? "a number, 0 or from " : "a number from ") + exact_text(range.low) + " to " +
           exact_text(range.high) + (is_below_one(range) ? ", which is below 1" : "");
}

/* Six digits of a limit, which may lie outside the range by their rounding, stand for the limit. */
float rounded_limit(float number, float limit) {
    auto six_digits = [](float of) { return formatted("%g", static_cast<double>(of)); };
    return six_digits(number) == six_digits(limit) ? limit : number;
}

float read_real(const std::string &name, const std::string &text, RealRange range) {
    float number = 0;
    if (!parse(text, number)) refuse(name, text, range_text(range));
    if (range.zero_too && number == 0) return 0;
    if (number < range.low) number = rounded_limit(number, range.low);
    if (number > range.high && !is_below_one(range)) number = rounded_limit(number, range.high);
    if (!(number >= range.low && number <= range.high)) refuse(name, text, range_text(range));
    return number == 0 ? 0.0f : number;
}

std::string joined(const Choices &choices) {
    std::vector<std::string> names;
    for (const auto &choice : choices) names.push_back(choice.first);
    return listed(names, " or ");
}

std::string name_of(const Choices &choices, uint32_t value) {
    for (const auto &choice : choices) {
        if (choice.second == value) return choice.first;
    }
    return "";
}

uint32_t read_choice(const std::string &name, const std::string &text, const Choices &choices) {
    for (const auto &choice : choices) {
        if (choice.first == text) return choice.second;
    }
    refuse(name, text, joined(choices));
}

void read_split(const std::string &name, const std::string &text, uint32_t (&percent)[3]) {
    uint32_t parts[3] = {0, 0, 0};
    size_t count = 0, from = 0;
    bool good = true;
    while (good && from <= text.size()) {
        size_t slash = std::min(text.find('/', from), text.size());
        good = count < 3 && parse(text.substr(from, slash - from), parts[count]) && parts[count] <= 100;
        ++count;
        from = slash + 1;
    }
    good = good && count >= 2 && parts[0] > 0 && parts[0] + parts[1] + parts[2] == 100;
    if (!good) refuse(name, text, "percents of train, dev and test that add up to 100, as 80/10/10 or 90/10");
    std::copy(parts, parts + 3, percent);
}

} // namespace

Option add_whole(CommandLine app, const std::string &name, uint32_t &value, WholeRange range, const std::string &help) {
    return add_whole_of(app, name, value, range, std::to_string(value), help);
}

Option add_whole(CommandLine app, const std::string &name, uint64_t &value, WholeRange range, const std::string &help) {
    return add_whole_of(app, name, value, range, std::to_string(value), help);
}

Option add_whole(CommandLine app, const std::string &name, std::optional<uint32_t> &value, WholeRange range,
                 const std::string &meant, const std::string &help) {
    return add_whole_of(app, name, value, range, meant, help);
}

Option add_whole_or(CommandLine app, const std::string &name, uint32_t &value, WholeRange range,
                    const std::pair<std::string, uint32_t> &word, const std::string &help) {
    auto read = [&value, name, range, word](const std::string &text) {
        value = text == word.first ? word.second
                                   : static_cast<uint32_t>(read_whole(name, text, range, word.first + " or "));
    };
    return app.add_option_function(name, read, help)
        .take_last()
        .type_name("N|" + word.first)
        .default_str(std::to_string(value));
}

Option add_real(CommandLine app, const std::string &name, float &value, RealRange range, const std::string &help) {
    auto read = [&value, name, range](const std::string &text) { value = read_real(name, text, range); };
    return app.add_option_function(name, read, help)
        .take_last()
        .type_name("X")
        .default_str(formatted("%g", static_cast<double>(value)));
}

Option add_real(CommandLine app, const std::string &name, std::optional<float> &value, RealRange range,
                const std::string &meant, const std::string &help) {
    auto read = [&value, name, range](const std::string &text) { value = read_real(name, text, range); };
    return app.add_option_function(name, read, help).take_last().type_name("X").default_str(meant);
}

Option add_choice(CommandLine app, const std::string &name, uint32_t &value, const Choices &choices,
                  const std::string &help) {
    auto read = [&value, name, choices](const std::string &text) { value = read_choice(name, text, choices); };
    return app.add_option_function(name, read, help + ": " + joined(choices))
        .take_last()
        .type_name("NAME")
        .default_str(name_of(choices, value));
}

Option add_choice(CommandLine app, const std::string &name, std::optional<uint32_t> &value, const Choices &choices,
                  const std::string &meant, const std::string &help) {
    auto read = [&value, name, choices](const std::string &text) { value = read_choice(name, text, choices); };
    return app.add_option_function(name, read, help + ": " + joined(choices))
        .take_last()
        .type_name("NAME")
        .default_str(meant);
}

Option add_text(CommandLine app, const std::string &name, std::string &value, const std::string &type,
                const std::string &help) {
    return app.add_option(name, value, help).take_last().type_name(type);
}

Option add_path(CommandLine app, const std::string &name, std::string &value, const std::string &type,
                const std::string &help) {
    auto read = [&value, name](const std::string &text) {
        if (text.empty()) refuse(name, text, "the name of a file");
        value = text;
    };
    return app.add_option_function(name, read, help).take_last().type_name(type);
}

Option add_split(CommandLine app, const std::string &name, uint32_t (&percent)[3], const std::string &help) {
    auto read = [&percent, name](const std::string &text) { read_split(name, text, percent); };
    return app.add_option_function(name, read, help)
        .take_last()
        .type_name("A/B/C")
        .default_str(formatted("%u/%u/%u", percent[0], percent[1], percent[2]));
}

} // namespace mote::cli
