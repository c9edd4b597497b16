#pragma once

#include "mote.h"

#include <memory>
#include <string>
#include <vector>

namespace mote::cli {

/* How characters are written in a picture: as themselves, as a sign for a blank or a control character, or, where
 * nothing would show or no font has them, by their number. */
class Lettering {
  public:
    /* An SVG leaves the fonts to who shows it; for a PNG they are those of this machine. */
    explicit Lettering(const std::string &picture);

    std::string of(uint32_t code_point);
    /* Of a token; the boundary is '.', or '·' where the vocabulary has a '.'. */
    std::string of(const mote_vocab &vocab, uint32_t token);
    /* Of bytes from outside, as a file's name: what is not UTF-8 becomes '?'. */
    std::string of(std::string text);

  private:
    struct Range {
        uint32_t first, last;
    };

    bool has(uint32_t code_point);

    bool any_font_;                             /* every character can be written */
    std::unique_ptr<std::vector<Range>> fonts_; /* what the fonts have, once it is known */
};

/* True for what is written by its number, and so needs more room than a character. */
bool is_long(const std::string &written);

/* A picture of more characters could not be read. */
constexpr uint32_t most_characters = 512;
void check_drawable(const std::string &name, uint32_t vocab);

} // namespace mote::cli
