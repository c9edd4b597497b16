#pragma once

#include "mote.h"

#include <string>
#include <vector>

namespace mote::cli {

/* A text to learn from or to be measured on: UTF-8, without a byte order mark, lines ended by LF. */
struct Corpus {
    std::string name; /* as the user gave it */
    std::string text;
    uint64_t hash;                     /* of the text */
    std::vector<uint32_t> code_points; /* its different characters, sorted */
};

/* True where the corpus is JSON lines of messages, which are items (json_lines.h). */
bool has_messages(const std::string &name);

/* `name`: a built-in corpus, "-" for the standard input, or a file. Of messages, each is a line, and there once. */
Corpus load_corpus(const std::string &name);

/* The code points of the tokens: the corpus's characters; where each line is an item, token 0 is the boundary. Refuses
 * a corpus that has nothing to tell apart. */
std::vector<uint32_t> vocabulary_of(const Corpus &corpus, bool lines);

/* Characters that the vocabulary lacks are spelled by byte tokens, or named with their places. The corpus gives up its
 * text for the tokens: of a large one, both would be more than is needed. */
std::vector<uint16_t> tokens_of(Corpus &corpus, const mote_vocab &vocab);

/* Of text that came as the argument `option`. */
std::vector<uint16_t> tokens_of_argument(const std::string &option, const std::string &text, const mote_vocab &vocab);

} // namespace mote::cli
