#pragma once

#include <optional>
#include <string>

namespace mote::cli {

/* Base64 with - and _ and without padding (RFC 4648, section 5), for links that carry text. */
std::string base64url(const std::string &bytes);
/* Nothing where the text is no base64url; padding that makes its length a multiple of 4 is taken. */
std::optional<std::string> bytes_of_base64url(std::string text);

} // namespace mote::cli
