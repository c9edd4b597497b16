#include "name_words.h"

#include <algorithm>
#include <cctype>

namespace mote::cli {

namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool is_number(const std::string &text) { return text.find_first_not_of("0123456789") == std::string::npos; }

} // namespace

std::vector<std::string> components_of(const std::string &name) {
    std::vector<std::string> components(1);
    for (char c : name) {
        if (c == '.' || c == '/') {
            components.emplace_back();
        } else {
            components.back() += c;
        }
    }
    return components;
}

std::vector<std::string> words_of(const std::string &component) {
    std::vector<std::string> words(1);
    char before = 0;
    for (char c : component) {
        bool letter = is_upper(c) || is_lower(c);
        if ((!letter || (is_upper(c) && is_lower(before))) && !words.back().empty()) words.emplace_back();
        if (letter) words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        before = c;
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

bool is_one_of(const std::string &word, const std::vector<const char *> &list) {
    return std::any_of(list.begin(), list.end(), [&](const char *known) { return word == known; });
}

bool any_of(const std::vector<std::string> &words, const std::vector<const char *> &list) {
    return std::any_of(words.begin(), words.end(), [&](const std::string &word) { return is_one_of(word, list); });
}

NameParts::NameParts(const std::string &name) {
    std::vector<std::string> components = components_of(name);
    for (const std::string &component : components) {
        std::vector<std::string> words = words_of(component);
        all_words.insert(all_words.end(), words.begin(), words.end());
    }
    auto tells_nothing = [](const std::string &component) {
        return is_number(component) || is_one_of(component, {"default", "module", "base_layer"});
    };
    components.erase(std::remove_if(components.begin(), components.end(), tells_nothing), components.end());
    if (!components.empty()) {
        parameter = lowered(components.back());
        parameter_words = words_of(components.back());
    }
    if (components.size() > 1) {
        module = lowered(components[components.size() - 2]);
        module_words = words_of(components[components.size() - 2]);
    }
}

std::string shell_word(const std::string &name) {
    auto is_plain = [](char c) {
        return is_upper(c) || is_lower(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 ||
               std::string("._-/:+@%,").find(c) != std::string::npos;
    };
    if (!name.empty() && std::all_of(name.begin(), name.end(), is_plain)) return name;
    std::string word = "'";
    for (char c : name) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + "'";
}

} // namespace mote::cli
