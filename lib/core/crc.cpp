#include "crc.h"

namespace mote {
namespace {

constexpr uint32_t kPolynomial = 0xedb88320;

// What `bits` bits shifted out of a register leave of it.
constexpr uint32_t shifted(uint32_t crc, uint32_t bits) {
    for (uint32_t i = 0; i < bits; ++i) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    return crc;
}

#if UINTPTR_MAX > 0xffffffffu

// Eight bytes at a time, each by a table of its own (Kounavis and Berry 2005): 8 KiB, where memory is not counted.
struct Slices {
    uint32_t of[8][256];
    constexpr Slices() : of() {
        for (uint32_t i = 0; i < 256; ++i) of[0][i] = shifted(i, 8);
        for (uint32_t slice = 1; slice < 8; ++slice)
            for (uint32_t i = 0; i < 256; ++i) of[slice][i] = of[0][of[slice - 1][i] & 0xff] ^ (of[slice - 1][i] >> 8);
    }
};
constexpr Slices kSlices;

uint32_t eight_bytes(uint32_t crc, const uint8_t *bytes) {
    uint32_t next = 0;
    for (uint32_t i = 0; i < 8; ++i) {
        const uint32_t byte = i < 4 ? (bytes[i] ^ (crc >> (8 * i))) & 0xff : bytes[i];
        next ^= kSlices.of[7 - i][byte];
    }
    return next;
}

uint32_t one_byte(uint32_t crc, uint8_t byte) { return kSlices.of[0][(crc ^ byte) & 0xff] ^ (crc >> 8); }

#elif defined(__OPTIMIZE_SIZE__)

uint32_t one_byte(uint32_t crc, uint8_t byte) { return shifted(crc ^ byte, 8); }

#else

// Half a byte at a time: 64 bytes of table.
struct Nibbles {
    uint32_t of[16];
    constexpr Nibbles() : of() {
        for (uint32_t i = 0; i < 16; ++i) of[i] = shifted(i, 4);
    }
};
constexpr Nibbles kNibbles;

uint32_t one_byte(uint32_t crc, uint8_t byte) {
    crc ^= byte;
    crc = kNibbles.of[crc & 15] ^ (crc >> 4);
    return kNibbles.of[crc & 15] ^ (crc >> 4);
}

#endif

} // namespace

uint32_t crc32(uint32_t crc, const uint8_t *bytes, size_t count) {
    crc = ~crc;
#if UINTPTR_MAX > 0xffffffffu
    for (; count >= 8; count -= 8, bytes += 8) crc = eight_bytes(crc, bytes);
#endif
    for (; count > 0; --count, ++bytes) crc = one_byte(crc, *bytes);
    return ~crc;
}

} // namespace mote
