#include "support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace mote_test;

namespace {

struct Built {
    mote_status status;
    size_t count;
    std::vector<uint32_t> code_points;
    mote_vocab vocab(uint32_t boundary = 0) const {
        return {code_points.data(), static_cast<uint32_t>(code_points.size()), boundary};
    }
};

Built build(const std::string &text, uint32_t boundary = 0, size_t capacity = MOTE_MAX_VOCAB) {
    Built built{MOTE_OK, 0, std::vector<uint32_t>(capacity)};
    built.status =
        mote_vocab_build(text.data(), text.size(), boundary, built.code_points.data(), capacity, &built.count);
    built.code_points.resize(built.status == MOTE_OK ? built.count : 0);
    return built;
}

struct Encoded {
    mote_status status;
    size_t count;
    std::vector<uint16_t> tokens;
};

Encoded encode(const mote_vocab &vocab, const std::string &text) {
    Encoded encoded{MOTE_OK, 0, std::vector<uint16_t>(text.size() + 1)};
    encoded.status =
        mote_encode(&vocab, text.data(), text.size(), encoded.tokens.data(), encoded.tokens.size(), &encoded.count);
    encoded.tokens.resize(encoded.status == MOTE_OK ? encoded.count : 0);
    return encoded;
}

std::string decode(const mote_vocab &vocab, const std::vector<uint16_t> &tokens) {
    std::string text;
    for (const uint16_t token : tokens) {
        char utf8[4];
        text.append(utf8, mote_decode(&vocab, token, utf8));
    }
    return text;
}

bool surrogate(uint32_t c) { return c >= 0xd800 && c <= 0xdfff; }

} // namespace

TEST_CASE("every scalar value goes from text to token and back") {
    size_t wrong = 0;
    uint32_t c = 0;
    while (c <= 0x10ffff) {
        std::string text;
        std::vector<uint32_t> wanted;
        for (; c <= 0x10ffff && wanted.size() < MOTE_MAX_VOCAB; ++c) {
            if (surrogate(c)) continue;
            wanted.push_back(c);
            text += encode_utf8(c);
        }
        const Built built = build(text);
        REQUIRE(built.status == MOTE_OK);
        REQUIRE(built.code_points == wanted);
        const Encoded encoded = encode(built.vocab(), text);
        REQUIRE(encoded.status == MOTE_OK);
        REQUIRE(encoded.count == wanted.size());
        for (size_t i = 0; i < encoded.count; ++i) wrong += encoded.tokens[i] != i;
        REQUIRE(decode(built.vocab(), encoded.tokens) == text);
    }
    CHECK(wrong == 0);
}

TEST_CASE("a vocabulary is sorted and holds each character once, in whatever order the text has them") {
    const Built built = build("zebra, \xce\xb2\xce\xb1 \xf0\x9f\x98\x80 aé", 0);
    REQUIRE(built.status == MOTE_OK);
    CHECK(std::is_sorted(built.code_points.begin(), built.code_points.end()));
    CHECK(std::adjacent_find(built.code_points.begin(), built.code_points.end()) == built.code_points.end());
    CHECK(built.code_points == std::vector<uint32_t>{' ', ',', 'a', 'b', 'e', 'r', 'z', 0xe9, 0x3b1, 0x3b2, 0x1f600});
}

TEST_CASE("NUL is a character like any other") {
    const std::string text("a\0b", 3);
    const Built built = build(text);
    CHECK(built.code_points == std::vector<uint32_t>{0, 'a', 'b'});
    CHECK(encode(built.vocab(), text).tokens == std::vector<uint16_t>{1, 0, 2});
    CHECK(decode(built.vocab(), {1, 0, 2}) == text);
}

TEST_CASE("with a boundary, token 0 is the newline and the others are sorted after it") {
    const Built built = build("b\na\t", 1);
    CHECK(built.code_points == std::vector<uint32_t>{'\n', '\t', 'a', 'b'});
    CHECK(encode(built.vocab(1), "a\nb\t").tokens == std::vector<uint16_t>{2, 0, 3, 1});
    CHECK(decode(built.vocab(1), {0, 2}) == "\na");
    CHECK(build("", 1).code_points == std::vector<uint32_t>{'\n'});
    CHECK(build("", 0).code_points.empty());
    CHECK(build("a\n", 0).code_points == std::vector<uint32_t>{'\n', 'a'});
}

