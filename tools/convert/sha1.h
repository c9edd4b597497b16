#pragma once

#include <string>

namespace mote::cli {

/* The SHA-1 digest of these bytes (FIPS 180-4) in 40 lower-case hexadecimal digits. It finds damage, not malice. */
std::string sha1(const std::string &bytes);

} // namespace mote::cli
