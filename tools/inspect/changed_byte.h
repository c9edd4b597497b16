#pragma once

#include <cstdint>
#include <vector>

namespace mote::cli {

/* CRC-32 (IEEE 802.3, reflected) of a blob of `size` bytes, its own field read as zero. */
uint32_t blob_checksum(const unsigned char *blob, uint64_t size);

struct ChangedByte {
    uint64_t offset;
    unsigned char was; /* with which the checksum agrees again */
};

/* Every byte of the blob that alone could be what makes `computed` differ from `stored`: by the linearity of the CRC,
 * the difference that a byte made, carried back from the end, is one byte wide where that byte stands. One byte that
 * was changed is always among them; where more were, there is one by chance in a blob of n bytes n / 2^24 times. */
std::vector<ChangedByte> changed_bytes(const unsigned char *blob, uint64_t size, uint32_t stored, uint32_t computed);

} // namespace mote::cli
