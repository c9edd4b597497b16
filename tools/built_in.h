#pragma once

#include <cstddef>
#include <string>

namespace mote::cli {

/* A corpus compiled into the program. */
struct BuiltIn {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/* All of them, by name; built_in_count many. Defined by the file that embed.cmake writes. */
extern const BuiltIn built_in[];
extern const size_t built_in_count;

/* NULL where there is none of that name. */
const BuiltIn *find_built_in(const std::string &name);

} // namespace mote::cli
