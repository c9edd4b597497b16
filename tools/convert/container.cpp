#include "container.h"

#include "errors.h"
#include "text_encoding.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace mote::cli {

namespace {

constexpr size_t most_shown = 200, longest_name = 1024;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

} // namespace

uint64_t little_endian(const char *bytes, size_t size) {
    uint64_t number = 0;
    for (size_t i = 0; i < size; ++i) number |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return number;
}

const unsigned char *bytes_of(const std::string &memory) {
    return reinterpret_cast<const unsigned char *>(memory.data());
}

std::string shown(std::string_view text) {
    nlohmann::json quoted = std::string(text.substr(0, most_shown)) + (text.size() > most_shown ? "…" : "");
    return quoted.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void check_name(std::string_view name) {
    if (name.empty()) throw Failure("a tensor without a name");
    if (name.size() > longest_name) throw Failure("the name " + shown(name) + " is longer than 1024 bytes");
    for (size_t i = 0; i < name.size();) {
        size_t size = utf8_character_size(name.substr(i));
        if (size == 0) throw Failure("the name " + shown(name) + " is not UTF-8");
        if (is_control(name[i])) throw Failure("the name " + shown(name) + " holds a control character");
        i += size;
    }
}

void check_names_differ(std::vector<std::string_view> names) {
    std::sort(names.begin(), names.end());
    auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) throw Failure("two tensors are named " + shown(*twice));
}

void check_names_differ(const ForeignFile &file) {
    std::vector<std::string_view> names;
    names.reserve(file.tensors.size());
    for (const ForeignTensor &tensor : file.tensors) names.emplace_back(tensor.name);
    check_names_differ(std::move(names));
}

} // namespace mote::cli
