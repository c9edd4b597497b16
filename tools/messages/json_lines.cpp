#include "json_lines.h"

#include "byte_tokens.h"
#include "errors.h"
#include "utf8_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace mote::cli {

namespace {

constexpr const char *blanks = " \t\r";
constexpr const char *extension = ".jsonl";
constexpr const char *wanted = "; a line is as {\"text\": \"hello\"} or \"hello\"";

std::string message_of(const std::string &line, const std::string &place) {
    const nlohmann::json value = nlohmann::json::parse(line, nullptr, false);
    if (value.is_discarded()) throw Failure(place + ": not JSON" + wanted);
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_object()) throw Failure(place + ": a JSON " + value.type_name() + ", which is no message" + wanted);
    if (!value.contains("text")) throw Failure(place + ": a JSON object without \"text\"" + wanted);
    const nlohmann::json &text = value["text"];
    if (!text.is_string()) throw Failure(place + ": its \"text\" is a JSON " + text.type_name() + wanted);
    return text.get<std::string>();
}

/* As an extension of a file's name is compared. */
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

} // namespace

bool is_json_lines(const std::string &name) {
    const std::string end = extension;
    return name.size() > end.size() &&
           std::equal(end.rbegin(), end.rend(), name.rbegin(), [](char a, char b) { return a == lower(b); });
}

std::vector<std::string> messages_of_json_lines(const std::string &text, const std::string &name) {
    std::vector<std::string> messages;
    size_t number = 0;
    for (const std::string &line : lines_of(text)) {
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
