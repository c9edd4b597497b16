/* Packets that nobody made, that were damaged, or that another model made. */
#include "codec_support.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

constexpr size_t most = 48; /* bytes of a message that the receiver allows */

bool is_answer(mote_status status) {
    return status == MOTE_OK || status == MOTE_ERR_FORMAT || status == MOTE_ERR_CAPACITY ||
           status == MOTE_ERR_CHECKSUM || status == MOTE_ERR_MISSING;
}

/* Another message than was sent, and nothing that tells. */
bool is_wrong(const Unpacked &got, const std::string &message) {
    return got.status == MOTE_OK && got.message != message;
}

/* A packet, cut short, made longer or with some of its bits flipped. */
std::string damaged(std::string packet, Random &random) {
    switch (random.below(4)) {
    case 0:
        return packet.substr(0, random.below(static_cast<uint32_t>(packet.size()) + 1));
    case 1:
        return packet + random_bytes(random, 1 + random.below(4));
    default:
        for (uint32_t i = 0; i <= random.below(3) && !packet.empty(); ++i)
            packet[random.below(static_cast<uint32_t>(packet.size()))] ^= static_cast<char>(1u << random.below(8));
        return packet;
    }
}

} // namespace

TEST_CASE("a packet of any bytes gives a message within the room, or a status") {
    const mote_codec_options options[] = {{0, 0, 0}, {1, 0, 5}, {0, 0, 16}};
    for (const MessageModel &kind : message_models())
        for (const mote_codec_options &chosen : options) {
            const Codec codec(*kind.model, &chosen);
            Random random(kind.model->config().vocab);
            for (size_t i = 0; i < 60; ++i) {
                std::string packet = random_bytes(random, i % 24);
                if (chosen.id_bytes != 0 && !packet.empty() && i % 3 != 0) packet[0] = 0;
                if (!is_answer(unpack(codec, packet, i % most).status)) CHECK(false);
            }
            for (const std::string &message : messages_for(kind, 4))
                for (int i = 0; i < 8; ++i)
                    if (!is_answer(unpack(codec, damaged(pack(codec, message), random), most).status)) CHECK(false);
        }
}

TEST_CASE("check bits tell of packets that are cut short or made longer") {
    const mote_codec_options options = {0, 0, 16};
    size_t cases = 0, missed = 0;
    Random random(9);
    for (const MessageModel &kind : message_models()) {
        const Codec codec(*kind.model, &options), without(*kind.model);
        for (const std::string &message : messages_for(kind, 6)) {
            const std::string packet = pack(codec, message);
            if (pack(without, message).size() >= message.size()) continue; /* sent as it is */
            for (size_t size = 0; size < packet.size() + 3; ++size, ++cases) {
                const std::string other = (packet + random_bytes(random, 3)).substr(0, size);
                missed += is_wrong(unpack(codec, other, message.size() + 8), message) ? 1 : 0;
            }
        }
    }
    CHECK(cases > 1000);
    CHECK(missed <= 1); /* one of 2^16 is to be expected */
}

TEST_CASE("check bits tell of damage, and of another model") {
    const mote_codec_options options = {0, 0, 16};
    size_t cases = 0, missed = 0;
    for (size_t i = 0; i < message_models().size(); ++i) {
        const MessageModel &kind = message_models()[i];
        const Codec codec(*kind.model, &options);
        const Codec other(*message_models()[(i + 5) % message_models().size()].model, &options);
        Random random(i);
        for (const std::string &message : messages_for(kind, 6)) {
            const std::string packet = pack(codec, message);
            for (size_t bit = 0; bit < 8 * packet.size(); bit += 5, ++cases) {
                std::string flipped = packet;
                flipped[bit / 8] ^= static_cast<char>(1u << bit % 8);
                missed += is_wrong(unpack(codec, flipped, message.size() + 8), message) ? 1 : 0;
            }
            missed += is_wrong(unpack(other, packet, message.size() + 8), message) ? 1 : 0;
        }
    }
    CHECK(cases > 4000);
    CHECK(missed <= 2); /* one of 2^16 is to be expected */
}

TEST_CASE("a packet with another id is told from one's own") {
    const MessageModel &kind = message_models()[2];
    const mote_codec_options mine = {2, 0x1234, 0}, yours = {2, 0x1235, 0};
    const Codec codec(*kind.model, &mine), other(*kind.model, &yours);
    for (const std::string &message : messages_for(kind, 5)) {
        const std::string packet = pack(codec, message);
        CHECK(packet.substr(0, 2) == "\x34\x12");
        CHECK(unpack(other, packet, 64).status == MOTE_ERR_MISSING);
    }
    CHECK(unpack(codec, "\x34", 64).status == MOTE_ERR_FORMAT);
    CHECK(unpack(codec, "", 64).status == MOTE_ERR_FORMAT);
}

TEST_CASE("a model whose activations overflow sends messages as they are") {
    const MessageVocab vocab("ab", 1, MessageVocab::ALL_BYTES);
    const Model model(rnn(vocab.count(), 0, 4, 1, MOTE_RELU), 1, &vocab.get());
    size_t count = 0;
    float *weights = model.weights(&count);
    const std::vector<bool> logical = logical_floats(model.get());
    for (size_t i = 0; i < count; ++i) weights[i] = logical[i] ? 1e20f : 0.0f;
    const Codec codec(model);
    const std::string message = "abababababababababababab";
    CHECK(pack(codec, message) == message);
    CHECK(unpack(codec, message, message.size()).message == message);
    CHECK(unpack(codec, "\x80", 100).status == MOTE_ERR_FORMAT);
}
