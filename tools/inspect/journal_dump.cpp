#include "journal_dump.h"

#include "errors.h"
#include "files.h"

#include <algorithm>
#include <cstring>

namespace mote::cli {

namespace {

constexpr uint32_t least_sector = 256, mark_bytes = 16;

/* What a mark at the beginning of a sector says of the flash (lib/format/JOURNAL.md). */
struct Mark {
    char magic[4];
    uint32_t sector_bytes;
    uint16_t sectors;
    uint8_t word, reserved;
    uint32_t crc;
};
static_assert(sizeof(Mark) == mark_bytes, "a mark has 16 bytes");

mote_status read_from(void *user, uint32_t address, void *bytes, uint32_t count) {
    std::memcpy(bytes, static_cast<const AlignedBytes *>(user)->data() + address, count);
    return MOTE_OK;
}

} // namespace

const char *state_name(uint32_t state) {
    switch (state) {
    case MOTE_RECORD_CONFIRMED:
        return "saved";
    case MOTE_RECORD_COMMITTED:
        return "saved, the power was cut right after it";
    case MOTE_RECORD_DOUBTFUL:
        return "saved, the power may have been cut while it was marked so";
    case MOTE_RECORD_UNCOMMITTED:
        return "not committed";
    default:
        return "incomplete or damaged";
    }
}

/* With the sectors and words of a mark: what the library finds. */
bool JournalDump::open_as(const mote_flash &flash) {
    OwnArena arena(MOTE_JOURNAL_BYTES);
    mote_journal *journal = nullptr;
    if (mote_journal_open(&journal, arena.get(), &flash) != MOTE_OK) return false;
    flash_ = flash;
    mote_journal_record record{};
    while (mote_journal_older(journal, &record) == MOTE_OK) records_.push_back(record);
    if (mote_journal_newest(journal, &newest_) != MOTE_OK) newest_ = {};
    return !records_.empty();
}

JournalDump::JournalDump(const std::string &path) : bytes_(read_bytes(path)) {
    for (size_t at = 0; at + mark_bytes <= bytes_.size(); at += least_sector / 4) {
        Mark mark;
        std::memcpy(&mark, bytes_.data() + at, sizeof mark);
        if (std::memcmp(mark.magic, "MOJ1", 4) != 0 || mark.sector_bytes < least_sector || at % mark.sector_bytes != 0)
            continue;
        const size_t sectors = std::min<size_t>(bytes_.size() / mark.sector_bytes, MOTE_JOURNAL_SECTORS);
        if (open_as({static_cast<uint32_t>(sectors), mark.sector_bytes, mark.word, 0, &bytes_, read_from, nullptr,
                     nullptr}))
            return;
    }
    throw Failure(path + ": has no journal; give the bytes of its flash from the beginning of its first sector on");
}

} // namespace mote::cli
