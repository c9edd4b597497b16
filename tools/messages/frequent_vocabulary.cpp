#include "byte_tokens.h"
#include "errors.h"
#include "utf8_text.h"

#include <algorithm>

namespace mote::cli {

namespace {

/* The characters of a text, the commonest first, of equally common ones the lower first; what are byte tokens already
 * apart. */
struct Counted {
    std::vector<uint32_t> characters;
    bool bytes[256] = {};
    uint32_t byte_count = 0;

    void add_bytes_of(uint32_t code_point) {
        for (char byte : utf8_of(code_point)) add_byte(static_cast<unsigned char>(byte));
    }
    void add_byte(uint32_t byte) {
        byte_count += bytes[byte] ? 0 : 1;
        bytes[byte] = true;
    }
};

Counted count(const std::vector<CharacterCount> &characters, bool lines) {
    Counted counted;
    std::vector<CharacterCount> common;
    for (const CharacterCount &character : characters) {
        if (lines && character.code_point == '\n') continue;
        if (is_byte_token(character.code_point)) {
            counted.add_byte(character.code_point - MOTE_BYTE_CODE_POINT(0));
        } else {
            common.push_back(character);
        }
    }
    std::stable_sort(common.begin(), common.end(),
                     [](const CharacterCount &a, const CharacterCount &b) { return a.times > b.times; });
    for (const CharacterCount &character : common) counted.characters.push_back(character.code_point);
    return counted;
}

} // namespace

std::vector<uint32_t> frequent_vocabulary(const Corpus &corpus, bool lines, uint32_t most) {
    check_vocabulary(corpus, lines);
    Counted counted = count(corpus.characters, lines);
    std::vector<uint32_t> &kept = counted.characters;
    size_t fewest = SIZE_MAX;
    for (;; kept.pop_back()) {
        size_t tokens = (lines ? 1 : 0) + kept.size() + counted.byte_count;
        fewest = std::min(fewest, tokens);
        if (tokens <= most) break;
        if (kept.empty()) {
            throw UsageError(
                formatted("--vocab-size %u: too few for this text, which needs %zu or more", most, fewest));
        }
        counted.add_bytes_of(kept.back());
    }
    for (uint32_t byte = 0; byte < 256; ++byte) {
        if (counted.bytes[byte]) kept.push_back(MOTE_BYTE_CODE_POINT(byte));
    }
    std::sort(kept.begin(), kept.end());
    if (lines) kept.insert(kept.begin(), '\n');
    return kept;
}

} // namespace mote::cli
