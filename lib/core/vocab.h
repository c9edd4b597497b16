// Characters: UTF-8, and the sorted code points that tokens stand for.
#ifndef MOTE_VOCAB_H
#define MOTE_VOCAB_H

#include "mote.h"
#include "port.h"

namespace mote {

constexpr uint32_t kBoundary = 0x0a;            // the code point of the boundary token
constexpr uint32_t kNotCharacter = 0xffffffffu; // where text is not UTF-8

// The character at text[*at], *at moved behind it; kNotCharacter, *at unmoved, for what is not UTF-8 (RFC 3629).
uint32_t next_character(const unsigned char *text, size_t bytes, size_t *at);
// False: the vocabulary does not have the character.
bool find_token(const mote_vocab &vocab, uint32_t c, uint32_t *token);

// Sorted scalar values, each once, the boundary first where there is one.
bool valid(const mote_vocab &vocab);

} // namespace mote

#endif
