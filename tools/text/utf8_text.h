#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mote::cli {

/* Counted from 1; columns are characters. */
struct Place {
    size_t line;
    size_t column;
};

/* Moves it over the text, which begins with a whole character. */
void move_place(Place &place, std::string_view over);
Place place_at(const std::string &text, size_t offset);

/* The code point at `offset` of text that is UTF-8; moves `offset` to the next. */
uint32_t next_code_point(std::string_view text, size_t &offset);

/* Whether the byte of UTF-8 is neither the first of a character nor alone. */
inline bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; }

/* The end of the character that holds byte `offset`, or `offset` where one begins there or the text ends. */
size_t start_of_character(std::string_view text, size_t offset);

size_t count_code_points(std::string_view text);

/* The lines of a text, without their ends. */
std::vector<std::string> lines_of(const std::string &text);

std::string utf8_of(uint32_t code_point);

/* For a list of characters: 'A', or U+000A where it would not show. */
std::string quoted(uint32_t code_point);

/* True for control characters and other blanks, which are to be shown by their number. */
bool is_invisible(uint32_t code_point);

} // namespace mote::cli
