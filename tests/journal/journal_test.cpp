/* The journal while the power stays on: what is saved and read, what is refused, wear, and what else can fail. */
#include "device.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

using namespace mote_test;

namespace {

constexpr Geometry small = {4, 1024, 4, false};
constexpr Sizes sizes = {200, 600};

mote_status open_with(const mote_flash &flash, Arena &arena) {
    mote_journal *journal = nullptr;
    return mote_journal_open(&journal, &arena.arena, &flash);
}

mote_status save_bytes(mote_journal *journal, const std::vector<uint8_t> &bytes) {
    mote_status status = mote_journal_begin(journal, bytes.size());
    if (status == MOTE_OK) status = mote_journal_write(journal, bytes.data(), bytes.size());
    return status == MOTE_OK ? mote_journal_commit(journal) : status;
}

std::vector<uint8_t> read_newest(mote_journal *journal) {
    mote_journal_record record;
    REQUIRE(mote_journal_newest(journal, &record) == MOTE_OK);
    std::vector<uint8_t> bytes(record.bytes);
    REQUIRE(mote_journal_read(journal, 0, bytes.data(), bytes.size()) == MOTE_OK);
    return bytes;
}

} // namespace

TEST_CASE("an empty flash, or one with anything else in it, is a journal without records and is not touched") {
    for (const int fill : {0xff, 0x00, 0x4d}) {
        Device device(small, sizes, 1);
        std::memset(device.flash.bytes.data(), fill, device.flash.bytes.size());
        REQUIRE(device.start() == MOTE_OK);
        mote_journal_record record;
        CHECK(mote_journal_newest(device.journal, &record) == MOTE_ERR_MISSING);
        uint8_t byte;
        CHECK(mote_journal_read(device.journal, 0, &byte, 1) == MOTE_ERR_MISSING);
        CHECK(device.flash.operations().empty());
        CHECK(device.save(1) == MOTE_OK);
        CHECK(device.newest() == 1);
    }
}

TEST_CASE("a record is read again in pieces, and in place") {
    Device device(small, sizes, 1);
    REQUIRE(device.start() == MOTE_OK);
    for (uint32_t number = 1; number <= 40; ++number) {
        REQUIRE(device.save(number) == MOTE_OK);
        if (number % 7 == 0) REQUIRE(device.start() == MOTE_OK);
        mote_journal_record record;
        REQUIRE(mote_journal_newest(device.journal, &record) == MOTE_OK);
        const std::vector<uint8_t> wanted = record_of(number, sizes.of(number));
        REQUIRE(record.bytes == wanted.size());
        CHECK(record.address % MOTE_ALIGN == 0);
        CHECK(record.sequence == number);
        CHECK(record.state == MOTE_RECORD_CONFIRMED);
        CHECK(std::memcmp(device.flash.bytes.data() + record.address, wanted.data(), wanted.size()) == 0);
        for (uint32_t offset = 0; offset < record.bytes; offset += 37) {
            uint8_t piece[37];
            const uint32_t count = std::min<uint32_t>(37, record.bytes - offset);
            REQUIRE(mote_journal_read(device.journal, offset, piece, count) == MOTE_OK);
            CHECK(std::memcmp(piece, wanted.data() + offset, count) == 0);
        }
        uint8_t byte;
        CHECK(mote_journal_read(device.journal, record.bytes, &byte, 1) == MOTE_ERR_ARG);
        CHECK(mote_journal_read(device.journal, record.bytes + 1, &byte, 0) == MOTE_ERR_ARG);
        CHECK(mote_journal_read(device.journal, 1, &byte, SIZE_MAX) == MOTE_ERR_ARG);
    }
    CHECK(device.flash.misuses() == 0);
}

TEST_CASE("the newest record can be read while another is being saved") {
    Device device({2, 1024, 4, false}, sizes, 1);
    REQUIRE(device.start() == MOTE_OK);
    for (uint32_t number = 1; number <= 20; ++number) {
        REQUIRE(device.save(number) == MOTE_OK);
        REQUIRE(mote_journal_begin(device.journal, 500) == MOTE_OK);
        REQUIRE(mote_journal_write(device.journal, record_of(1, 100).data(), 100) == MOTE_OK);
        CHECK(device.newest() == number);
    }
    CHECK(device.fault() == "");
}

