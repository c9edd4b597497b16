#include "crc.h"

#include "indices.h"

namespace mote {
namespace {

constexpr uint32_t kPolynomial = 0xedb88320;

// What bits shifted out of a register leave of it: one, four, or whole bytes.
constexpr uint32_t shift_bit(uint32_t crc) { return (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0); }
constexpr uint32_t shift_four(uint32_t crc) { return shift_bit(shift_bit(shift_bit(shift_bit(crc)))); }
template <uint32_t Bytes> constexpr uint32_t shift_bytes(uint32_t crc) {
    return shift_bytes<Bytes - 1>(shift_four(shift_four(crc)));
}
template <> constexpr uint32_t shift_bytes<0>(uint32_t crc) { return crc; }

#if UINTPTR_MAX > 0xffffffffu

// Eight bytes at a time, each by a table of its own (Kounavis and Berry 2005): 8 KiB, where memory is not counted.
struct Slices {
    uint32_t of[8][256];
};
template <uint32_t... I> constexpr Slices slices(Indices<I...>) {
    return {{{shift_bytes<1>(I)...},
             {shift_bytes<2>(I)...},
             {shift_bytes<3>(I)...},
             {shift_bytes<4>(I)...},
             {shift_bytes<5>(I)...},
             {shift_bytes<6>(I)...},
             {shift_bytes<7>(I)...},
             {shift_bytes<8>(I)...}}};
}
constexpr Slices kSlices = slices(IndicesBelow<256>::All());

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

uint32_t one_byte(uint32_t crc, uint8_t byte) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = shift_bit(crc);
    return crc;
}

#else

// Half a byte at a time: 64 bytes of table.
struct Nibbles {
    uint32_t of[16];
};
template <uint32_t... I> constexpr Nibbles nibbles(Indices<I...>) { return {{shift_four(I)...}}; }
constexpr Nibbles kNibbles = nibbles(IndicesBelow<16>::All());

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
