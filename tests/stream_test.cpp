/* Streams: what is written comes back, whatever the blocks, and how long it is. */
#include "stream_support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace mote_test;

namespace {

std::string joined(const std::vector<std::string> &messages) {
    std::string text;
    for (const std::string &message : messages) text += message + "\n";
    return text;
}

size_t blocks_of(size_t bytes, size_t size) { return (bytes + size - 1) / size; }

void check_comes_back(const Stream &stream, const std::string &text, size_t size) {
    const std::string bytes = write_stream(stream, text, size);
    CHECK(bytes.size() <=
          text.size() + MOTE_STREAM_HEAD_BYTES + MOTE_STREAM_END_BYTES + 8 * blocks_of(text.size(), size));
    const StreamText back = read_stream(stream, bytes);
    CHECK(back.status == MOTE_OK);
    CHECK(back.ended);
    CHECK(back.text == text);
}

mote_status init_in(size_t bytes, const mote_model *model) {
    Arena arena(bytes, 0xdd);
    mote_stream *stream = nullptr;
    const mote_status status = mote_stream_init(&stream, &arena.arena, model);
    if (status == MOTE_ERR_ARENA) CHECK(arena.arena.needed == bytes + 1);
    if (status != MOTE_OK) CHECK(arena.memory.filled_with(0xdd));
    return status;
}

/* The surprise of a text's tokens, read from the zero state on behind token 0, in bits. */
double bits_of(const MessageModel &kind, const std::string &text) {
    const mote_vocab &vocab = kind.vocab->get();
    const State state(kind.model->get(), kind.model->config());
    std::vector<uint16_t> tokens(text.size() + 1, 0);
    size_t count = 0;
    REQUIRE(mote_encode(&vocab, text.data(), text.size(), tokens.data() + 1, text.size(), &count) == MOTE_OK);
    std::vector<float> nats(count);
    REQUIRE(mote_score(state.get(), tokens.data(), count + 1, nats.data(), nullptr) == MOTE_OK);
    double bits = 0;
    for (const float each : nats) bits += std::min(static_cast<double>(each) / std::log(2.0), 16.0);
    return bits;
}

/* What the model itself would say. */
std::string own_text(const MessageModel &kind, size_t most) {
    const mote_vocab &vocab = kind.vocab->get();
    const State state(kind.model->get(), kind.model->config());
    mote_rng rng{};
    mote_rng_init(&rng, 7, 3);
    std::string text;
    uint16_t token = 0;
    while (text.size() < most) {
        const float *logits = nullptr;
        char utf8[4];
        REQUIRE(mote_step(state.get(), token, &logits) == MOTE_OK);
        REQUIRE(mote_sample(logits, vocab.count, 1.0f, 0, &rng, &token) == MOTE_OK);
        text.append(utf8, mote_decode(&vocab, token, utf8));
    }
    return text;
}

/* What blocks of about `size` bytes, which cut no character, take beside what stands around them: a head of 2 numbers
 * and a check. */
size_t bytes_of_bodies(const Stream &stream, const std::string &text, size_t size) {
    Buffer head(MOTE_STREAM_HEAD_BYTES);
    REQUIRE(mote_stream_start(stream.get(), head.data()) == MOTE_OK);
    size_t bodies = 0;
    for (size_t at = 0, next = 0; at < text.size(); at = next) {
        next = std::min(at + size, text.size());
        while ((text[next] & 0xc0) == 0x80) ++next;
        bodies += write_block(stream, text.substr(at, next - at)).size() - 2 - (next - at < 64 ? 2 : 4);
    }
    return bodies;
}

/* Models without byte tokens. Of ReLU some grow without a bound on long texts. */
std::vector<const MessageModel *> models_of_characters() {
    std::vector<const MessageModel *> found;
    for (const MessageModel &kind : message_models()) {
        const mote_vocab &vocab = kind.vocab->get();
        const bool has_bytes = vocab.code_points[vocab.count - 1] == MOTE_BYTE_CODE_POINT(0xff);
        if (!has_bytes && kind.model->config().activation != MOTE_RELU) found.push_back(&kind);
    }
    return found;
}

} // namespace

TEST_CASE("any text comes back from a stream, in blocks of any size, from every kind of model") {
    Choice choice;
    for (const MessageModel &kind : message_models()) {
        INFO(kind.name);
        const Stream stream(*kind.model);
        for (const std::string &text : {std::string(), text_for(kind, 12), joined(messages_for(kind, 5))})
            for (const size_t size : {size_t{1}, size_t{7}, size_t{64}, size_t{1} << 16})
                if (!choice.skips()) check_comes_back(stream, text, size);
    }
}

TEST_CASE("bytes that no model expects make a stream hardly longer, and the largest block comes back") {
    const MessageModel &kind = message_models()[2];
    const Stream stream(*kind.model);
    Random random(4);
    check_comes_back(stream, random_bytes(random, MOTE_STREAM_MAX_BLOCK + 1), MOTE_STREAM_MAX_BLOCK);
    check_comes_back(stream, std::string(MOTE_STREAM_MAX_BLOCK, '\0'), MOTE_STREAM_MAX_BLOCK);
}

TEST_CASE("a stream takes the bits of its text's surprise: the model reads on from block to block") {
    for (const MessageModel *kind : models_of_characters()) {
        INFO(kind->name);
        const Stream stream(*kind->model);
        const std::string text = own_text(*kind, 600);
        const double bits = bits_of(*kind, text);
        for (const size_t size : {size_t{50}, size_t{600}}) {
            const size_t spent = bytes_of_bodies(stream, text, size);
            CHECK(8.0 * static_cast<double>(spent) <= bits * 1.01 + 0.02 * static_cast<double>(text.size()) +
                                                          8.0 * static_cast<double>(blocks_of(text.size(), size)));
        }
    }
}

