#include "json_lines.h"

#include "byte_tokens.h"
#include "errors.h"

#include <nlohmann/json.hpp>

#include <set>

namespace mote::cli {

namespace {

constexpr const char *blanks = " \t\r";
constexpr const char *extension = ".jsonl";

std::string message_of(const std::string &line, const std::string &place) {
    nlohmann::json value = nlohmann::json::parse(line, nullptr, false);
    if (value.is_object() && value.contains("text")) value = nlohmann::json(value["text"]);
    if (!value.is_string()) {
        throw Failure(place + ": not JSON with a message, as {\"text\": \"hello\"} or \"hello\"");
    }
    return value.get<std::string>();
}

} // namespace

bool is_json_lines(const std::string &name) {
    const std::string end = extension;
    return name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
}

std::vector<std::string> messages_of_json_lines(const std::string &text, const std::string &name) {
    std::vector<std::string> messages;
    size_t number = 0;
    for (size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
        end = std::min(text.find('\n', begin), text.size());
        std::string line = text.substr(begin, end - begin);
        ++number;
        if (line.find_first_not_of(blanks) == std::string::npos) continue;
        messages.push_back(message_of(line, formatted("%s: line %zu", name.c_str(), number)));
    }
    return messages;
}

std::string lines_of_messages(const std::vector<std::string> &messages) {
    std::set<std::string> met;
    std::string text;
    for (const std::string &message : messages) {
        if (!message.empty() && met.insert(message).second) text += on_a_line(message) + "\n";
    }
    return text;
}

} // namespace mote::cli
