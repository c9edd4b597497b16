/* The bytes in the flash, written and read by JOURNAL.md alone. */
#include "device.h"

#include <doctest/doctest.h>

#include <cstring>

using namespace mote_test;

namespace {

uint32_t crc_of(const std::vector<uint8_t> &bytes) {
    uint32_t crc = ~0u;
    for (const uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xedb88320u ^ (crc >> 1) : crc >> 1;
    }
    return ~crc;
}

void append(std::vector<uint8_t> &bytes, uint32_t number) {
    for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<uint8_t>(number >> 8 * i));
}

/* A line of 16 bytes: three numbers and the checksum of its address and them. */
std::vector<uint8_t> line(uint32_t address, uint32_t a, uint32_t b, uint32_t c) {
    std::vector<uint8_t> bytes;
    for (const uint32_t number : {address, a, b, c}) append(bytes, number);
    append(bytes, crc_of(bytes));
    bytes.erase(bytes.begin(), bytes.begin() + 4);
    return bytes;
}

struct Written {
    const Geometry geometry;
    Buffer &flash;

    void put(uint32_t address, const std::vector<uint8_t> &bytes) {
        std::memcpy(flash.data() + address, bytes.data(), bytes.size());
    }
    void mark(uint32_t sector, uint32_t sectors) {
        const uint32_t at = sector * geometry.sector_bytes;
        put(at, line(at, 0x314a4f4d, geometry.sector_bytes, sectors | geometry.word << 16));
    }
    void record(uint32_t header, uint32_t sequence, const std::vector<uint8_t> &data) {
        const std::vector<uint8_t> head = line(header, 0x31524f4d, sequence, static_cast<uint32_t>(data.size()));
        std::vector<uint8_t> all;
        append(all, header);
        all.insert(all.end(), head.begin(), head.end() - 4);
        all.insert(all.end(), data.begin(), data.end());
        put(header, head);
        put(header + 16, data);
        const uint32_t padded = (static_cast<uint32_t>(data.size()) + 15) / 16 * 16;
        std::memset(flash.data() + header + 16 + data.size(), 0, padded - data.size());
        const uint32_t slot = geometry.word < 4 ? 4 : geometry.word, behind = header + 16 + padded;
        std::vector<uint8_t> checksum;
        append(checksum, crc_of(all));
        checksum.resize(slot);
        put(behind, checksum);
        for (uint32_t mark = 1; mark < 4; ++mark) put(behind + mark * slot, std::vector<uint8_t>(geometry.word, 0));
    }
};

const Geometry geometries[] = {
    {2, 2048, 1, false}, {2, 2048, 2, false}, {2, 2048, 4, false}, {2, 2048, 8, true}, {2, 2048, 16, true}};
constexpr Sizes sizes = {200, 600};

} // namespace

TEST_CASE("the flash holds what the document says, byte by byte") {
    for (const Geometry &geometry : geometries) {
        INFO("words of " << geometry.word);
        Device device(geometry, sizes, 1);
        Buffer wanted(device.flash.bytes.size(), 0xff);
        Written written{geometry, wanted};
        REQUIRE(device.start() == MOTE_OK);
        written.mark(0, 1);
        uint32_t header = 48;
        for (uint32_t number = 1; number <= 2; ++number) {
            REQUIRE(device.save(number) == MOTE_OK);
            written.record(header, number, record_of(number, sizes.of(number)));
            const uint32_t slot = geometry.word < 4 ? 4 : geometry.word;
            uint32_t end = header + 16 + (sizes.of(number) + 15) / 16 * 16 + (4 * slot + 15) / 16 * 16;
            while (end % 64 != 48) end += 16;
            header = end;
        }
        CHECK(device.flash.bytes == wanted);
    }
}

TEST_CASE("sequence numbers go round") {
    for (const Geometry &geometry : geometries) {
        Device device(geometry, sizes, 1);
        Written written{geometry, device.flash.bytes};
        written.mark(0, 1);
        written.record(48, 0xfffffffd, record_of(1, sizes.of(1)));
        REQUIRE(device.start() == MOTE_OK);
        CHECK(device.newest() == 1);
        for (uint32_t number = 2; number <= 20; ++number) {
            REQUIRE(device.save(number) == MOTE_OK);
            REQUIRE(device.start() == MOTE_OK);
            REQUIRE(device.newest() == number);
            mote_journal_record record;
            REQUIRE(mote_journal_newest(device.journal, &record) == MOTE_OK);
            CHECK(record.sequence == 0xfffffffc + number);
        }
        CHECK(device.fault() == "");
    }
}

