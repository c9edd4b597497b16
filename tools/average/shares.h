#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mote::cli {

/* What each of several models counts in an average: whole numbers, whose sum is above 0 and less than 2^32. */
struct Shares {
    std::vector<uint32_t> of;
    uint32_t sum;
};

Shares equal_shares(size_t count);

/* "0.5,2,1.25": decimal numbers, which all times one power of ten are the shares, without rounding. Throws UsageError
 * where one is not a number, where they are not `count`, where all are 0, or where they have too many digits. */
Shares shares_of(const std::string &weights, size_t count);

} // namespace mote::cli
