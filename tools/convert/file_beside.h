#pragma once

#include "errors.h"

#include <string>

namespace mote::cli {

/* There is no such file. */
struct MissingFile : Failure {
    using Failure::Failure;
};

/* Where a file lies that another file, at `path`, names as `name`: in the folder of that file, or below it. Throws
 * Failure for a name that leads elsewhere (absolute, with "..", by a symbolic link) or to what is not a regular file,
 * and where there is none. Shards in a cache are links into the folder where the file itself lies, which is as good. */
std::string file_beside(const std::string &path, const std::string &name);

} // namespace mote::cli