TEST_CASE("what looks like a mark or a record inside of a record is none") {
    const Geometry geometry = {4, 1024, 4, false};
    Device device(geometry, sizes, 1);
    REQUIRE(device.start() == MOTE_OK);
    for (uint32_t number = 1; number <= 3; ++number) REQUIRE(device.save(number) == MOTE_OK);
    /* The flash as a record of itself, as far as it goes, with a sequence number of any size. */
    Buffer dump(1024, 0xff);
    Written written{geometry, dump};
    written.mark(0, 1);
    written.record(48, 1000, record_of(77, 400));
    REQUIRE(mote_journal_begin(device.journal, 1024) == MOTE_OK);
    REQUIRE(mote_journal_write(device.journal, dump.data(), 1024) == MOTE_OK);
    REQUIRE(mote_journal_commit(device.journal) == MOTE_OK);
    REQUIRE(device.start() == MOTE_OK);
    mote_journal_record record;
    REQUIRE(mote_journal_newest(device.journal, &record) == MOTE_OK);
    CHECK(record.sequence == 4);
    CHECK(record.bytes == 1024);
    std::vector<uint8_t> read(1024);
    REQUIRE(mote_journal_read(device.journal, 0, read.data(), 1024) == MOTE_OK);
    CHECK(std::memcmp(read.data(), dump.data(), 1024) == 0);
}

TEST_CASE("a record exists with its commit mark alone") {
    const Geometry geometry = {2, 2048, 4, false};
    const uint32_t commit = 48 + 16 + 208 + 4;
    for (const uint32_t word : {0u, 1u, 0x80000000u, 0xffffffffu}) {
        Device device(geometry, {200, 200}, 1);
        Written written{geometry, device.flash.bytes};
        written.mark(0, 1);
        written.record(48, 5, record_of(1, 200));
        std::memcpy(device.flash.bytes.data() + commit, &word, 4);
        REQUIRE(device.start() == MOTE_OK);
        CHECK(device.newest() == (word == 0 ? 1u : 0u));
    }
}

TEST_CASE("a record with any bit changed, in its header, data or checksum, is not found") {
    const Geometry geometry = {2, 2048, 4, false};
    for (uint32_t byte = 48; byte < 48 + 16 + 208 + 4; ++byte) {
        Device device(geometry, {200, 200}, byte);
        Written written{geometry, device.flash.bytes};
        written.mark(0, 1);
        written.record(48, 5, record_of(1, 200));
        device.flash.bytes.data()[byte] ^= static_cast<unsigned char>(1u << byte % 8);
        REQUIRE(device.start() == MOTE_OK);
        CHECK(device.newest() == (byte >= 48 + 16 + 200 && byte < 48 + 16 + 208 ? 1u : 0u));
    }
}

namespace {

/* What a record has behind its checksum as if it had never been programmed: all marks from this one on. */
void take_marks(const Geometry &geometry, Buffer &flash, uint32_t header, uint32_t bytes, uint32_t from) {
    const uint32_t slot = geometry.word < 4 ? 4 : geometry.word, behind = header + 16 + (bytes + 15) / 16 * 16;
    std::memset(flash.data() + behind + from * slot, 0xff, size_t{4 - from} * slot);
}

} // namespace

TEST_CASE("sequence numbers that no journal has written are an order, too") {
    const Geometry geometry = {2, 2048, 4, false};
    for (const uint32_t apart : {0x60000000u, 0x80000000u}) {
        Device device(geometry, {64, 64}, 1);
        Written written{geometry, device.flash.bytes};
        written.mark(0, 1);
        for (uint32_t i = 0; i < 4; ++i) {
            const uint32_t header = 48 + 128 * i;
            written.record(header, apart * i, record_of(i + 1, 64));
            take_marks(geometry, device.flash.bytes, header, 64, 1);
        }
        REQUIRE(device.start() == MOTE_OK); /* ends */
        CHECK(device.newest() == 0);
        mote_journal_record record{};
        uint32_t found = 0;
        while (found <= 8 && mote_journal_older(device.journal, &record) == MOTE_OK) ++found;
        CHECK(found <= 4);
    }
}

TEST_CASE("a record in doubt whose sector does not erase is not told") {
    const Geometry geometry = {2, 2048, 4, true};
    constexpr uint32_t bytes = 1900;
    for (const Wear wear : {Wear::Refuses, Wear::StaysDirty}) {
        Device device(geometry, {bytes, bytes}, 1);
        Written written{geometry, device.flash.bytes};
        written.mark(0, 1);
        written.record(48, 5, record_of(1, bytes));
        written.mark(1, 1);
        written.record(2048 + 48, 6, record_of(2, bytes));
        take_marks(geometry, device.flash.bytes, 2048 + 48, bytes, 2);
        device.flash.wear_out(1, wear);
        REQUIRE(device.start() == MOTE_OK);
        CHECK(device.newest() == 1);
        CHECK(device.save(3) == MOTE_ERR_WRITE);
        CHECK(device.newest() == 1);
        CHECK(device.fault() == "");
    }
}
