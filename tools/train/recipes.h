#pragma once

#include <string>
#include <vector>

namespace mote::cli {

/* A known setup: options of `mote train`, as they would be typed. */
struct Recipe {
    const char *name;
    const char *about;
    std::vector<std::string> options;
};

const std::vector<Recipe> &recipes();

/* The program's arguments with the options of the --recipe among them put before the user's own, which so override
 * them. Throws UsageError for a recipe that there is not. */
std::vector<std::string> with_recipe(const std::vector<std::string> &arguments);

} // namespace mote::cli