TEST_CASE("a byte that the model lacks costs its escape, and the model reads on behind it") {
    for (const MessageModel *kind : models_of_characters()) {
        INFO(kind->name);
        const Stream stream(*kind->model);
        const std::string text = own_text(*kind, 400);
        size_t half = 200;
        while ((text[half] & 0xc0) == 0x80) ++half;
        const size_t plain = write_stream(stream, text, 1000).size();
        const size_t escaped = write_stream(stream, text.substr(0, half) + '\xff' + text.substr(half), 1000).size();
        CHECK(escaped >= plain + 2);
        CHECK(escaped <= plain + 4);
    }
}

TEST_CASE("a block needs the room that its macro says, and one byte less changes nothing") {
    const MessageModel &kind = message_models()[2];
    const Stream stream(*kind.model), other(*kind.model);
    Buffer head(MOTE_STREAM_HEAD_BYTES);
    REQUIRE(mote_stream_start(stream.get(), head.data()) == MOTE_OK);
    REQUIRE(mote_stream_start(other.get(), head.data()) == MOTE_OK);
    for (const char *text : {"a", "abc abc abc", "node"}) {
        const size_t bytes = std::strlen(text);
        Buffer room(static_cast<size_t>(MOTE_STREAM_BLOCK_BYTES(bytes)) - 1, 0xdd);
        size_t size = 0;
        CHECK(mote_stream_write(stream.get(), text, bytes, room.data(), room.size(), &size) == MOTE_ERR_CAPACITY);
        CHECK(room.filled_with(0xdd));
        CHECK(write_block(stream, text) == write_block(other, text));
    }
}

TEST_CASE("a stream needs the bytes that its macro says, and one byte less is refused") {
    for (const MessageModel &kind : message_models()) {
        const mote_config &config = kind.model->config();
        const size_t bytes = mote_stream_bytes(&config);
        CHECK(bytes == MOTE_STREAM_BYTES(MOTE_SHAPE_OF(config)));
        CHECK(init_in(bytes, kind.model->get()) == MOTE_OK);
        CHECK(init_in(bytes - 1, kind.model->get()) == MOTE_ERR_ARENA);
    }
    const Model nameless(bigram(9));
    CHECK(init_in(mote_stream_bytes(&nameless.config()), nameless.get()) == MOTE_ERR_MISSING);
    const Model large(rnn(MOTE_CODEC_MAX_VOCAB + 1, 2, 2, 1));
    CHECK(mote_stream_bytes(&large.config()) == 0);
    CHECK(mote_stream_bytes(nullptr) == 0);
}

TEST_CASE("a call that has to wait for another is refused, and so is one of nothing") {
    const MessageModel &kind = message_models()[2];
    const Stream stream(*kind.model);
    mote_stream *const s = stream.get();
    unsigned char head[MOTE_STREAM_HEAD_BYTES], end[MOTE_STREAM_END_BYTES] = {}, block[16];
    char text[8] = "abc";
    size_t size = 0;
    CHECK(mote_stream_write(s, text, 3, block, sizeof block, &size) == MOTE_ERR_SEQUENCE);
    CHECK(mote_stream_read(s, end, sizeof end, text, sizeof text, &size) == MOTE_ERR_SEQUENCE);
    CHECK(mote_stream_finish(s, end) == MOTE_ERR_SEQUENCE);
    CHECK(mote_stream_start(s, head) == MOTE_OK);
    CHECK(mote_stream_read(s, end, sizeof end, text, sizeof text, &size) == MOTE_ERR_SEQUENCE);
    CHECK(mote_stream_write(s, text, 0, block, sizeof block, &size) == MOTE_ERR_ARG);
    CHECK(mote_stream_write(s, text, MOTE_STREAM_MAX_BLOCK + 1, block, sizeof block, &size) == MOTE_ERR_ARG);
    CHECK(mote_stream_write(s, nullptr, 3, block, sizeof block, &size) == MOTE_ERR_ARG);
    CHECK(mote_stream_write(s, text, 3, nullptr, sizeof block, &size) == MOTE_ERR_ARG);
    CHECK(mote_stream_write(s, text, 3, block, sizeof block, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_stream_finish(s, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_stream_finish(s, end) == MOTE_OK);
    CHECK(mote_stream_finish(s, end) == MOTE_ERR_SEQUENCE);
    CHECK(mote_stream_open(s, head, sizeof head) == MOTE_OK);
    CHECK(mote_stream_write(s, text, 3, block, sizeof block, &size) == MOTE_ERR_SEQUENCE);
    CHECK(mote_stream_read(s, nullptr, 9, text, sizeof text, &size) == MOTE_ERR_ARG);
    CHECK(mote_stream_read(s, end, sizeof end, text, sizeof text, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_stream_read(s, end, sizeof end, nullptr, 0, &size) == MOTE_OK);
    CHECK(size == 0);
    CHECK(mote_stream_read(s, end, sizeof end, text, sizeof text, &size) == MOTE_ERR_SEQUENCE);
    CHECK(mote_stream_start(nullptr, head) == MOTE_ERR_ARG);
    CHECK(mote_stream_open(s, nullptr, 16) == MOTE_ERR_ARG);
    CHECK(mote_stream_next(nullptr, 1, &size, &size) == MOTE_ERR_ARG);
    CHECK(mote_stream_next(end, 1, nullptr, &size) == MOTE_ERR_ARG);
    CHECK(mote_stream_next(nullptr, 0, &size, &size) == MOTE_ERR_MISSING);
    CHECK(mote_stream_init(nullptr, nullptr, kind.model->get()) == MOTE_ERR_ARG);
}