TEST_CASE("a flash or memory that cannot be used is refused") {
    NorFlash flash(small, 1);
    const mote_flash good = flash.description();
    Arena arena(MOTE_JOURNAL_BYTES);
    mote_journal *journal = nullptr;
    CHECK(mote_journal_open(nullptr, &arena.arena, &good) == MOTE_ERR_ARG);
    CHECK(mote_journal_open(&journal, nullptr, &good) == MOTE_ERR_ARG);
    CHECK(mote_journal_open(&journal, &arena.arena, nullptr) == MOTE_ERR_ARG);
    const auto refused = [&](void (*change)(mote_flash &), mote_status status) {
        mote_flash bad = good;
        change(bad);
        CHECK(open_with(bad, arena) == status);
        CHECK(arena.arena.used == 0);
    };
    refused([](mote_flash &f) { f.sectors = 1; }, MOTE_ERR_ARG);
    refused([](mote_flash &f) { f.sectors = MOTE_JOURNAL_SECTORS + 1; }, MOTE_ERR_ARG);
    refused([](mote_flash &f) { f.sector_bytes = 192; }, MOTE_ERR_ARG);
    refused([](mote_flash &f) { f.sector_bytes = 1000; }, MOTE_ERR_ARG);
    refused([](mote_flash &f) { f.sector_bytes = 1u << 30; }, MOTE_ERR_SIZE);
    refused([](mote_flash &f) { f.word = 0; }, MOTE_ERR_ARG);
    refused([](mote_flash &f) { f.word = 12; }, MOTE_ERR_ARG);
    refused([](mote_flash &f) { f.word = 32; }, MOTE_ERR_UNSUPPORTED);
    refused([](mote_flash &f) { f.ecc = 2; }, MOTE_ERR_ARG);
    refused([](mote_flash &f) { f.read = nullptr; }, MOTE_ERR_ARG);
    refused([](mote_flash &f) { f.erase = nullptr; }, MOTE_ERR_ARG);
    refused([](mote_flash &f) { f.program = nullptr; }, MOTE_ERR_ARG);
    Arena small_arena(MOTE_JOURNAL_BYTES - 1);
    CHECK(open_with(good, small_arena) == MOTE_ERR_ARENA);
    CHECK(small_arena.arena.needed == MOTE_JOURNAL_BYTES);
    CHECK(open_with(good, arena) == MOTE_OK);
    CHECK(flash.operations().empty());
}

TEST_CASE("a record has the bytes that were announced, no more and no fewer") {
    Device device(small, sizes, 1);
    REQUIRE(device.start() == MOTE_OK);
    REQUIRE(device.save(1) == MOTE_OK);
    const std::vector<uint8_t> bytes = record_of(9, 300);
    CHECK(mote_journal_write(device.journal, bytes.data(), 1) == MOTE_ERR_SEQUENCE);
    CHECK(mote_journal_commit(device.journal) == MOTE_ERR_SEQUENCE);
    CHECK(mote_journal_begin(device.journal, 0) == MOTE_ERR_ARG);
    REQUIRE(mote_journal_begin(device.journal, 300) == MOTE_OK);
    REQUIRE(mote_journal_write(device.journal, bytes.data(), 299) == MOTE_OK);
    CHECK(mote_journal_write(device.journal, nullptr, 1) == MOTE_ERR_ARG);
    CHECK(mote_journal_commit(device.journal) == MOTE_ERR_SEQUENCE);
    REQUIRE(mote_journal_write(device.journal, bytes.data() + 299, 1) == MOTE_OK);
    REQUIRE(mote_journal_commit(device.journal) == MOTE_OK);
    CHECK(read_newest(device.journal) == bytes);
    CHECK(mote_journal_commit(device.journal) == MOTE_ERR_SEQUENCE);
    REQUIRE(mote_journal_begin(device.journal, 300) == MOTE_OK);
    CHECK(mote_journal_write(device.journal, bytes.data(), 300) == MOTE_OK);
    CHECK(mote_journal_write(device.journal, bytes.data(), 1) == MOTE_ERR_CAPACITY);
    CHECK(mote_journal_commit(device.journal) == MOTE_ERR_SEQUENCE);
    CHECK(device.save(2) == MOTE_OK);
    REQUIRE(device.start() == MOTE_OK);
    CHECK(device.newest() == 2);
}

TEST_CASE("the longest record finds room whatever was saved before it") {
    for (const Geometry &geometry :
         {Geometry{2, 256, 4, false}, Geometry{2, 1024, 16, true}, Geometry{3, 1024, 8, true},
          Geometry{4, 256, 1, false}, Geometry{7, 256, 16, false}, Geometry{16, 256, 2, false}}) {
        INFO(geometry.sectors << " sectors of " << geometry.sector_bytes << ", words of " << geometry.word);
        const uint32_t most = static_cast<uint32_t>(MOTE_JOURNAL_CAPACITY(geometry.sectors, geometry.sector_bytes));
        Device device(geometry, sizes, 1);
        REQUIRE(device.start() == MOTE_OK);
        CHECK(mote_journal_begin(device.journal, most + 1) == MOTE_ERR_CAPACITY);
        CHECK(mote_journal_begin(device.journal, SIZE_MAX) == MOTE_ERR_CAPACITY);
        Random random(2);
        for (uint32_t i = 0; i < 200; ++i) {
            const std::vector<uint8_t> bytes = record_of(i, random.below(2) == 0 ? most : 4 + random.below(most - 3));
            REQUIRE(save_bytes(device.journal, bytes) == MOTE_OK);
            if (random.below(4) == 0) REQUIRE(device.start() == MOTE_OK);
            REQUIRE(read_newest(device.journal) == bytes);
        }
        CHECK(device.flash.misuses() == 0);
    }
}

