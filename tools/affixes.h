#pragma once

#include <cstddef>
#include <string_view>

namespace mote::cli {

/* Whether the text has `with` at `at`, or at its end. */
inline bool begins_with(std::string_view text, std::string_view with, size_t at = 0) {
    return text.size() >= at && text.compare(at, with.size(), with) == 0;
}
inline bool ends_with(std::string_view text, std::string_view with) {
    return text.size() >= with.size() && text.substr(text.size() - with.size()) == with;
}

} // namespace mote::cli
