#include "zip_repair.h"

#include "container.h"

#include <string_view>

namespace mote_test {

namespace {

/* CRC-32 of IEEE 802.3. */
uint32_t crc_of(std::string_view bytes) {
    uint32_t crc = 0xFFFFFFFFu;
    for (char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
    }
    return ~crc;
}

uint64_t field(const std::string &archive, size_t at, size_t size) {
    return mote::cli::little_endian(archive.data() + at, size);
}

void put_crc(std::string &archive, size_t at, uint32_t crc) {
    for (size_t i = 0; i < 4; ++i) archive[at + i] = static_cast<char>(crc >> (8 * i) & 0xFF);
}

/* The entry that the central directory describes at `at`, where all of it is. */
void repair_entry(std::string &archive, size_t at) {
    constexpr size_t central_header = 46, local_header = 30;
    if (archive.size() - at < central_header || field(archive, at + 10, 2) != 0) return;
    uint64_t size = field(archive, at + 20, 4), local = field(archive, at + 42, 4);
    if (local > archive.size() || archive.size() - local < local_header) return;
    uint64_t data = local + local_header + field(archive, local + 26, 2) + field(archive, local + 28, 2);
    if (data > archive.size() || size > archive.size() - data) return;
    put_crc(archive, at + 16, crc_of(std::string_view(archive).substr(data, size)));
}

} // namespace

std::string with_right_checksums(std::string archive) {
    constexpr std::string_view central("PK\x01\x02");
    constexpr int most_entries = 64; /* each may hold the whole of the file */
    size_t at = 0;
    for (int i = 0; i < most_entries && (at = archive.find(central, at)) != std::string::npos; ++i) {
        repair_entry(archive, at);
        ++at;
    }
    return archive;
}

} // namespace mote_test
