#include "utf8_text.h"

#include "errors.h"

#include <algorithm>

namespace mote::cli {

void move_place(Place &place, std::string_view over) {
    for (char byte : over) {
        if (byte == '\n') {
            place = {place.line + 1, 1};
        } else if (!continues_character(byte)) {
            ++place.column;
        }
    }
}

Place place_at(const std::string &text, size_t offset) {
    Place place{1, 1};
    move_place(place, std::string_view(text).substr(0, offset));
    return place;
}

uint32_t next_code_point(std::string_view text, size_t &offset) {
    uint32_t first = static_cast<unsigned char>(text[offset++]);
    uint32_t code_point = first < 0x80u   ? first
                          : first < 0xE0u ? first & 0x1Fu
                          : first < 0xF0u ? first & 0x0Fu
                                          : first & 0x07u;
    while (offset < text.size() && continues_character(text[offset])) {
        code_point = code_point << 6 | (static_cast<unsigned char>(text[offset++]) & 0x3Fu);
    }
    return code_point;
}

size_t start_of_character(std::string_view text, size_t offset) {
    while (offset < text.size() && continues_character(text[offset])) ++offset;
    return offset;
}

size_t count_code_points(std::string_view text) {
    size_t count = 0;
    for (char byte : text) count += continues_character(byte) ? 0 : 1;
    return count;
}

std::vector<std::string> lines_of(const std::string &text) {
    std::vector<std::string> lines;
    for (size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
        end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
    }
    return lines;
}

std::string utf8_of(uint32_t code_point) {
    char bytes[4];
    mote_vocab one{&code_point, 1, 0};
    return {bytes, mote_decode(&one, 0, bytes)};
}

bool is_invisible(uint32_t code_point) {
    return code_point < 0x20u || (code_point >= 0x7Fu && code_point <= 0xA0u) || code_point == 0x2028u ||
           code_point == 0x2029u || code_point == 0xFEFFu;
}

std::string quoted(uint32_t code_point) {
    if (is_invisible(code_point)) return formatted("U+%04X", code_point);
    return "'" + utf8_of(code_point) + "'";
}

} // namespace mote::cli
