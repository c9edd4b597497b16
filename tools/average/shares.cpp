#include "shares.h"

#include "errors.h"

#include <algorithm>
#include <limits>

namespace mote::cli {

namespace {

constexpr uint32_t most = std::numeric_limits<uint32_t>::max();

/* digits times 10^power; the digits neither begin nor end with a zero, and are empty for 0. */
struct Decimal {
    std::string digits;
    int power;
};

bool is_digits(const std::string &text) { return text.find_first_not_of("0123456789") == std::string::npos; }

Decimal read(const std::string &text, const std::string &weights) {
    const size_t point = std::min(text.find('.'), text.size());
    const std::string whole = text.substr(0, point), part = text.substr(std::min(point + 1, text.size()));
    if (!is_digits(whole + part) || (whole + part).empty())
        throw UsageError("--weights " + weights + ": '" + text +
                         "' must be a decimal number of 0 or more, as 2 or 0.25");
    Decimal decimal{whole + part, -static_cast<int>(part.size())};
    decimal.digits.erase(0, std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size()));
    while (!decimal.digits.empty() && decimal.digits.back() == '0') {
        decimal.digits.pop_back();
        ++decimal.power;
    }
    return decimal;
}

std::vector<Decimal> read_all(const std::string &weights) {
    std::vector<Decimal> decimals;
    for (size_t from = 0; from <= weights.size();) {
        const size_t comma = std::min(weights.find(',', from), weights.size());
        decimals.push_back(read(weights.substr(from, comma - from), weights));
        from = comma + 1;
    }
    return decimals;
}

/* The decimal in units of 10^power, or nothing where it is 2^32 or more. */
bool in_units(const Decimal &decimal, int power, uint32_t &units) {
    uint64_t number = 0;
    for (char digit : decimal.digits) {
        number = number * 10 + static_cast<uint64_t>(digit - '0');
        if (number > most) return false;
    }
    for (int i = power; i < decimal.power && number != 0; ++i) {
        number *= 10;
        if (number > most) return false;
    }
    units = static_cast<uint32_t>(number);
    return true;
}

int least_power(const std::vector<Decimal> &decimals) {
    int power = std::numeric_limits<int>::max();
    for (const Decimal &decimal : decimals)
        if (!decimal.digits.empty()) power = std::min(power, decimal.power);
    return power;
}

} // namespace

Shares equal_shares(size_t count) { return {std::vector<uint32_t>(count, 1), static_cast<uint32_t>(count)}; }

Shares shares_of(const std::string &weights, size_t count) {
    const std::vector<Decimal> decimals = read_all(weights);
    if (decimals.size() != count)
        throw UsageError(
            formatted("--weights %s: are %zu, but the files are %zu", weights.c_str(), decimals.size(), count));
    Shares shares{std::vector<uint32_t>(count), 0};
    const int power = least_power(decimals);
    uint64_t sum = 0;
    for (size_t i = 0; i < count; ++i) {
        const bool fits = in_units(decimals[i], power, shares.of[i]);
        sum += shares.of[i];
        if (!fits || sum > most)
            throw UsageError("--weights " + weights +
                             ": have too many digits; as whole numbers of their last decimal "
                             "place they must add up to less than 2^32");
    }
    if (sum == 0) throw UsageError("--weights " + weights + ": one must be above 0");
    shares.sum = static_cast<uint32_t>(sum);
    return shares;
}

} // namespace mote::cli