TEST_CASE("text that is not UTF-8 is refused with the place of the first byte that is not") {
    const std::vector<std::string> invalid = {
        "\x80",
        "\xbf", /* stray */
        "\xc0\x80",
        "\xc1\xbf", /* overlong, two bytes */
        "\xe0\x80\x80",
        "\xe0\x9f\xbf", /* overlong, three bytes */
        "\xf0\x80\x80\x80",
        "\xf0\x8f\xbf\xbf", /* overlong, four bytes */
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xed\xa0\x80\xed\xb0\x80", /* surrogates */
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xf7\xbf\xbf\xbf", /* above U+10FFFF */
        "\xf8\x88\x80\x80\x80",
        "\xfc\x84\x80\x80\x80\x80",
        "\xfe",
        "\xff", /* no lead bytes */
        "\xc3",
        "\xe2\x82",
        "\xe2",
        "\xf0\x9f\x98",
        "\xf0\x9f",
        "\xf0", /* cut short */
        "\xc3"
        "a",
        "\xe2\x82"
        "a",
        "\xe2"
        "a",
        "\xf0\x9f\x98"
        "a",
        "\xf0\x9f"
        "a",
        "\xf0"
        "a",
        "\xc3\xc3",
        "\xe2\x82\xe2",
        "\xf0\x9f\x98\xf0", /* the next one begins too early */
    };
    const Built vocabulary = build("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    for (const std::string &form : invalid) {
        for (const std::string before : {"", "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) {
            for (const std::string after : {"", "a"}) {
                /* The last byte of the buffer is the last of the heap block: reading on is seen. */
                const std::string text = before + form + after;
                const Buffer exact(text.data(), text.size());
                const char *utf8 = reinterpret_cast<const char *>(exact.data());
                uint32_t code_points[8];
                uint16_t tokens[16];
                size_t count = 0;
                CHECK(mote_vocab_build(utf8, text.size(), 0, code_points, 8, &count) == MOTE_ERR_TEXT);
                CHECK(count == before.size());
                const mote_vocab vocab = vocabulary.vocab();
                CHECK(mote_encode(&vocab, utf8, text.size(), tokens, 16, &count) == MOTE_ERR_TEXT);
                CHECK(count == before.size());
            }
        }
    }
}

TEST_CASE("the least and greatest character of each length is UTF-8") {
    for (const uint32_t c :
         {0x0u, 0x7fu, 0x80u, 0x7ffu, 0x800u, 0xd7ffu, 0xe000u, 0xfffdu, 0xffffu, 0x10000u, 0x10ffffu})
        CHECK(build(encode_utf8(c)).code_points == std::vector<uint32_t>{c});
}

TEST_CASE("a character that the vocabulary lacks is refused with its place") {
    const Built built = build("abd\xe2\x82\xac");
    const mote_vocab vocab = built.vocab();
    for (const std::string missing : {"c", "A", "~", "\xc3\xa9", "\xe2\x82\xad", "\xf0\x9f\x98\x80"}) {
        const Encoded encoded = encode(vocab, "a\xe2\x82\xac" + missing + "b");
        CHECK(encoded.status == MOTE_ERR_TOKEN);
        CHECK(encoded.count == 4);
    }
}

TEST_CASE("encoding into too little room says how much is needed and writes no further") {
    const Built built = build("ab");
    const mote_vocab vocab = built.vocab();
    size_t count = 0;
    CHECK(mote_encode(&vocab, "abba", 4, nullptr, 0, &count) == MOTE_ERR_CAPACITY);
    CHECK(count == 4);
    for (size_t room = 0; room < 4; ++room) {
        Buffer tokens(2 * room);
        count = 0;
        CHECK(mote_encode(&vocab, "abba", 4, reinterpret_cast<uint16_t *>(tokens.data()), room, &count) ==
              MOTE_ERR_CAPACITY);
        CHECK(count == 4);
    }
    Buffer tokens(8);
    CHECK(mote_encode(&vocab, "abba", 4, reinterpret_cast<uint16_t *>(tokens.data()), 4, &count) == MOTE_OK);
    CHECK(mote_encode(&vocab, "", 0, nullptr, 0, &count) == MOTE_OK);
    CHECK(count == 0);
}

TEST_CASE("a vocabulary that does not fit its room is refused") {
    CHECK(build("abc", 0, 3).status == MOTE_OK);
    CHECK(build("abc", 0, 2).status == MOTE_ERR_CAPACITY);
    CHECK(build("a\nb", 1, 3).status == MOTE_OK);
    CHECK(build("a\nb", 1, 2).status == MOTE_ERR_CAPACITY);
    CHECK(build("aaaaab", 0, 2).status == MOTE_OK);
}

TEST_CASE("a text of more characters than a token can number is refused") {
    std::string text;
    for (uint32_t c = 0x10000; c < 0x10000 + MOTE_MAX_VOCAB; ++c) text += encode_utf8(c);
    CHECK(build(text).status == MOTE_OK);
    CHECK(build(text + "a", 0, MOTE_MAX_VOCAB + 1).status != MOTE_OK);
    CHECK(build(text, 1, MOTE_MAX_VOCAB + 1).status != MOTE_OK);
}

TEST_CASE("tokens that the vocabulary does not have decode to nothing") {
    const Built built = build("ab");
    const mote_vocab vocab = built.vocab();
    char utf8[4] = {'x', 'x', 'x', 'x'};
    CHECK(mote_decode(&vocab, 1, utf8) == 1);
    CHECK(mote_decode(&vocab, 2, utf8) == 0);
    CHECK(mote_decode(&vocab, 0xffff, utf8) == 0);
}

TEST_CASE("a model takes only a vocabulary of its own size, sorted, each character once, all of them scalar values") {
    const mote_config config = rnn(4, 0, 3, 1);
    const mote_init init = lively_init();
    const auto accepts = [&](std::vector<uint32_t> code_points, uint32_t boundary) {
        Arena arena(mote_model_bytes(&config));
        const mote_vocab vocab{code_points.data(), static_cast<uint32_t>(code_points.size()), boundary};
        mote_model *model = nullptr;
        const mote_status status = mote_model_random(&model, &arena.arena, &config, &vocab, &init, 1);
        CHECK((status == MOTE_OK || status == MOTE_ERR_ARG));
        return status == MOTE_OK;
    };
    CHECK(accepts({'a', 'b', 'c', 'd'}, 0));
    CHECK(accepts({'\n', 'b', 'c', 'd'}, 1));
    CHECK(accepts({'\n', '\t', 'c', 0x10ffff}, 1));
    CHECK_FALSE(accepts({'a', 'b', 'c'}, 0));
    CHECK_FALSE(accepts({'a', 'b', 'c', 'd', 'e'}, 0));
    CHECK_FALSE(accepts({'b', 'a', 'c', 'd'}, 0));
    CHECK_FALSE(accepts({'a', 'b', 'b', 'c'}, 0));
    CHECK_FALSE(accepts({'a', 'b', 'c', 0x110000}, 0));
    CHECK_FALSE(accepts({'a', 'b', 'c', 0xd800}, 0));
    CHECK_FALSE(accepts({'a', 'b', 'c', 0xdfff}, 0));
    CHECK_FALSE(accepts({'a', 'b', 'c', 0xffffffff}, 0));
    CHECK_FALSE(accepts({'a', 'b', 'c', 'd'}, 1));
    CHECK_FALSE(accepts({'\n', '\t', '\n', 'd'}, 1));
    CHECK_FALSE(accepts({'a', 'b', 'c', 'd'}, 2));
}

TEST_CASE("a model gives its characters back, and one without characters has none") {
    const mote_config config = rnn(9, 0, 3, 1);
    const Alphabet alphabet(9, 1);
    const Model with(config, 1, &alphabet.vocab());
    mote_vocab vocab{};
    REQUIRE(mote_model_vocab(with.get(), &vocab) == MOTE_OK);
    CHECK(vocab.count == 9);
    CHECK(vocab.boundary == 1);
    CHECK(vocab.code_points != alphabet.vocab().code_points);
    CHECK(std::equal(vocab.code_points, vocab.code_points + 9, alphabet.vocab().code_points));

    const Model without(config);
    REQUIRE(mote_model_vocab(without.get(), &vocab) == MOTE_OK);
    CHECK(vocab.count == 0);
    uint16_t token = 0;
    size_t count = 0;
    char utf8[4];
    CHECK(mote_encode(&vocab, "a", 1, &token, 1, &count) == MOTE_ERR_ARG);
    CHECK(mote_decode(&vocab, 0, utf8) == 0);
}
