// Endings of words and lines: which tokens end them, and which may follow one another.
#ifndef MOTE_ENDING_H
#define MOTE_ENDING_H

#include "spelling.h"

namespace mote {

// Whether a character stands behind the end of a word (MOTE_UNTIL_WORD) or a line.
bool ends(uint32_t character, uint32_t until);
// The same of what a token stands for, a character or a byte.
inline bool token_ends(uint32_t code_point, uint32_t until) {
    return ends(is_byte(code_point) ? byte_of(code_point) : code_point, until);
}
bool has_token_that_ends(const mote_vocab &vocab, uint32_t until);

// The bytes of a character that byte tokens have begun.
struct BegunCharacter {
    uint8_t bytes[3], count;
};
// Whether the token of a code point may follow within an ending: bytes go on to be a character, which neither ends it
// nor has a token of its own. What is then begun.
bool may_follow(const mote_vocab &vocab, uint32_t until, uint32_t code_point, BegunCharacter *begun);

} // namespace mote

#endif
