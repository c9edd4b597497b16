#include "range_coder.h"

#include "frequencies.h"
#include "packet.h"
#include "packet_end.h"
#include "support.h"

#include <doctest/doctest.h>

#include <limits>

using namespace mote_test;
using mote::Frequencies;
using mote::RangeDecoder;
using mote::RangeEncoder;
using mote::Rare;
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

constexpr uint32_t kNoPacket = 3; /* in place of the bytes of a check */

/* The bytes of the shares, in room of `capacity`: of a packet whose next symbol would have these frequencies, or, with
 * kNoPacket, with zeros behind them. Empty: they do not fit. */
std::vector<uint8_t> encode(const std::vector<Share> &shares, size_t capacity, const Frequencies &next,
                            uint32_t check_bytes) {
    Buffer room(capacity);
    RangeEncoder encoder(room.data(), room.size());
    for (const Share &share : shares)
        if (!encoder.encode(share)) return {};
    if (check_bytes == kNoPacket ? !encoder.finish() : !end_packet(&encoder, next, check_bytes)) return {};
    REQUIRE(encoder.count() <= capacity);
    return {room.data(), room.data() + encoder.count()};
}

bool holds(const Share &share, uint32_t place) { return place >= share.first && place - share.first < share.size; }

void check_decodes(const std::vector<Share> &shares, const std::vector<uint8_t> &bytes) {
    const Buffer exact(bytes.data(), bytes.size());
    RangeDecoder decoder(exact.data(), exact.size());
    for (const Share &share : shares) {
        REQUIRE(holds(share, decoder.place(share.bits)));
        decoder.take(share);
    }
}

/* Whether a decoder of packets reads these shares, and then the end. */
bool is_packet_of(const std::vector<Share> &shares, const Frequencies &next, const uint8_t *bytes, size_t count,
                  uint32_t check_bytes) {
    if (!mote::is_coded(bytes, count, check_bytes)) return false;
    const Buffer exact(bytes, count);
    RangeDecoder decoder(exact.data(), exact.size());
    for (const Share &share : shares) {
        if (!holds(share, decoder.place(share.bits)) || !decoder.is_sure(share)) return false;
        decoder.take(share);
    }
    const uint32_t place = decoder.place(Frequencies::kBits);
    if (place >> Frequencies::kBits != 0) return false;
    Share share{};
    return next.symbol_at(place, &share) == next.rare() || !decoder.is_sure(share);
}

std::vector<float> draw_logits(Random &random, uint32_t vocab, float scale) {
    std::vector<float> logits(vocab);
    for (float &logit : logits) logit = random.weight(scale);
    return logits;
}

/* What a model might expect behind the last token: anything from all alike to one for certain. */
class NextSymbol {
  public:
    explicit NextSymbol(Random &random) {
        /* one after the other: compilers evaluate the arguments of a call in an order of their own */
        const uint32_t vocab = 2 + random.below(30);
        const auto scale = static_cast<float>(random.below(4) * 5);
        logits_ = draw_logits(random, vocab, scale);
        const bool first = random.below(2) == 0;
        REQUIRE(frequencies_.take(logits_.data(), static_cast<uint32_t>(logits_.size()),
                                  first ? Rare::kFirst : Rare::kBehind));
    }
    NextSymbol(const NextSymbol &) = delete;
    NextSymbol &operator=(const NextSymbol &) = delete;
    const Frequencies &get() const { return frequencies_; }

  private:
    std::vector<float> logits_;
    Frequencies frequencies_;
};

/* All shares lie one behind the other, none is empty, and each place is found. */
void check_shares(std::vector<float> logits, Rare rare) {
    const auto vocab = static_cast<uint32_t>(logits.size());
    const uint32_t symbols = rare == Rare::kFirst ? vocab : vocab + 1;
    Frequencies frequencies;
    REQUIRE(frequencies.take(logits.data(), vocab, rare));
    REQUIRE(frequencies.symbols() == symbols);
    CHECK(frequencies.rare() == (rare == Rare::kFirst ? 0 : vocab));
    if (rare == Rare::kBehind) CHECK(frequencies.share(vocab).size <= 2); /* rounded together with its neighbour's */
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
        const uint32_t check_bytes = i % 4;
        NextSymbol next(random);
        const std::vector<uint8_t> bytes = encode(shares, 2 * shares.size() + 16, next.get(), check_bytes);
        if (check_bytes == kNoPacket) {
            check_decodes(shares, bytes);
            continue;
        }
        CHECK(is_packet_of(shares, next.get(), bytes.data(), bytes.size(), check_bytes));
        CHECK(encode(shares, bytes.size(), next.get(), check_bytes) == bytes);
        CHECK(encode(shares, bytes.size() - 1, next.get(), check_bytes).empty());
    }
}

TEST_CASE("no packet of one or two bytes is longer than it must be") {
    Random random(8);
    size_t one = 0, two = 0;
    for (uint32_t i = 0; i < 300; ++i) {
        const uint32_t first = random.below(0x8000);
        const std::vector<Share> shares = {{first, 0x4000 + random.below(0x4000), 16}};
        NextSymbol next(random);
        const size_t size = encode(shares, 16, next.get(), 0).size();
        one += size == 1 ? 1 : 0;
        two += size == 2 ? 1 : 0;
        if (size == 1) continue;
        for (uint32_t byte = 0; byte < 256; ++byte) {
            const auto only = static_cast<uint8_t>(byte);
            CHECK_FALSE(is_packet_of(shares, next.get(), &only, 1, 0));
        }
    }
    CHECK(one > 50);
    CHECK(two > 50);
}

TEST_CASE("a code takes the bits of its shares, rounded up to bytes") {
    Random random(6);
    for (const uint32_t bits : {1u, 4u, 8u, 16u}) {
        const std::vector<Share> shares(64, {random.below(1u << bits), 1, bits});
        NextSymbol next(random);
        CHECK(encode(shares, 1000, next.get(), kNoPacket).size() <= 64 * bits / 8 + 1);
    }
}

TEST_CASE("frequencies add up to 2^16, none is 0, and every place has its symbol") {
    Choice choice;
    Random random(7);
    for (const uint32_t vocab : {2u, 3u, 15u, 16u, 17u, 140u, 4096u})
        for (const float scale : {0.0f, 1.0f, 10.0f, 1000.0f, 1e38f})
            for (const Rare rare : {Rare::kFirst, Rare::kBehind}) {
                if (choice.skips()) continue;
                INFO(vocab << " of " << scale);
                check_shares(draw_logits(random, vocab, scale), rare);
            }
    std::vector<float> far(40, -std::numeric_limits<float>::max());
    for (const size_t most : {0u, 17u}) {
        std::vector<float> logits = far;
        logits[most] = std::numeric_limits<float>::max();
        for (const Rare rare : {Rare::kFirst, Rare::kBehind}) check_shares(logits, rare);
    }
}

TEST_CASE("logits that are not finite have no frequencies") {
    for (const float wrong : {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
                              std::numeric_limits<float>::quiet_NaN()})
        for (size_t at = 0; at < 20; ++at) {
            std::vector<float> logits(20, 1.0f);
            logits[at] = wrong;
            Frequencies frequencies;
            CHECK_FALSE(frequencies.take(logits.data(), 20, Rare::kFirst));
        }
}
