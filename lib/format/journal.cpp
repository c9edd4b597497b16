// The journal's API.
#include "journal.h"

#include "arena.h"

namespace mote::journal {
namespace {

mote_status check(const mote_flash &f) {
    if (f.read == nullptr || (f.program == nullptr) != (f.erase == nullptr)) return MOTE_ERR_ARG;
    if (f.word == 0 || (f.word & (f.word - 1)) != 0) return MOTE_ERR_ARG;
    if (f.word > kLine) return MOTE_ERR_UNSUPPORTED;
    if (f.ecc > 1 || f.sectors < 2 || f.sectors > MOTE_JOURNAL_SECTORS) return MOTE_ERR_ARG;
    if (f.sector_bytes < 4 * kUnit || f.sector_bytes % kUnit != 0) return MOTE_ERR_ARG;
    return uint64_t{f.sectors} * f.sector_bytes <= 1u << 31 ? MOTE_OK : MOTE_ERR_SIZE;
}

uint64_t capacity(const mote_flash &f) { return MOTE_JOURNAL_CAPACITY(f.sectors, f.sector_bytes); }

} // namespace
} // namespace mote::journal

using namespace mote::journal;

extern "C" {

mote_status mote_journal_open(mote_journal **journal, mote_arena *arena, const mote_flash *flash) {
    if (journal == nullptr || arena == nullptr || flash == nullptr) return MOTE_ERR_ARG;
    mote_status status = check(*flash);
    void *memory = nullptr;
    if (status == MOTE_OK) status = mote::arena_alloc(arena, MOTE_JOURNAL_BYTES, &memory);
    if (status != MOTE_OK) return status;
    mote_journal *const opened = static_cast<mote_journal *>(memory);
    opened->flash = *flash;
    opened->sequence = 1;
    status = recover(opened);
    if (status == MOTE_OK)
        *journal = opened;
    else
        arena->used -= MOTE_JOURNAL_BYTES;
    return status;
}

mote_status mote_journal_newest(const mote_journal *journal, mote_journal_record *record) {
    if (journal == nullptr || record == nullptr) return MOTE_ERR_ARG;
    const Record &r = journal->newest;
    if (!r.exists()) return MOTE_ERR_MISSING;
    *record = {r.address, r.bytes, r.sequence, r.state};
    return MOTE_OK;
}

mote_status mote_journal_read(const mote_journal *journal, uint32_t offset, void *bytes, size_t count) {
    if (journal == nullptr || bytes == nullptr) return MOTE_ERR_ARG;
    const Record &r = journal->newest;
    if (!r.exists()) return MOTE_ERR_MISSING;
    if (offset > r.bytes || count > r.bytes - offset) return MOTE_ERR_ARG;
    if (count == 0) return MOTE_OK;
    return journal->flash.read(journal->flash.user, r.address + offset, bytes, static_cast<uint32_t>(count));
}

mote_status mote_journal_begin(mote_journal *journal, size_t bytes) {
    if (journal == nullptr || bytes == 0 || journal->flash.program == nullptr) return MOTE_ERR_ARG;
    if (bytes > capacity(journal->flash)) return MOTE_ERR_CAPACITY;
    journal->failed = MOTE_OK;
    return begin(journal, static_cast<uint32_t>(bytes), {journal->newest, journal->newest});
}

mote_status mote_journal_write(void *journal, const void *bytes, size_t count) {
    if (journal == nullptr || (bytes == nullptr && count != 0)) return MOTE_ERR_ARG;
    mote_journal *const j = static_cast<mote_journal *>(journal);
    if (!j->pending.exists()) return MOTE_ERR_SEQUENCE;
    return write(j, static_cast<const uint8_t *>(bytes), count);
}

mote_status mote_journal_commit(mote_journal *journal) {
    if (journal == nullptr) return MOTE_ERR_ARG;
    if (!journal->pending.exists() || journal->written != journal->pending.bytes) return MOTE_ERR_SEQUENCE;
    return commit(journal);
}

uint32_t mote_journal_worn(const mote_journal *journal, uint32_t sector) {
    return journal != nullptr && sector < journal->flash.sectors && is_worn(*journal, sector) ? 1 : 0;
}

mote_status mote_journal_older(mote_journal *journal, mote_journal_record *record) {
    if (journal == nullptr || record == nullptr) return MOTE_ERR_ARG;
    const Record bound = {record->address, 0, record->sequence, 0, {0, 0}, 0};
    Record r;
    journal->failed = MOTE_OK;
    if (!last_before(journal, bound.exists() ? &bound : nullptr, &r))
        return journal->failed != MOTE_OK ? journal->failed : MOTE_ERR_MISSING;
    *record = {r.address, r.bytes, r.sequence, state_of(journal, r)};
    return journal->failed;
}
}
