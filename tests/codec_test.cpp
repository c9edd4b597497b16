#include "codec_support.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

size_t check_bytes(uint32_t bits) { return (bits + 7) / 8; }

/* As many characters as are asked for, the boundary first. */
class Ideographs {
  public:
    explicit Ideographs(uint32_t count) : code_points_(count, '\n'), vocab_{code_points_.data(), count, 1} {
        for (uint32_t i = 1; i < count; ++i) code_points_[i] = 0x4e00 + i;
    }
    const mote_vocab &vocab() const { return vocab_; }

  private:
    std::vector<uint32_t> code_points_;
    mote_vocab vocab_;
};

/* The message comes back, into room of exactly its size, and the packet is as short as is promised. Returns whether it
 * was coded. */
bool comes_back(const Codec &codec, const std::string &message, const mote_codec_options &options) {
    const std::string packet = pack(codec, message);
    const size_t more = options.id_bytes + check_bytes(options.check_bits);
    const size_t plain = message.size() + (is_utf8(message) ? 0 : 1);
    CHECK(packet.size() <= plain + more);
    CHECK(packet.size() <= MOTE_PACKET_BYTES(message.size()));
    const Unpacked back = unpack(codec, packet, message.size());
    CHECK(back.status == MOTE_OK);
    CHECK(back.message == message);
    return packet.size() < plain + more;
}

mote_status init_in(size_t bytes, const mote_model *model, const mote_codec_options *options = nullptr) {
    Arena arena(bytes, 0xdd);
    mote_codec *codec = nullptr;
    const mote_status status = mote_codec_init(&codec, &arena.arena, model, options);
    if (status == MOTE_ERR_ARENA) CHECK(arena.arena.needed == bytes + 1);
    if (status != MOTE_OK) CHECK(arena.memory.filled_with(0xdd));
    return status;
}

} // namespace

TEST_CASE("any message comes back, from every kind of model, and no packet is longer than promised") {
    const mote_codec_options options[] = {{0, 0, 0}, {1, 0x5a, 0}, {2, 0xbeef, 4}, {0, 0, 8}, {0, 0, 9}, {1, 255, 16}};
    Choice choice;
    for (const mote_codec_options &chosen : options) {
        size_t coded = 0, all = 0;
        for (const MessageModel &kind : message_models()) {
            INFO(kind.name << " id " << chosen.id_bytes << " check " << chosen.check_bits);
            const Codec codec(*kind.model, &chosen);
            for (const std::string &message : messages_for(kind, 12)) {
                if (choice.skips()) continue;
                coded += comes_back(codec, message, chosen) ? 1 : 0;
                ++all;
            }
        }
        CHECK(coded > all / 10);
        CHECK(coded < all);
    }
}

TEST_CASE("without id and check bits an empty message is an empty packet") {
    for (const MessageModel &kind : message_models()) {
        const Codec codec(*kind.model);
        CHECK(pack(codec, "").empty());
        CHECK(unpack(codec, "", 0).status == MOTE_OK);
    }
}

TEST_CASE("a packet takes the bits of the message's surprise, and some for the end, in whole bytes") {
    double ends = 0;
    size_t messages = 0;
    for (const MessageModel &kind : message_models()) {
        const mote_vocab &vocab = kind.vocab->get();
        if (vocab.boundary == 0 || vocab.code_points[vocab.count - 1] == MOTE_BYTE_CODE_POINT(0xff)) continue;
        INFO(kind.name);
        const Codec codec(*kind.model);
        const State state(kind.model->get(), kind.model->config());
        for (uint64_t seed = 0; seed < 20; ++seed) {
            std::string message = draw_message(*kind.model, vocab, seed, 60);
            if (message.size() < 8) continue; /* for which packets are found that are no UTF-8 */
            std::vector<uint16_t> tokens(message.size() + 1, 0);
            size_t count = 0;
            if (mote_encode(&vocab, message.data(), message.size(), tokens.data() + 1, message.size(), &count) !=
                MOTE_OK)
                continue;
            tokens.resize(count + 1); /* the boundary before them */
            std::vector<float> nats(count);
            mote_state_reset(state.get());
            REQUIRE(mote_score(state.get(), tokens.data(), tokens.size(), nats.data(), nullptr) == MOTE_OK);
            double bits = 0;
            for (const float each : nats) bits += std::min(static_cast<double>(each) / std::log(2.0), 16.0);
            const double spent = 8 * static_cast<double>(pack(codec, message).size());
            CHECK(spent <=
                  bits * 1.002 + 0.02 * static_cast<double>(count) + 33); /* a model may be certain of more text */
            ends += spent - bits;
            ++messages;
        }
    }
    CHECK(messages > 50);
    CHECK(ends < 12 * static_cast<double>(messages)); /* of models that mostly are nearly certain of more text */
}

