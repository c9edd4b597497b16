#pragma once

#include "option_parser.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mote::cli {

/* Options whose values are checked as they are read. A value that cannot be used throws UsageError with the option, the
 * value and what it may be. Given twice, an option's last value counts: that is how options override a recipe's. */

struct WholeRange {
    uint64_t low, high;
};
Option add_whole(CommandLine app, const std::string &name, uint32_t &value, WholeRange range, const std::string &help);
Option add_whole(CommandLine app, const std::string &name, uint64_t &value, WholeRange range, const std::string &help);

/* `zero_too`: 0 is allowed below the range. */
struct RealRange {
    float low, high;
    bool zero_too = false;
};
/* Left empty where it is not given; `meant` says in --help what that means. */
Option add_whole(CommandLine app, const std::string &name, std::optional<uint32_t> &value, WholeRange range,
                 const std::string &meant, const std::string &help);
/* A number or one word, which stands for a number of its own. */
Option add_whole_or(CommandLine app, const std::string &name, uint32_t &value, WholeRange range,
                    const std::pair<std::string, uint32_t> &word, const std::string &help);
Option add_real(CommandLine app, const std::string &name, float &value, RealRange range, const std::string &help);
/* Without a value until it is given; `meant` tells in --help what then holds. */
Option add_real(CommandLine app, const std::string &name, std::optional<float> &value, RealRange range,
                const std::string &meant, const std::string &help);

using Choices = std::vector<std::pair<std::string, uint32_t>>;
Option add_choice(CommandLine app, const std::string &name, uint32_t &value, const Choices &choices,
                  const std::string &help);
Option add_choice(CommandLine app, const std::string &name, std::optional<uint32_t> &value, const Choices &choices,
                  const std::string &meant, const std::string &help);

Option add_text(CommandLine app, const std::string &name, std::string &value, const std::string &type,
                const std::string &help);

/* The name of a file; an empty one is refused. */
Option add_path(CommandLine app, const std::string &name, std::string &value, const std::string &type,
                const std::string &help);

/* "80/10/10" or "90/10": train, dev, test in percent. */
Option add_split(CommandLine app, const std::string &name, uint32_t (&percent)[3], const std::string &help);

/* Where 2^-40 is the least magnitude that a number may have in the library. */
constexpr float least_magnitude = 0x1p-40f;

} // namespace mote::cli
