/* CRC-32 against its definition bit by bit, at every length and alignment that its tables treat differently. */
#include "crc.h"
#include "support.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

uint32_t by_definition(uint32_t crc, const uint8_t *bytes, size_t count) {
    crc = ~crc;
    for (size_t i = 0; i < count; ++i) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xedb88320u ^ (crc >> 1) : crc >> 1;
    }
    return ~crc;
}

} // namespace

TEST_CASE("the CRC of 123456789 is the standard's check value") {
    CHECK(mote::crc32(0, reinterpret_cast<const uint8_t *>("123456789"), 9) == 0xcbf43926u);
    CHECK(mote::crc32(0, nullptr, 0) == 0);
}

TEST_CASE("a CRC is that of the definition, whole or in two pieces") {
    Random random(31);
    uint8_t bytes[80];
    for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random.below(256));
    for (size_t first = 0; first < 9; ++first)
        for (size_t count = 0; count <= 70; ++count) {
            const uint32_t whole = mote::crc32(0, bytes + first, count);
            REQUIRE(whole == by_definition(0, bytes + first, count));
            const size_t cut = random.below(static_cast<uint32_t>(count) + 1);
            const uint32_t front = mote::crc32(0, bytes + first, cut);
            REQUIRE(mote::crc32(front, bytes + first + cut, count - cut) == whole);
        }
}
