#include "json_text.h"

#include "container.h"
#include "errors.h"
#include "text_encoding.h"

#include <set>
#include <vector>

namespace mote::cli {

using Json = nlohmann::json;

Json parsed_json(const std::string &text) {
    check_utf8(text);
    std::vector<std::set<std::string>> keys; /* of the objects that are open */
    auto look = [&](int, Json::parse_event_t event, Json &parsed) {
        if (event == Json::parse_event_t::object_start) keys.emplace_back();
        if (event == Json::parse_event_t::object_end) keys.pop_back();
        if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
            throw Failure("two values of " + shown(parsed.get<std::string>()));
        return true;
    };
    try {
        return Json::parse(text, look);
    } catch (const Json::exception &error) {
        throw Failure(std::string("not JSON: ") + error.what());
    }
}

} // namespace mote::cli
