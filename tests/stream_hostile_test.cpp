/* Streams that nobody wrote, that were damaged, or that another model wrote. */
#include "stream_support.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

bool is_answer(mote_status status) {
    return status == MOTE_OK || status == MOTE_ERR_FORMAT || status == MOTE_ERR_VERSION || status == MOTE_ERR_MISSING ||
           status == MOTE_ERR_CHECKSUM;
}

bool begins_with(const std::string &text, const std::string &part) { return text.compare(0, part.size(), part) == 0; }

std::string head_of(const std::string &bytes) { return bytes.substr(0, MOTE_STREAM_HEAD_BYTES); }

} // namespace

TEST_CASE("a stream of any bytes gives text or a status") {
    for (const MessageModel &kind : message_models()) {
        const Stream stream(*kind.model);
        const std::string whole = write_stream(stream, text_for(kind, 6), 60);
        Random random(kind.model->config().vocab);
        for (size_t i = 0; i < 80; ++i) {
            std::string bytes = i % 4 == 0 ? "" : head_of(whole);
            bytes += random_bytes(random, i % 40);
            if (i % 4 == 2 && bytes.size() > 18) bytes[16] = static_cast<char>(random.below(64) | 1), bytes[17] = 9;
            if (!is_answer(read_stream(stream, bytes).status)) CHECK(false);
        }
    }
}

TEST_CASE("a flipped bit is found, and what was given before it is the text") {
    size_t cases = 0, missed = 0;
    for (const MessageModel &kind : message_models()) {
        const Stream stream(*kind.model);
        const std::string text = text_for(kind, 6), whole = write_stream(stream, text, 48);
        for (size_t bit = 0; bit < 8 * whole.size(); bit += 11, ++cases) {
            std::string bytes = whole;
            bytes[bit / 8] ^= static_cast<char>(1u << bit % 8);
            const StreamText got = read_stream(stream, bytes);
            if (!is_answer(got.status)) CHECK(false);
            /* The last bits of a body may be others that mean the same. */
            const bool told = got.status != MOTE_OK || !got.ended || got.text == text;
            missed += !told || !begins_with(text, got.text) ? 1 : 0;
        }
    }
    CHECK(cases > 2500);
    CHECK(missed <= 3); /* a body's damage in one of 2^16 cases */
}

TEST_CASE("a stream cut short gives its whole blocks and has no end") {
    const MessageModel &kind = message_models()[4];
    const Stream stream(*kind.model);
    const std::string text = text_for(kind, 8), whole = write_stream(stream, text, 30);
    size_t before = 0;
    for (size_t size = 0; size < whole.size(); ++size) {
        const StreamText got = read_stream(stream, whole.substr(0, size));
        CHECK(got.status == (size < MOTE_STREAM_HEAD_BYTES ? MOTE_ERR_FORMAT : MOTE_OK));
        CHECK_FALSE(got.ended);
        CHECK(begins_with(text, got.text));
        CHECK((got.text.size() % 30 == 0 || got.text == text));
        CHECK(got.text.size() >= before);
        before = got.text.size();
    }
    CHECK(before == text.size());
}

TEST_CASE("a block that is lost, sent twice or out of order is found") {
    const MessageModel &kind = message_models()[4];
    const Stream stream(*kind.model);
    Buffer head(MOTE_STREAM_HEAD_BYTES);
    REQUIRE(mote_stream_start(stream.get(), head.data()) == MOTE_OK);
    const std::string begin(reinterpret_cast<const char *>(head.data()), head.size());
    /* Incompressible, so that a block is its text: only its check can tell. */
    Random random(1);
    std::vector<std::string> blocks;
    for (int i = 0; i < 3; ++i) blocks.push_back(write_block(stream, random_bytes(random, 64)));
    const std::string &a = blocks[0], &b = blocks[1], &c = blocks[2];
    CHECK(read_stream(stream, begin + a + b + c).status == MOTE_OK);
    for (const std::string &wrong : {b + c, a + c, a + a, a + b + b, b + a, a + c + b})
        CHECK(read_stream(stream, begin + wrong).status == MOTE_ERR_CHECKSUM);
}

TEST_CASE("another model's stream, another version and what is no stream are told apart") {
    const MessageModel &kind = message_models()[2], &other = message_models()[3];
    const Stream stream(*kind.model), foreign(*other.model);
    const std::string whole = write_stream(stream, "abc", 3);
    CHECK(read_stream(foreign, whole).status == MOTE_ERR_MISSING);
    for (size_t at = 0; at < MOTE_STREAM_HEAD_BYTES; ++at) {
        std::string bytes = whole;
        bytes[at] ^= 2;
        const mote_status wanted = at < 4 ? MOTE_ERR_FORMAT : at < 8 ? MOTE_ERR_VERSION : MOTE_ERR_MISSING;
        CHECK(read_stream(stream, bytes).status == wanted);
    }
}

TEST_CASE("heads of blocks that no writer makes are refused") {
    size_t size = 0, text = 0;
    const auto next = [&](const std::string &bytes) {
        const Buffer exact(bytes.data(), bytes.size());
        return mote_stream_next(exact.data(), exact.size(), &size, &text);
    };
    for (const char *wrong : {"\x01", "\x80", "\x82", "\x82\x80", "\xff\xff", "\x07", "\x81\x82"})
        CHECK(next(wrong) == (std::string(wrong) == "\x01" ? MOTE_ERR_FORMAT : MOTE_ERR_MISSING));
    for (const std::string &wrong :
         {std::string("\x80\x00", 2), std::string("\x82\x80\x00", 3), std::string("\xff\xff\xff"),
          std::string("\x82\x80\x08") /* 65,537 bytes */, std::string("\x07\x04") /* a body longer than its text */,
          std::string("\x07\x83\x00", 3)})
        CHECK(next(wrong) == MOTE_ERR_FORMAT);
    CHECK(next(std::string("\x80\x80\x08")) == MOTE_OK);
    CHECK(text == MOTE_STREAM_MAX_BLOCK);
    CHECK(size == MOTE_STREAM_MAX_BLOCK + 3 + 2);
    CHECK(next(std::string("\x07\x03")) == MOTE_OK);
    CHECK(text == 3);
    CHECK(size == 2 + 3 + 2);
    CHECK(next(std::string(1, '\0')) == MOTE_OK);
    CHECK(text == 0);
    CHECK(size == MOTE_STREAM_END_BYTES);
}

TEST_CASE("a model whose activations overflow stores its text, and its stream is read") {
    const MessageVocab vocab("ab", 1, MessageVocab::ALL_BYTES);
    const Model model(rnn(vocab.count(), 0, 4, 1, MOTE_RELU), 1, &vocab.get());
    size_t count = 0;
    float *weights = model.weights(&count);
    const std::vector<bool> logical = logical_floats(model.get());
    for (size_t i = 0; i < count; ++i) weights[i] = logical[i] ? 1e20f : 0.0f;
    const Stream stream(model);
    const std::string text(100, 'a'), whole = write_stream(stream, text, 40);
    CHECK(read_stream(stream, whole).text == text);
    CHECK(whole.size() == text.size() + 16 + 3 * 3 + 9);
    CHECK(read_stream(stream, head_of(whole) + "\x07\x01zzz").status == MOTE_ERR_FORMAT);
}
