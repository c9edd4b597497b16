#include "corpus.h"

#include "byte_tokens.h"
#include "encoded_text.h"
#include "errors.h"
#include "utf8_text.h"

#include <algorithm>

namespace mote::cli {

void check_vocabulary(const Corpus &corpus, bool lines) {
    if (corpus.characters.size() > 1) return;
    const uint32_t only = corpus.characters[0].code_point;
    if (!lines) throw Failure(corpus.name + ": nothing to learn, its only character is " + quoted(only));
    if (only == '\n') throw Failure(corpus.name + ": no line with a character in it");
}

std::vector<uint32_t> vocabulary_of(const Corpus &corpus, bool lines) {
    check_vocabulary(corpus, lines);
    std::vector<uint32_t> code_points;
    if (lines) code_points.push_back('\n');
    for (const CharacterCount &character : corpus.characters) {
        if (!lines || character.code_point != '\n') code_points.push_back(character.code_point);
    }
    if (code_points.size() > MOTE_MAX_VOCAB) {
        throw Failure(formatted("%s: more than %u different characters; give --vocab-size N, so that the rarest are "
                                "spelled by bytes",
                                corpus.name.c_str(), lines ? MOTE_MAX_VOCAB - 1 : MOTE_MAX_VOCAB));
    }
    return code_points;
}

namespace {

struct Found {
    uint32_t code_point;
    std::string where; /* empty: nowhere yet */
};

void look_through(std::string_view block, const std::string &piece, Place &place, std::vector<Found> &wanted) {
    for (size_t at = 0; at < block.size();) {
        const size_t begin = at;
        const uint32_t code_point = next_code_point(block, at);
        for (Found &one : wanted)
            if (one.code_point == code_point && one.where.empty())
                one.where = (piece.empty() ? "" : piece + ":") + formatted("%zu:%zu", place.line, place.column);
        move_place(place, block.substr(begin, at - begin));
    }
}

/* "'x' (2:14), U+0009 (3:1) and 4 more": each missing character and where it first stands. */
std::string missing_characters(const Text &text, const std::vector<uint32_t> &missing) {
    constexpr size_t most_shown = 5;
    std::vector<Found> shown;
    for (size_t i = 0; i < missing.size() && i < most_shown; ++i) shown.push_back({missing[i], ""});
    auto all_found = [&] {
        return std::none_of(shown.begin(), shown.end(), [](const Found &one) { return one.where.empty(); });
    };
    Place place{1, 1};
    std::string room;
    for (size_t i = 0; i < text.blocks() && !all_found(); ++i) {
        if (text.begins_piece(i)) place = {1, 1};
        look_through(text.block(i, room), text.piece_name(i), place, shown);
    }
    std::string list;
    for (const Found &one : shown) list += (list.empty() ? "" : ", ") + quoted(one.code_point) + " (" + one.where + ")";
    return missing.size() <= most_shown ? list : list + formatted(" and %zu more", missing.size() - most_shown);
}

} // namespace

std::shared_ptr<const Tokens> tokens_of(Corpus &corpus, const mote_vocab &vocab) {
    std::vector<uint32_t> missing;
    bool spelled = false;
    for (const CharacterCount &character : corpus.characters) {
        if (has_character(vocab, character.code_point)) continue;
        if (can_be_spelled(vocab, character.code_point))
            spelled = true;
        else
            missing.push_back(character.code_point);
    }
    if (!missing.empty())
        throw Failure(corpus.name + ": the model does not have " + missing_characters(*corpus.text, missing) +
                      " (line:column)");
    const bool in_memory = corpus.text->is_in_memory();
    auto tokens =
        std::make_shared<EncodedText>(std::move(corpus.text), std::move(corpus.ends), vocab, spelled, corpus.name);
    corpus.text = nullptr;
    if (!in_memory) return tokens;
    return std::make_shared<TokensInMemory>(TokenView::of(*tokens).all());
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
