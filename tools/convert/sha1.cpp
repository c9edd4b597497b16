#include "sha1.h"

#include "errors.h"

#include <array>
#include <cstdint>

namespace mote::cli {

namespace {

constexpr size_t block_bytes = 64, bit_count_bytes = 8;
using State = std::array<uint32_t, 5>;

uint32_t rotated(uint32_t word, unsigned bits) { return word << bits | word >> (32 - bits); }

struct Round {
    uint32_t mixed, constant;
};

Round round_of(size_t t, uint32_t b, uint32_t c, uint32_t d) {
    if (t < 20) return {(b & c) | (~b & d), 0x5A827999u};
    if (t < 40) return {b ^ c ^ d, 0x6ED9EBA1u};
    if (t < 60) return {(b & c) | (b & d) | (c & d), 0x8F1BBCDCu};
    return {b ^ c ^ d, 0xCA62C1D6u};
}

void add_block(State &state, const char *block) {
    uint32_t words[80];
    for (size_t t = 0; t < 16; ++t) {
        words[t] = 0;
        for (size_t i = 0; i < 4; ++i) words[t] = words[t] << 8 | static_cast<unsigned char>(block[4 * t + i]);
    }
    for (size_t t = 16; t < 80; ++t) words[t] = rotated(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1);
    auto [a, b, c, d, e] = state;
    for (size_t t = 0; t < 80; ++t) {
        Round round = round_of(t, b, c, d);
        uint32_t next = rotated(a, 5) + round.mixed + e + round.constant + words[t];
        e = d;
        d = c;
        c = rotated(b, 30);
        b = a;
        a = next;
    }
    const State added = {a, b, c, d, e};
    for (size_t i = 0; i < state.size(); ++i) state[i] += added[i];
}

} // namespace

std::string sha1(const std::string &bytes) {
    State state = {0x67452301u, 0xEFCDAB89u, 0x98BADCFEu, 0x10325476u, 0xC3D2E1F0u};
    size_t whole = bytes.size() / block_bytes * block_bytes;
    for (size_t at = 0; at < whole; at += block_bytes) add_block(state, bytes.data() + at);
    std::string rest = bytes.substr(whole) + '\x80';
    while (rest.size() % block_bytes != block_bytes - bit_count_bytes) rest += '\0';
    uint64_t bits = uint64_t{bytes.size()} * 8;
    for (size_t i = bit_count_bytes; i-- > 0;) rest += static_cast<char>(bits >> (8 * i) & 0xFF);
    for (size_t at = 0; at < rest.size(); at += block_bytes) add_block(state, rest.data() + at);
    std::string digits;
    for (uint32_t word : state) digits += formatted("%08x", word);
    return digits;
}

} // namespace mote::cli
