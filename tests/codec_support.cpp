#include "codec_support.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace mote_test {

namespace {

/* The code point at text[at] of text that is UTF-8; `at` moves behind it. */
uint32_t take_character(const std::string &text, size_t &at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) return lead;
    const int follow = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    uint32_t c = lead & (0x3fu >> follow);
    for (int i = 0; i < follow; ++i) c = c << 6 | (static_cast<unsigned char>(text[at++]) & 0x3fu);
    return c;
}

} // namespace

MessageVocab::MessageVocab(const std::string &characters, uint32_t boundary, Bytes bytes) : vocab_() {
    if (boundary != 0) code_points_.push_back('\n');
    for (size_t at = 0; at < characters.size();) code_points_.push_back(take_character(characters, at));
    const uint32_t first = bytes == NO_BYTES ? 0x100 : bytes == HIGH_BYTES ? 0x80 : 0;
    for (uint32_t byte = first; byte < 0x100; ++byte) code_points_.push_back(MOTE_BYTE_CODE_POINT(byte));
    vocab_ = {code_points_.data(), static_cast<uint32_t>(code_points_.size()), boundary};
}

mote_init sharp_init(uint32_t cell) {
    mote_init init = lively_init(cell);
    init.weights = {MOTE_INIT_NORMAL, cell == MOTE_CELL_NONE ? 4.0f : 1.5f};
    init.biases = {MOTE_INIT_NORMAL, 1.0f};
    return init;
}

Codec::Codec(const Model &model, const mote_codec_options *options) : arena_(mote_codec_bytes(&model.config())) {
    REQUIRE(mote_codec_init(&codec_, &arena_.arena, model.get(), options) == MOTE_OK);
}

std::string pack(const Codec &codec, const std::string &message) {
    const Buffer text(message.data(), message.size());
    Buffer room(static_cast<size_t>(MOTE_PACKET_BYTES(message.size())), 0xee);
    size_t size = 0;
    REQUIRE(mote_compress(codec.get(), text.data(), text.size(), room.data(), room.size(), &size) == MOTE_OK);
    REQUIRE(size <= room.size());
    return {reinterpret_cast<const char *>(room.data()), size};
}

Unpacked unpack(const Codec &codec, const std::string &packet, size_t capacity) {
    const Buffer bytes(packet.data(), packet.size());
    Buffer room(capacity, 0xee);
    size_t size = capacity + 1;
    const mote_status status =
        mote_decompress(codec.get(), bytes.data(), bytes.size(), room.data(), room.size(), &size);
    if (status != MOTE_OK) return {status, ""};
    REQUIRE(size <= capacity);
    return {status, {reinterpret_cast<const char *>(room.data()), size}};
}

std::string draw_message(const Model &model, const mote_vocab &vocab, uint64_t seed, size_t most) {
    const State state(model.get(), model.config());
    mote_rng rng{};
    mote_rng_init(&rng, seed, 3);
    std::string message;
    uint16_t token = 0;
    for (size_t i = 0; i < most; ++i) {
        const float *logits = nullptr;
        REQUIRE(mote_step(state.get(), token, &logits) == MOTE_OK);
        REQUIRE(mote_sample(logits, vocab.count, 1.0f, 0, &rng, &token) == MOTE_OK);
        if (vocab.boundary != 0 && token == 0) break;
        char utf8[4];
        const uint32_t c = vocab.code_points[token];
        if (c >= MOTE_BYTE_CODE_POINT(0) && c <= MOTE_BYTE_CODE_POINT(0xff))
            message += static_cast<char>(c - MOTE_BYTE_CODE_POINT(0));
        else
            message.append(utf8, mote_decode(&vocab, token, utf8));
    }
    return message;
}

std::string random_bytes(Random &random, size_t count) {
    std::string bytes;
    for (size_t i = 0; i < count; ++i) bytes += static_cast<char>(random.below(256));
    return bytes;
}

bool is_utf8(const std::string &text) {
    for (size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (length > text.size() - at) return false;
        size_t behind = at;
        const uint32_t c = take_character(text, behind);
        const bool right =
            (c <= 0x10ffff) && !(c >= 0xd800 && c <= 0xdfff) && encode_utf8(c) == text.substr(at, length);
        if (!right) return false;
        at += length;
    }
    return true;
}

namespace {

MessageModel make(const mote_config &shape, uint32_t boundary, MessageVocab::Bytes bytes) {
    MessageModel made;
    made.vocab = std::make_unique<MessageVocab>("\t !,.01?AEIabcdeinorst~éдно…小😀", boundary, bytes);
    mote_config config = shape;
    config.vocab = made.vocab->count();
    made.model = std::make_unique<Model>(config, config.vocab, &made.vocab->get(), sharp_init(config.cell));
    made.name = describe(config) + (boundary != 0 ? ", boundary" : "");
    return made;
}

} // namespace

const std::vector<MessageModel> &message_models() {
    static const std::vector<MessageModel> models = [] {
        std::vector<MessageModel> all;
        for (const uint32_t boundary : {1u, 0u})
            for (const MessageVocab::Bytes bytes :
                 {MessageVocab::NO_BYTES, MessageVocab::HIGH_BYTES, MessageVocab::ALL_BYTES})
                for (const mote_config &shape :
                     {bigram(2), mlp(2, 3, 4, 8, 1), rnn(2, 0, 12, 1), rnn(2, 5, 9, 2, MOTE_RELU), gru(2, 6, 10, 1)})
                    all.push_back(make(shape, boundary, bytes));
        return all;
    }();
    return models;
}

std::vector<std::string> messages_for(const MessageModel &kind, size_t count) {
    std::vector<std::string> messages = {"",
                                         "a",
                                         "\n",
                                         "\xff",
                                         std::string(1, '\0'),
                                         std::string(3, '\0'),
                                         "\x80",
                                         "no end\nof it",
                                         "\xf4\x8f\xb8\x80" /* U+10FE00 */,
                                         "\xed\xa0\x80"};
    Random random(count);
    for (size_t i = 0; i < count; ++i) {
        std::string drawn = draw_message(*kind.model, kind.vocab->get(), i, 40);
        messages.push_back(drawn);
        if (!drawn.empty()) drawn[random.below(static_cast<uint32_t>(drawn.size()))] = static_cast<char>(random.next());
        messages.push_back(drawn);
        messages.push_back(random_bytes(random, 1 + i % 20));
    }
    return messages;
}

} // namespace mote_test
