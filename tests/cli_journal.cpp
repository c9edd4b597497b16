/* mote journal: the dump of a flash in which a device kept its checkpoints. */
#include "cli_runner.h"

#include "mote_journal.h"

#include <doctest/doctest.h>

#include <cstring>

using namespace mote_test;

namespace {

constexpr uint32_t sectors = 16, sector_bytes = 4096;

mote_status read_flash(void *user, uint32_t address, void *bytes, uint32_t count) {
    std::memcpy(bytes, static_cast<std::string *>(user)->data() + address, count);
    return MOTE_OK;
}

mote_status program_flash(void *user, uint32_t address, const void *bytes, uint32_t count) {
    std::memcpy(static_cast<std::string *>(user)->data() + address, bytes, count);
    return MOTE_OK;
}

mote_status erase_flash(void *user, uint32_t sector) {
    std::memset(static_cast<std::string *>(user)->data() + sector * sector_bytes, 0xff, sector_bytes);
    return MOTE_OK;
}

/* A flash to whose journal records are added. */
class Flash {
  public:
    Flash() : bytes_(sectors * sector_bytes, '\xff') {
        const mote_flash flash = {sectors, sector_bytes, 4, 0, &bytes_, read_flash, program_flash, erase_flash};
        REQUIRE(mote_arena_init(&arena_, memory_, sizeof memory_) == MOTE_OK);
        REQUIRE(mote_journal_open(&journal_, &arena_, &flash) == MOTE_OK);
    }
    void save(const std::string &record) {
        begin(record);
        REQUIRE(mote_journal_commit(journal_) == MOTE_OK);
    }
    void begin(const std::string &record) {
        REQUIRE(mote_journal_begin(journal_, record.size()) == MOTE_OK);
        REQUIRE(mote_journal_write(journal_, record.data(), record.size()) == MOTE_OK);
    }
    const std::string &bytes() const { return bytes_; }

  private:
    std::string bytes_;
    alignas(MOTE_ALIGN) unsigned char memory_[MOTE_JOURNAL_BYTES];
    mote_arena arena_;
    mote_journal *journal_ = nullptr;
};

} // namespace

TEST_CASE("mote journal lists the records of a dump and writes the newest one") {
    Directory directory;
    directory.mote_ok(words("train rhyme --model rnn --hidden 8 --steps 3 --quiet -o m.mote --checkpoint c.mote"));
    Flash flash;
    flash.save("the first one");
    flash.save(directory.read("m.mote"));
    flash.save(directory.read("c.mote"));
    flash.begin("power is cut before this is committed");
    directory.write("flash.bin", flash.bytes() + "and more");
    const Outcome listed = directory.mote_ok(words("journal flash.bin -o newest.mote"));
    CHECK(directory.read("newest.mote") == directory.read("c.mote"));
    CHECK(listed.out.find("16 sectors of 4096 bytes, words of 4\n") == 0);
    CHECK(listed.out.find("saved; the newest\n") != std::string::npos);
    const nlohmann::json report = directory.mote_ok(words("journal flash.bin --json")).json();
    REQUIRE(report["records"].size() == 4);
    CHECK(report["records"][0]["state"] == "incomplete or damaged");
    CHECK(report["newest"]["sequence"] == 3);
    CHECK(report["records"][1] == report["newest"]);
    CHECK(report["records"][3]["bytes"] == 13);
    CHECK(report["sector_bytes"] == sector_bytes);
    directory.mote_ok(words("train rhyme --resume newest.mote --steps 5 --quiet -o n.mote"));
}

TEST_CASE("mote journal says of a file without a journal, or without a whole record, what it lacks") {
    Directory directory;
    const auto fails = [&](const std::string &arguments, int code, const std::string &message) {
        const Outcome outcome = directory.mote(words(arguments));
        CHECK(outcome.exit_code == code);
        CHECK(outcome.err.find(message) != std::string::npos);
        CHECK(outcome.lines_of_err() == 1);
        CHECK(!directory.has("newest.mote"));
    };
    directory.write("empty.bin", "");
    fails("journal empty.bin", 1, "empty.bin: has no journal");
    directory.write("blank.bin", std::string(sectors * sector_bytes, '\xff'));
    fails("journal blank.bin -o newest.mote", 1, "blank.bin: has no journal");
    Flash flash;
    flash.begin("power is cut before this is committed");
    directory.write("cut.bin", flash.bytes());
    CHECK(directory.mote_ok(words("journal cut.bin --json")).json()["newest"].is_null());
    fails("journal cut.bin -o newest.mote", 1, "cut.bin: no record");
    fails("journal cut.bin -o cut.bin", 2, "is the dump");
    fails("journal missing.bin", 1, "missing.bin");
    directory.write("short.bin", flash.bytes().substr(0, 60));
    fails("journal short.bin", 1, "short.bin: has no journal");
    std::string marks;
    for (int i = 0; i < 64; ++i) marks += std::string("MOJ1\0\1\0\0\1\0\4\0abcd", 16) + std::string(48, '\0');
    directory.write("marks.bin", marks);
    fails("journal marks.bin", 1, "marks.bin: has no journal");
}
