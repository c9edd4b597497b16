#include "source_names.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iterator>

namespace mote::cli {

namespace {

/* Those of C, without their extension: a compiler that searches the folder of an export first would take it for them.
 */
constexpr const char *standard_headers[] = {
    "assert", "complex", "ctype",     "errno",  "fenv",   "float",    "inttypes", "iso646",
    "limits", "locale",  "math",      "setjmp", "signal", "stdalign", "stdarg",   "stdatomic",
    "stdbit", "stdbool", "stdckdint", "stddef", "stdint", "stdio",    "stdlib",   "stdnoreturn",
    "string", "tgmath",  "threads",   "time",   "uchar",  "wchar",    "wctype"};

/* The library's: mote.h, what it includes, and what stands beside it. */
constexpr const char *library_headers[] = {"mote",          "mote_adapter", "mote_data", "mote_format", "mote_journal",
                                           "mote_messages", "mote_model",   "mote_run",  "mote_shards", "mote_sizes",
                                           "mote_slices",   "mote_text",    "mote_train"};

bool is_letter_or_digit(char c) {
    return static_cast<unsigned char>(c) < 0x80 && std::isalnum(static_cast<unsigned char>(c)) != 0;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool is_of_the_library(const std::string &name) {
    std::string small = lower(name);
    return small == "mote" || small.rfind("mote_", 0) == 0;
}

} // namespace

bool is_identifier(const std::string &name) {
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) != 0) return false;
    return std::all_of(name.begin(), name.end(), [](char c) { return c == '_' || is_letter_or_digit(c); });
}

std::string why_reserved(const std::string &name) {
    if (is_of_the_library(name)) return "names that begin with mote_ or MOTE_ are the library's";
    if (name.front() == '_' || name.back() == '_' || name.find("__") != std::string::npos)
        return "a name that begins or ends with _, or has two in a row, makes names that are the compiler's";
    return "";
}

std::string usable_name(const std::string &text) {
    std::string name;
    for (char c : text) {
        bool separator = !is_letter_or_digit(c);
        if (separator && (name.empty() || name.back() == '_')) continue;
        name += separator ? '_' : c;
    }
    if (!name.empty() && name.back() == '_') name.pop_back();
    if (name.empty()) return "model";
    return is_identifier(name) && !is_of_the_library(name) ? name : "m_" + name;
}

std::string name_from(const std::string &path) { return usable_name(std::filesystem::u8path(path).stem().u8string()); }

bool is_section(const std::string &name) {
    auto taken = [](char c) { return is_letter_or_digit(c) || std::string("_.$-").find(c) != std::string::npos; };
    return !name.empty() && std::all_of(name.begin(), name.end(), taken);
}

bool hides_another_header(const std::string &file_name) {
    const std::filesystem::path path = std::filesystem::u8path(lower(file_name));
    if (path.extension() != ".h") return false;
    std::string stem = path.stem().u8string();
    auto is_among = [&stem](const auto &names) {
        return std::find(std::begin(names), std::end(names), stem) != std::end(names);
    };
    return is_among(library_headers) || is_among(standard_headers);
}

} // namespace mote::cli
