#include "corpus.h"

#include "aligned_memory.h"
#include "built_in.h"
#include "byte_tokens.h"
#include "errors.h"
#include "files.h"
#include "json_lines.h"
#include "system_start.h"
#include "text_encoding.h"
#include "utf8_text.h"

#include <algorithm>
#include <cstring>

namespace mote::cli {

const BuiltIn *find_built_in(const std::string &name) {
    for (size_t i = 0; i < built_in_count; ++i) {
        if (name == built_in[i].name) return &built_in[i];
    }
    return nullptr;
}

std::string raw_corpus(const std::string &name) {
    const BuiltIn *found = find_built_in(name);
    if (found == nullptr) return read_text(name);
    return {reinterpret_cast<const char *>(found->bytes), found->count};
}

/* Also the check that the text is UTF-8, to be made before a byte is dropped: places are those in the file. */
static std::vector<uint32_t> different_characters(const std::string &name, const std::string &text) {
    std::vector<uint32_t> code_points(MOTE_MAX_VOCAB);
    size_t count = 0;
    mote_status status = mote_vocab_build(text.data(), text.size(), 0, code_points.data(), code_points.size(), &count);
    try {
        refuse_other_encoding(text);
        if (status == MOTE_ERR_TEXT) check_utf8(text);
    } catch (const Failure &failure) {
        throw Failure(name + ": " + failure.what());
    }
    if (status == MOTE_ERR_CAPACITY) {
        throw Failure(formatted("%s: more than %u different characters", name.c_str(), MOTE_MAX_VOCAB));
    }
    check(status, name);
    code_points.resize(count);
    return code_points;
}

bool has_messages(const std::string &name) { return find_built_in(name) == nullptr && is_json_lines(name); }

bool is_file_of_corpus(const std::string &path, const std::string &corpus) {
    return corpus != "-" && find_built_in(corpus) == nullptr && same_file(path, corpus);
}

Corpus load_corpus(const std::string &name) {
    Corpus corpus{name == "-" ? "standard input" : name, raw_corpus(name), 0, {}};
    corpus.code_points = different_characters(corpus.name, corpus.text);
    if (drop_windows_marks(corpus.text)) corpus.code_points = different_characters(corpus.name, corpus.text);
    if (has_messages(name)) {
        corpus.text = lines_of_messages(messages_of_json_lines(corpus.text, corpus.name));
        corpus.code_points = different_characters(corpus.name, corpus.text);
    }
    if (corpus.text.empty()) throw Failure(corpus.name + ": empty; give one with text in it");
    corpus.hash = mote_fnv1a(MOTE_FNV_START, corpus.text.data(), corpus.text.size());
    return corpus;
}

void check_vocabulary(const Corpus &corpus, bool lines) {
    if (corpus.code_points.size() > 1) return;
    const uint32_t only = corpus.code_points[0];
    if (!lines) throw Failure(corpus.name + ": nothing to learn, its only character is " + quoted(only));
    if (only == '\n') throw Failure(corpus.name + ": no line with a character in it");
}

std::vector<uint32_t> vocabulary_of(const Corpus &corpus, bool lines) {
    check_vocabulary(corpus, lines);
    std::vector<uint32_t> code_points;
    if (lines) code_points.push_back('\n');
    for (uint32_t code_point : corpus.code_points) {
        if (!lines || code_point != '\n') code_points.push_back(code_point);
    }
    if (code_points.size() > MOTE_MAX_VOCAB) {
        throw Failure(formatted("%s: more than %u different characters", corpus.name.c_str(), MOTE_MAX_VOCAB - 1));
    }
    return code_points;
}

/* "'x' (2:14), U+0009 (3:1) and 4 more": each missing character and where it first stands. */
static std::string missing_characters(const std::string &text, const std::vector<uint32_t> &missing) {
    constexpr size_t most_shown = 5;
    std::string list;
    for (size_t i = 0; i < missing.size() && i < most_shown; ++i) {
        Place place = place_at(text, text.find(utf8_of(missing[i])));
        list += (i == 0 ? "" : ", ") + quoted(missing[i]) + formatted(" (%zu:%zu)", place.line, place.column);
    }
    return missing.size() <= most_shown ? list : list + formatted(" and %zu more", missing.size() - most_shown);
}

/* Piece by piece, whose memory goes back to the system: of a large corpus, text and tokens are never there both. */
static std::vector<uint16_t> encode(std::string &text, const mote_vocab &vocab, const std::string &name) {
    constexpr size_t most = 1u << 22;
    std::vector<uint16_t> tokens;
    tokens.reserve(count_code_points(text));
    for (size_t at = 0, end = 0; at < text.size(); at = end) {
        end = start_of_character(text, std::min(at + most, text.size()));
        size_t done = tokens.size(), count = 0;
        tokens.resize(std::min(done + (end - at), tokens.capacity()));
        check(mote_encode(&vocab, text.data() + at, end - at, tokens.data() + done, tokens.size() - done, &count),
              name);
        tokens.resize(done + count);
        give_back(text.data() + at, end - at);
    }
    text = {};
    return tokens;
}

static std::vector<uint32_t> missing_from(const mote_vocab &vocab, const std::vector<uint32_t> &code_points) {
    std::vector<uint32_t> missing;
    for (uint32_t code_point : code_points) {
        if (!has_character(vocab, code_point)) missing.push_back(code_point);
    }
    return missing;
}

std::vector<uint16_t> tokens_of(Corpus &corpus, const mote_vocab &vocab) {
    std::vector<uint32_t> missing = missing_from(vocab, corpus.code_points);
    if (!missing.empty() && has_byte_tokens(vocab)) {
        corpus.text = with_byte_tokens(corpus.text, vocab);
        missing = missing_from(vocab, different_characters(corpus.name, corpus.text));
    }
    if (!missing.empty()) {
        throw Failure(corpus.name + ": the model does not have " + missing_characters(corpus.text, missing) +
                      " (line:column)");
    }
    return encode(corpus.text, vocab, corpus.name);
}

std::vector<uint16_t> tokens_of_argument(const std::string &option, const std::string &text, const mote_vocab &vocab) {
    if (text.empty()) return {};
    std::vector<uint16_t> tokens(count_code_points(text));
    size_t count = 0;
    mote_status status = mote_encode(&vocab, text.data(), text.size(), tokens.data(), tokens.size(), &count);
    if (status == MOTE_ERR_TEXT) throw UsageError(formatted("%s: not UTF-8 at byte %zu", option.c_str(), count + 1));
    if (status == MOTE_ERR_TOKEN) {
        size_t offset = count;
        std::string character = quoted(next_code_point(text, offset));
        throw UsageError(formatted("%s: the model does not have %s (character %zu)", option.c_str(), character.c_str(),
                                   count_code_points(text.substr(0, count)) + 1));
    }
    check(status, option);
    tokens.resize(count);
    return tokens;
}

} // namespace mote::cli
