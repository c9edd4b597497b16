#pragma once

#include "corpus.h"
#include "mote.h"

#include <string>
#include <vector>

namespace mote::cli {

/* A code point that stands for a byte, MOTE_BYTE_CODE_POINT: what a vocabulary lacks is spelled with these. */
bool is_byte_token(uint32_t code_point);
bool has_byte_tokens(const mote_vocab &vocab);
/* True where the code point is a token; where there is a boundary, that is U+000A's. */
bool has_character(const mote_vocab &vocab, uint32_t code_point);

/* True where all bytes of the character are tokens. */
bool can_be_spelled(const mote_vocab &vocab, uint32_t code_point);

/* Text in which each character that the vocabulary lacks, and whose bytes it has as tokens, is spelled by these. Where
 * there is a boundary, U+000A is one and stays. */
std::string with_byte_tokens(const std::string &text, const mote_vocab &vocab);

/* A message within a text of messages, one a line: its own line ends, and characters that would read as byte tokens,
 * are spelled by byte tokens. */
std::string on_a_line(const std::string &message);

/* The other way round: the bytes that byte tokens stand for, UTF-8 or not. */
std::string with_bytes(const std::string &text);
/* The same for the eye: what is not UTF-8 becomes U+FFFD. */
std::string readable(const std::string &text);

/* The code points of the tokens, as vocabulary_of() gives them, but at most `most`: the commonest characters of the
 * corpus, and byte tokens for all bytes of its others. Throws UsageError where so few cannot be enough. */
std::vector<uint32_t> frequent_vocabulary(const Corpus &corpus, bool lines, uint32_t most);

} // namespace mote::cli