TEST_CASE("wear is spread over the sectors") {
    const auto spread = [](const Geometry &geometry, const Sizes &lengths, uint32_t saves) {
        Device device(geometry, lengths, 1);
        REQUIRE(device.start() == MOTE_OK);
        for (uint32_t number = 1; number <= saves; ++number) REQUIRE(device.save(number) == MOTE_OK);
        const auto [least, most] = std::minmax_element(device.flash.erases().begin(), device.flash.erases().end());
        return std::pair<uint32_t, uint32_t>(*least, *most);
    };
    for (const Geometry &geometry :
         {Geometry{2, 2048, 4, false}, Geometry{5, 1024, 8, true}, Geometry{16, 1024, 1, false}}) {
        const auto [least, most] = spread(geometry, sizes, 1000);
        CHECK(most <= least + 1);
        CHECK(least > 0);
    }
    for (const Geometry &geometry :
         {Geometry{5, 256, 4, false}, Geometry{16, 256, 8, true}, Geometry{9, 256, 4, false}}) {
        INFO(geometry.sectors << " sectors");
        const auto [least, most] = spread(geometry, {300, 380}, 3000);
        CHECK(most < 5 * least);
    }
}

TEST_CASE("records share a sector while there is room, and a start without ECC goes on in it") {
    Device device({2, 2048, 4, false}, {200, 200}, 1);
    for (uint32_t number = 1; number <= 6; ++number) {
        REQUIRE(device.start() == MOTE_OK);
        REQUIRE(device.save(number) == MOTE_OK);
    }
    CHECK(device.flash.erases() == std::vector<uint32_t>{1, 0});
    Device careful({2, 2048, 4, true}, {200, 200}, 1);
    for (uint32_t number = 1; number <= 6; ++number) {
        REQUIRE(careful.start() == MOTE_OK);
        REQUIRE(careful.save(number) == MOTE_OK);
    }
    CHECK(careful.flash.erases() == std::vector<uint32_t>{3, 3});
}

TEST_CASE("a sector that does not erase is told and avoided") {
    for (const Wear wear : {Wear::Refuses, Wear::StaysDirty}) {
        Device device(small, sizes, 1);
        REQUIRE(device.start() == MOTE_OK);
        for (uint32_t number = 1; number <= 30; ++number) REQUIRE(device.save(number) == MOTE_OK);
        device.flash.wear_out(1, wear);
        device.flash.wear_out(3, wear);
        for (uint32_t number = 31; number <= 90; ++number) {
            if (number % 9 == 0 && number < 75) REQUIRE(device.start() == MOTE_OK);
            REQUIRE(device.save(number) == MOTE_OK);
            REQUIRE(device.newest() == number);
        }
        for (uint32_t sector = 0; sector < 4; ++sector) CHECK(mote_journal_worn(device.journal, sector) == sector % 2);
        CHECK(mote_journal_worn(device.journal, 4) == 0);
        device.flash.wear_out(0, wear);
        device.flash.wear_out(2, wear);
        uint32_t saved = 90;
        while (device.save(saved + 1) == MOTE_OK) ++saved;
        REQUIRE(saved < 96);
        CHECK(device.save(saved + 1) == MOTE_ERR_WRITE);
        CHECK(device.newest() == saved);
        REQUIRE(device.start() == MOTE_OK);
        CHECK(device.newest() == saved);
        CHECK(device.fault() == "");
        CHECK(device.flash.misuses() == 0);
    }
}

TEST_CASE("a flash that cannot be programmed is told, and the record begun again elsewhere") {
    Device device(small, sizes, 1);
    REQUIRE(device.start() == MOTE_OK);
    REQUIRE(device.save(1) == MOTE_OK);
    REQUIRE(mote_journal_begin(device.journal, 400) == MOTE_OK);
    device.flash.fail_programs(true);
    const std::vector<uint8_t> bytes = record_of(1, 400);
    CHECK(mote_journal_write(device.journal, bytes.data(), 400) == MOTE_ERR_WRITE);
    CHECK(mote_journal_write(device.journal, bytes.data(), 400) == MOTE_ERR_SEQUENCE);
    CHECK(mote_journal_begin(device.journal, 400) == MOTE_ERR_WRITE);
    CHECK(device.newest() == 1);
    device.flash.fail_programs(false);
    CHECK(device.save(2) == MOTE_OK);
    REQUIRE(device.start() == MOTE_OK);
    CHECK(device.newest() == 2);
    CHECK(device.flash.misuses() == 0);
}