TEST_CASE("a packet fits room of exactly its size, and no less") {
    Choice choice;
    for (const MessageModel &kind : message_models()) {
        const mote_codec_options options = {1, 7, 6};
        const Codec codec(*kind.model, &options);
        for (const std::string &message : messages_for(kind, 4)) {
            if (choice.skips()) continue;
            const std::string packet = pack(codec, message);
            const Buffer text(message.data(), message.size());
            for (size_t capacity = 0; capacity <= packet.size(); ++capacity) {
                Buffer room(capacity);
                size_t size = 0;
                const mote_status status =
                    mote_compress(codec.get(), text.data(), text.size(), room.data(), capacity, &size);
                CHECK(status == (capacity < packet.size() ? MOTE_ERR_CAPACITY : MOTE_OK));
            }
            for (size_t capacity = 0; capacity < message.size(); ++capacity)
                CHECK(unpack(codec, packet, capacity).status == MOTE_ERR_CAPACITY);
        }
    }
}

TEST_CASE("a codec needs the bytes that its macro says, and one byte less is refused") {
    for (const MessageModel &kind : message_models()) {
        const mote_config &config = kind.model->config();
        const size_t bytes = mote_codec_bytes(&config);
        CHECK(bytes == MOTE_CODEC_BYTES(MOTE_SHAPE_OF(config)));
        CHECK(init_in(bytes, kind.model->get()) == MOTE_OK);
        CHECK(init_in(bytes - 1, kind.model->get()) == MOTE_ERR_ARENA);
    }
}

TEST_CASE("what cannot be a codec is refused") {
    const MessageModel &kind = message_models()[0];
    const size_t bytes = mote_codec_bytes(&kind.model->config());
    const mote_codec_options wrong[] = {{3, 0, 0}, {0, 1, 0},  {1, 256, 0},         {2, 65536, 0}, {0, 0, 1},
                                        {0, 0, 3}, {0, 0, 17}, {0xffffffffu, 0, 0}, {4, 0, 8},     {0, 0, 0xffffffffu}};
    for (const mote_codec_options &options : wrong) CHECK(init_in(bytes, kind.model->get(), &options) == MOTE_ERR_ARG);
    const Model nameless(bigram(9));
    CHECK(init_in(mote_codec_bytes(&nameless.config()), nameless.get()) == MOTE_ERR_MISSING);
    for (const uint32_t vocab : {MOTE_CODEC_MAX_VOCAB, MOTE_CODEC_MAX_VOCAB + 1}) {
        const Ideographs ideographs(vocab);
        const Model model(rnn(vocab, 2, 2, 1), 1, &ideographs.vocab());
        const bool fits = vocab <= MOTE_CODEC_MAX_VOCAB;
        CHECK((mote_codec_bytes(&model.config()) != 0) == fits);
        CHECK(init_in(1u << 20, model.get()) == (fits ? MOTE_OK : MOTE_ERR_UNSUPPORTED));
    }
    const mote_config invalid = {};
    CHECK(mote_codec_bytes(&invalid) == 0);
    CHECK(mote_codec_bytes(nullptr) == 0);
}

TEST_CASE("a vocabulary of the largest size codes messages") {
    const Ideographs ideographs(MOTE_CODEC_MAX_VOCAB);
    const Model model(rnn(MOTE_CODEC_MAX_VOCAB, 2, 2, 1), 1, &ideographs.vocab());
    const Codec codec(model);
    CHECK(comes_back(codec, "\xe4\xb8\x81\xe4\xb8\x82\xe4\xb8\x83\xe4\xb8\x84\xe4\xb8\x85", {0, 0, 0}));
}

TEST_CASE("null pointers are refused, and allowed where nothing is behind them") {
    const Codec codec(*message_models()[0].model);
    char bytes[8] = {};
    size_t size = 0;
    CHECK(mote_compress(nullptr, bytes, 1, bytes, 8, &size) == MOTE_ERR_ARG);
    CHECK(mote_compress(codec.get(), nullptr, 1, bytes, 8, &size) == MOTE_ERR_ARG);
    CHECK(mote_compress(codec.get(), bytes, 1, nullptr, 8, &size) == MOTE_ERR_ARG);
    CHECK(mote_compress(codec.get(), bytes, 1, bytes, 8, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_compress(codec.get(), bytes, 0, nullptr, 0, &size) == MOTE_ERR_ARG);
    CHECK(mote_compress(codec.get(), nullptr, 0, bytes, 0, &size) == MOTE_OK);
    CHECK(mote_decompress(nullptr, bytes, 1, bytes, 8, &size) == MOTE_ERR_ARG);
    CHECK(mote_decompress(codec.get(), nullptr, 1, bytes, 8, &size) == MOTE_ERR_ARG);
    CHECK(mote_decompress(codec.get(), bytes, 1, nullptr, 8, &size) == MOTE_ERR_ARG);
    CHECK(mote_decompress(codec.get(), bytes, 1, bytes, 8, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_decompress(codec.get(), bytes, 0, nullptr, 0, &size) == MOTE_ERR_ARG);
    CHECK(mote_decompress(codec.get(), nullptr, 0, bytes, 0, &size) == MOTE_OK);
    mote_codec *made = nullptr;
    Arena arena(1024);
    CHECK(mote_codec_init(nullptr, &arena.arena, message_models()[0].model->get(), nullptr) == MOTE_ERR_ARG);
    CHECK(mote_codec_init(&made, nullptr, message_models()[0].model->get(), nullptr) == MOTE_ERR_ARG);
    CHECK(mote_codec_init(&made, &arena.arena, nullptr, nullptr) == MOTE_ERR_ARG);
}
