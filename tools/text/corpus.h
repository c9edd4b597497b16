#pragma once

#include "character_counts.h"
#include "mote.h"
#include "option_parser.h"
#include "text.h"
#include "tokens.h"

#include <memory>
#include <string>
#include <vector>

namespace mote::cli {

/* A text to learn from or to be measured on: UTF-8, without byte order marks, lines ended by LF. */
struct Corpus {
    std::string name; /* as the user gave it, of several files all of them */
    std::shared_ptr<const Text> text;
    uint64_t hash = 0;                        /* of the text */
    std::vector<CharacterCount> characters{}; /* its different ones, by their code points */
    std::vector<size_t> ends{};               /* of each block of the text: the characters up to its end */
    bool has_messages = false;                /* each line is one */
};

/* For --help: what may be given as a corpus. */
constexpr const char *corpus_help = "a UTF-8 file (JSON lines of messages where its name ends in .jsonl), - for text "
                                    "on the standard input, or a built-in";

/* CORPUS where several may be given, which are read one after another. */
Option add_corpora(CommandLine app, const std::string &name, std::vector<std::string> &corpora,
                   const std::string &help);
/* Throws UsageError where the file that `option` is to write is one of them. */
void check_not_a_corpus(const std::string &option, const std::string &path, const std::vector<std::string> &corpora);
/* "a.txt, b.txt and c.txt", for messages. */
std::string corpus_name(const std::vector<std::string> &names);

/* True where the corpus is JSON lines of messages, which are items: the name decides (json_lines.h). */
bool has_messages(const std::string &name);
/* Throws UsageError where some are and some are not. */
bool have_messages(const std::vector<std::string> &names);

/* What a corpus's name leads to, as it is: a built-in corpus, "-" the standard input, else a file. */
std::string raw_corpus(const std::string &name);

/* Files of more bytes than that in all stay where they are, and are read where they are needed. */
constexpr size_t most_bytes_in_memory = size_t{1} << 25;

/* Of messages, each is a line, and there once. */
Corpus load_corpus(const std::vector<std::string> &names, size_t most_in_memory = most_bytes_in_memory);
Corpus load_corpus(const std::string &name);

/* Throws Failure where the corpus has nothing to tell apart. `lines`: each line is an item. */
void check_vocabulary(const Corpus &corpus, bool lines);

/* The code points of the tokens: the corpus's characters; where each line is an item, token 0 is the boundary. Throws
 * Failure where they are too many; `advice` ends what it says. */
std::vector<uint32_t> vocabulary_of(const Corpus &corpus, bool lines, const std::string &advice = "");

/* Characters that the vocabulary lacks are spelled by byte tokens, or named with their places. A corpus in memory gives
 * up its text for the tokens. */
std::shared_ptr<const Tokens> tokens_of(Corpus &corpus, const mote_vocab &vocab);

/* Of text that came as the argument `option`. */
std::vector<uint16_t> tokens_of_argument(const std::string &option, const std::string &text, const mote_vocab &vocab);

} // namespace mote::cli
