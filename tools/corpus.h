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

/* For --help: what may be given as a corpus. */
constexpr const char *corpus_help = "a UTF-8 file (JSON lines of messages where its name ends in .jsonl), - for text "
                                    "on the standard input, or a built-in";

/* True where the corpus is JSON lines of messages, which are items: the name decides (json_lines.h). */
bool has_messages(const std::string &name);

/* What a corpus's name leads to, as it is: a built-in corpus, "-" the standard input, else a file. */
std::string raw_corpus(const std::string &name);

/* True where the corpus of that name is read from the file at `path`, which must not be written then. */
bool is_file_of_corpus(const std::string &path, const std::string &corpus);

/* Of messages, each is a line, and there once. */
Corpus load_corpus(const std::string &name);

/* Throws Failure where the corpus has nothing to tell apart. `lines`: each line is an item. */
void check_vocabulary(const Corpus &corpus, bool lines);

/* The code points of the tokens: the corpus's characters; where each line is an item, token 0 is the boundary. */
std::vector<uint32_t> vocabulary_of(const Corpus &corpus, bool lines);

/* Characters that the vocabulary lacks are spelled by byte tokens, or named with their places. The corpus gives up its
 * text for the tokens: of a large one, both would be more than is needed. */
std::vector<uint16_t> tokens_of(Corpus &corpus, const mote_vocab &vocab);

/* Of text that came as the argument `option`. */
std::vector<uint16_t> tokens_of_argument(const std::string &option, const std::string &text, const mote_vocab &vocab);

} // namespace mote::cli
