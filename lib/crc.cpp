#include "blob.h"

namespace mote::blob {

// CRC-32 (IEEE 802.3, reflected). Half a byte at a time: 64 bytes of table instead of 1,024; a bit at a time where code
// is to be small, which takes three times as long.
uint32_t crc32(uint32_t crc, const uint8_t *bytes, size_t count) {
#if defined(__OPTIMIZE_SIZE__)
    constexpr uint32_t polynomial = 0xedb88320;
    crc = ~crc;
    for (size_t i = 0; i < count; ++i) {
        crc ^= bytes[i];
        for (uint32_t bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (polynomial & (0u - (crc & 1)));
    }
#else
    static constexpr uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                           0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                           0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    crc = ~crc;
    for (size_t i = 0; i < count; ++i) {
        crc ^= bytes[i];
        crc = table[crc & 15] ^ (crc >> 4);
        crc = table[crc & 15] ^ (crc >> 4);
    }
#endif
    return ~crc;
}

} // namespace mote::blob
