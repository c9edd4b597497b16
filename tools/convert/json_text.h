#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace mote::cli {

/* Throws Failure for text that is not UTF-8 or no JSON, and for an object with two values of one name, of which one
 * would be lost.
 */
nlohmann::json parsed_json(const std::string &text);

} // namespace mote::cli
