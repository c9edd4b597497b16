#include "text_encoding.h"

#include "errors.h"
#include "utf8_text.h"

namespace mote::cli {

namespace {

constexpr unsigned last_byte_of_blocks = 0x08; /* U+0000 … U+08FF: Latin, Greek, Cyrillic, Hebrew, Arabic */

unsigned byte_at(const std::string &text, size_t at) { return static_cast<unsigned char>(text[at]); }

/* Whether the bytes at `first`, `first` + `step` … are all the upper byte of a character of an alphabet. In UTF-8 they
 * would be control characters. */
bool are_upper_bytes(const std::string &text, size_t first, size_t step) {
    for (size_t at = first; at < text.size(); at += step) {
        if (byte_at(text, at) > last_byte_of_blocks) return false;
    }
    return true;
}

/* Whether half of them are, and none of the others is: a text of an alphabet with signs from elsewhere. One of them has
 * to come twice, since a list of tokens may have each control character once. */
bool are_mostly_upper_bytes(const std::string &text, size_t first) {
    size_t upper = 0, counts[last_byte_of_blocks + 1] = {};
    bool repeated = false;
    for (size_t at = 0; at < text.size(); ++at) {
        unsigned byte = byte_at(text, at);
        if (byte > last_byte_of_blocks) continue;
        if (at % 2 != first) return false;
        ++upper;
        repeated = repeated || ++counts[byte] > 1;
    }
    return repeated && upper >= text.size() / 4 + 1;
}

/* "UTF-16" …; empty where nothing tells of another encoding. */
std::string encoding_of(const std::string &whole) {
    constexpr size_t most_looked_at = 1u << 16;
    const std::string text = whole.substr(0, most_looked_at);
    auto begins = [&](const std::string &mark) { return text.rfind(mark, 0) == 0; };
    if (begins(std::string("\xFF\xFE\0\0", 4)) || begins(std::string("\0\0\xFE\xFF", 4))) return "UTF-32";
    if (begins("\xFF\xFE") || begins("\xFE\xFF")) return "UTF-16";
    size_t size = text.size();
    if (size < 4 || size % 2 != 0) return "";
    bool wide = size % 4 == 0 && ((are_upper_bytes(text, 2, 4) && are_upper_bytes(text, 3, 4)) ||
                                  (are_upper_bytes(text, 0, 4) && are_upper_bytes(text, 1, 4)));
    if (wide) return "UTF-32";
    return are_mostly_upper_bytes(text, 0) || are_mostly_upper_bytes(text, 1) ? "UTF-16" : "";
}

} // namespace

size_t utf8_character_size(std::string_view text) {
    auto byte = [text](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    auto follows = [byte](size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
        return byte(i) >= low && byte(i) <= high;
    };
    unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        bool second = follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF);
        return second && follows(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        bool second = follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
        return second && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

size_t utf8_bytes(std::string_view text) {
    size_t at = 0;
    for (size_t size = 1; at < text.size() && size != 0; at += size) size = utf8_character_size(text.substr(at));
    return at;
}

void check_utf8(const std::string &text) {
    refuse_other_encoding(text);
    size_t at = utf8_bytes(text);
    if (at == text.size()) return;
    throw Failure(not_utf8_text(at, place_at(text, at), byte_at(text, at)));
}

std::string not_utf8_text(size_t offset, const Place &place, unsigned byte) {
    return formatted("not UTF-8 at byte %zu (line %zu, column %zu), which is 0x%02X; save it as UTF-8", offset + 1,
                     place.line, place.column, byte);
}

void refuse_other_encoding(const std::string &text) {
    std::string encoding = encoding_of(text);
    if (!encoding.empty()) throw Failure("is " + encoding + "; save it as UTF-8");
}

void drop_byte_order_mark(std::string &text) {
    if (text.rfind("\xEF\xBB\xBF", 0) == 0) text.erase(0, 3);
}

bool drop_windows_marks(std::string &text) {
    size_t before = text.size();
    drop_byte_order_mark(text);
    size_t to = 0;
    for (size_t from = 0; from < text.size(); ++from) {
        if (text[from] == '\r' && from + 1 < text.size() && text[from + 1] == '\n') continue;
        text[to++] = text[from];
    }
    text.resize(to);
    return text.size() != before;
}

} // namespace mote::cli