TEST_CASE("bytes that were not programmed as given are found before the record counts") {
    Device device(small, sizes, 1);
    REQUIRE(device.start() == MOTE_OK);
    REQUIRE(device.save(1) == MOTE_OK);
    REQUIRE(mote_journal_begin(device.journal, 400) == MOTE_OK);
    const std::vector<uint8_t> bytes = record_of(2, 400);
    REQUIRE(mote_journal_write(device.journal, bytes.data(), 400) == MOTE_OK);
    unsigned char *const end = device.flash.bytes.data() + device.flash.bytes.size();
    unsigned char *const written = std::search(device.flash.bytes.data(), end, bytes.begin(), bytes.end());
    REQUIRE(written != end);
    written[200] ^= 1;
    CHECK(mote_journal_commit(device.journal) == MOTE_ERR_WRITE);
    CHECK(device.newest() == 1);
    REQUIRE(device.start() == MOTE_OK);
    CHECK(device.newest() == 1);
}

TEST_CASE("a word that cannot be read is damage; any other error of a read is the call's") {
    Device device(small, sizes, 1);
    REQUIRE(device.start() == MOTE_OK);
    REQUIRE(device.save(1) == MOTE_OK);
    REQUIRE(device.save(2) == MOTE_OK);
    mote_journal_record record;
    REQUIRE(mote_journal_newest(device.journal, &record) == MOTE_OK);
    const Device::Snapshot whole = device.snapshot();
    const Buffer before = device.flash.bytes;
    device.flash.fail_reads_with(MOTE_ERR_PARALLEL);
    uint8_t byte;
    CHECK(mote_journal_read(device.journal, 0, &byte, 1) == MOTE_ERR_PARALLEL);
    CHECK(device.start() == MOTE_ERR_PARALLEL);
    CHECK(device.flash.bytes == before);
    device.restore(whole);
    device.flash.make_unreadable(record.address);
    CHECK(mote_journal_read(device.journal, 0, &byte, 1) == MOTE_ERR_READ);
    REQUIRE(device.start() == MOTE_OK);
    CHECK(device.newest() == 1);
    CHECK(device.save(3) == MOTE_OK);
    CHECK(device.newest() == 3);
}

TEST_CASE("a journal of other sectors or words is refused, not erased") {
    Device device(small, sizes, 1);
    REQUIRE(device.start() == MOTE_OK);
    REQUIRE(device.save(1) == MOTE_OK);
    const Buffer before = device.flash.bytes;
    Arena arena(MOTE_JOURNAL_BYTES);
    mote_flash other = device.flash.description();
    other.sector_bytes = 512;
    CHECK(open_with(other, arena) == MOTE_ERR_FORMAT);
    other = device.flash.description();
    other.word = 8;
    CHECK(open_with(other, arena) == MOTE_ERR_FORMAT);
    CHECK(device.flash.bytes == before);
}

TEST_CASE("without callbacks that write, a flash is read and listed as it is") {
    Device device(small, sizes, 1);
    REQUIRE(device.start() == MOTE_OK);
    for (uint32_t number = 1; number <= 8; ++number) REQUIRE(device.save(number) == MOTE_OK);
    device.flash.power_on();
    device.flash.cut_in_step(200);
    REQUIRE(device.save(9) != MOTE_OK);
    device.flash.power_on();
    mote_flash dump = device.flash.description();
    dump.program = nullptr;
    dump.erase = nullptr;
    Arena arena(MOTE_JOURNAL_BYTES);
    REQUIRE(mote_journal_open(&device.journal, &arena.arena, &dump) == MOTE_OK);
    CHECK(device.newest() == 8);
    CHECK(mote_journal_begin(device.journal, 8) == MOTE_ERR_ARG);
    mote_journal_record record = {};
    for (uint32_t number = 9; number > 3; --number) {
        REQUIRE(mote_journal_older(device.journal, &record) == MOTE_OK);
        CHECK(record.sequence == number);
        CHECK(record.bytes == sizes.of(number));
        CHECK(record.state == (number == 9 ? MOTE_RECORD_DAMAGED : MOTE_RECORD_CONFIRMED));
    }
    while (mote_journal_older(device.journal, &record) == MOTE_OK) {
    }
    CHECK(mote_journal_older(device.journal, &record) == MOTE_ERR_MISSING);
}
