#pragma once

#include "corpus.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

/* Where a model's tokens stand in mote's order: the boundary first, then the characters, sorted. */
struct TokenOrder {
    std::vector<uint32_t> code_points; /* mote's; of the boundary U+000A */
    bool boundary = false;
    std::vector<uint32_t> theirs; /* of mote's token i, the number that it had */
    std::vector<uint32_t> ours;   /* and back */
};

/* The tokens in their order, of the text of a file: of a .json (an object from token to number, from number to token,
 * either of them under "stoi", "itos", "vocab" or "chars", or a list), else the characters of the text. A text may end
 * in a line feed that is not meant: it is left out where `expected` tokens are one less. Throws Failure. Memory: 200
 * times the text. */
std::vector<std::string> tokens_of(const std::string &path, std::string text, uint64_t expected);
std::vector<std::string> tokens_of_json(const std::string &text);
std::vector<std::string> tokens_of_text(std::string text, uint64_t expected);

/* `boundary`: the token that stands between items; where there is none, every token has to be one character. */
TokenOrder order_tokens(const std::vector<std::string> &tokens, const std::optional<std::string> &boundary);

/* A corpus's characters, sorted, as mote train numbers them. */
TokenOrder order_of_corpus(const Corpus &corpus, bool lines);

} // namespace mote::cli
