#include "range_coder.h"

#include "frequencies.h"
#include "packet.h"
#include "support.h"

#include <doctest/doctest.h>

#include <limits>

using namespace mote_test;
using mote::Frequencies;
using mote::Further;
using mote::RangeDecoder;
using mote::RangeEncoder;
using mote::Share;

namespace {

/* Mostly as a model's are, now and then as narrow and as high as can be, so that carries go far. */
std::vector<Share> draw_shares(Random &random, size_t count) {
    std::vector<Share> shares;
    for (size_t i = 0; i < count; ++i) {
        const uint32_t first = random.below(0x10000);
        switch (random.below(4)) {
        case 0:
            shares.push_back({0xffff, 1, 16});
            break;
        case 1:
            shares.push_back({0, 1 + random.below(0xffff), 16});
            break;
        case 2:
            shares.push_back({first, 0x10000 - first, 16});
            break;
        default:
            shares.push_back({first, 1 + random.below(0x10000 - first), 16});
        }
    }
    return shares;
}

/* The bytes of the shares, in room of `capacity`; empty: they do not fit. */
std::vector<uint8_t> encode(const std::vector<Share> &shares, size_t capacity, uint32_t check_bytes) {
    Buffer room(capacity);
    RangeEncoder encoder(room.data(), room.size());
    for (const Share &share : shares)
        if (!encoder.encode(share)) return {};
    if (!encoder.finish_packet(check_bytes)) return {};
    REQUIRE(encoder.count() <= capacity);
    return {room.data(), room.data() + encoder.count()};
}

void check_decodes(const std::vector<Share> &shares, const std::vector<uint8_t> &bytes) {
    const Buffer exact(bytes.data(), bytes.size());
    RangeDecoder decoder(exact.data(), exact.size());
    for (const Share &share : shares) {
        const uint32_t place = decoder.place(share.bits);
        REQUIRE(place >= share.first);
        REQUIRE(place - share.first < share.size);
        decoder.take(share);
    }
}

std::vector<float> draw_logits(Random &random, uint32_t vocab, float scale) {
    std::vector<float> logits(vocab);
    for (float &logit : logits) logit = random.weight(scale);
    return logits;
}

/* All shares lie one behind the other, none is empty, and each place is found. */
void check_shares(std::vector<float> logits, Further further) {
    const auto vocab = static_cast<uint32_t>(logits.size()), symbols = further == Further::kNone ? vocab : vocab + 1;
    Frequencies frequencies;
    REQUIRE(frequencies.take(logits.data(), vocab, further));
    CHECK(frequencies.end() == (further == Further::kEnd ? vocab : 0));
    uint32_t next = 0;
    for (uint32_t symbol = 0; symbol < symbols; ++symbol) {
        const Share share = frequencies.share(symbol);
        REQUIRE(share.first == next);
        REQUIRE(share.size >= 1);
        next += share.size;
        for (const uint32_t place : {share.first, share.first + share.size / 2, next - 1}) {
            Share found{};
            REQUIRE(frequencies.symbol_at(place, &found) == symbol);
            REQUIRE((found.first == share.first && found.size == share.size));
        }
    }
    CHECK(next == 0x10000);
}

} // namespace

TEST_CASE("what a range coder encodes it decodes, and its bytes tell that they are coded") {
    Random random(5);
    for (uint32_t i = 0; i < 6000; ++i) {
        const std::vector<Share> shares = draw_shares(random, i % 40);
        const uint32_t check_bytes = i % 3;
        const std::vector<uint8_t> bytes = encode(shares, 2 * shares.size() + 16, check_bytes);
        REQUIRE(mote::is_coded(bytes.data(), bytes.size(), check_bytes));
        check_decodes(shares, bytes);
        CHECK(encode(shares, bytes.size(), check_bytes) == bytes);
        CHECK(encode(shares, bytes.size() - 1, check_bytes).empty());
    }
}

TEST_CASE("a code takes the bits of its shares, rounded up to bytes") {
    Random random(6);
    for (const uint32_t bits : {1u, 4u, 8u, 16u}) {
        const std::vector<Share> shares(64, {random.below(1u << bits), 1, bits});
        CHECK(encode(shares, 1000, 0).size() <= 64 * bits / 8 + 1);
    }
}

TEST_CASE("frequencies add up to 2^16, none is 0, and every place has its symbol") {
    Choice choice;
    Random random(7);
    for (const uint32_t vocab : {2u, 3u, 15u, 16u, 17u, 140u, 4096u})
        for (const float scale : {0.0f, 1.0f, 10.0f, 1000.0f, 1e38f})
            for (const Further further : {Further::kNone, Further::kEnd, Further::kEscape}) {
                if (choice.skips()) continue;
                INFO(vocab << " of " << scale);
                check_shares(draw_logits(random, vocab, scale), further);
            }
    std::vector<float> far(40, -std::numeric_limits<float>::max());
    far[17] = std::numeric_limits<float>::max();
    for (const Further further : {Further::kNone, Further::kEnd, Further::kEscape}) check_shares(far, further);
}

TEST_CASE("logits that are not finite have no frequencies") {
    for (const float wrong : {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
                              std::numeric_limits<float>::quiet_NaN()})
        for (size_t at = 0; at < 20; ++at) {
            std::vector<float> logits(20, 1.0f);
            logits[at] = wrong;
            Frequencies frequencies;
            CHECK_FALSE(frequencies.take(logits.data(), 20, Further::kNone));
        }
}
