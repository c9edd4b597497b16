#include "changed_byte.h"

#include "blob_parts.h"

#include <algorithm>
#include <array>

namespace mote::cli {

namespace {

constexpr uint32_t polynomial = 0xEDB88320u;
constexpr uint64_t field_end = format::crc_at + 4;

using Table = std::array<uint32_t, 256>;

Table make_forward() {
    Table table{};
    for (uint32_t byte = 0; byte < table.size(); ++byte) {
        uint32_t rest = byte;
        for (int bit = 0; bit < 8; ++bit) rest = (rest & 1u) != 0 ? polynomial ^ (rest >> 1) : rest >> 1;
        table[byte] = rest;
    }
    return table;
}

/* By the top byte, which tells each entry of the other from the rest: the byte that was shifted out, and the entry. */
struct Back {
    std::array<uint32_t, 256> entry{};
    std::array<unsigned char, 256> byte{};
};

Back make_back(const Table &forward) {
    Back back;
    for (uint32_t byte = 0; byte < forward.size(); ++byte) {
        back.entry[forward[byte] >> 24] = forward[byte];
        back.byte[forward[byte] >> 24] = static_cast<unsigned char>(byte);
    }
    return back;
}

bool in_field(uint64_t offset) { return offset >= format::crc_at && offset < field_end; }

} // namespace

uint32_t blob_checksum(const unsigned char *blob, uint64_t size) {
    static const Table table = make_forward();
    uint32_t crc = ~0u;
    for (uint64_t i = 0; i < size; ++i) {
        uint32_t byte = in_field(i) ? 0 : blob[i];
        crc = table[(crc ^ byte) & 0xFFu] ^ (crc >> 8);
    }
    return ~crc;
}

std::vector<ChangedByte> changed_bytes(const unsigned char *blob, uint64_t size, uint32_t stored, uint32_t computed) {
    static const Back back = make_back(make_forward());
    std::vector<ChangedByte> list;
    uint32_t difference = stored ^ computed;
    for (uint64_t i = format::crc_at; i < field_end; ++i) {
        unsigned shift = 8 * static_cast<unsigned>(i - format::crc_at);
        if ((difference & ~(0xFFu << shift)) == 0)
            list.push_back({i, static_cast<unsigned char>(blob[i] ^ difference >> shift)});
    }
    for (uint64_t i = size; i-- > 0 && difference != 0;) {
        uint32_t top = difference >> 24;
        difference = (difference ^ back.entry[top]) << 8 | back.byte[top];
        if (difference <= 0xFFu && !in_field(i)) list.push_back({i, static_cast<unsigned char>(blob[i] ^ difference)});
    }
    return list;
}

} // namespace mote::cli
