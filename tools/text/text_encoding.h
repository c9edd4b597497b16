#pragma once

#include "utf8_text.h"

#include <string>
#include <string_view>

namespace mote::cli {

/* Throws Failure unless the text is UTF-8: with the byte that is not and its place, or with the encoding where it is
 * UTF-16 or UTF-32, with or without a byte order mark. Of these some texts are UTF-8 too, of characters that no text
 * has. */
void check_utf8(const std::string &text);

/* What it says of the byte at `offset`. */
std::string not_utf8_text(size_t offset, const Place &place, unsigned byte);

/* The part of it that knows UTF-16 and UTF-32, and looks at the beginning of a long text alone. */
void refuse_other_encoding(const std::string &text);

/* The bytes of the UTF-8 character at the start of `text`; 0 where there is none (RFC 3629, section 4). */
size_t utf8_character_size(std::string_view text);

/* How many bytes of the text, from its beginning, are whole characters of UTF-8. */
size_t utf8_bytes(std::string_view text);

/* Drops a byte order mark of UTF-8. */
void drop_byte_order_mark(std::string &text);
/* Drops also the CR of each CR LF, as editors on Windows write them; false where there was nothing to drop. */
bool drop_windows_marks(std::string &text);

} // namespace mote::cli
