// What lies in the flash of a journal. Each word is looked at once: one whose programming was cut may read differently
// the next time.
#include "crc.h"
#include "journal.h"

namespace mote::journal {
namespace {

uint32_t address_of(const mote_journal &j, uint32_t sector) { return sector * j.flash.sector_bytes; }
uint32_t end_of(const mote_journal &j, const Group &group) { return address_of(j, group.first + group.sectors); }

bool reads_mark(mote_journal *j, uint32_t sector, Mark *mark) {
    const uint32_t address = address_of(*j, sector);
    return fetch(j, address, mark, kLine) && mark->magic == kMarkMagic && mark->crc == line_crc(address, mark);
}

bool is_programmed(mote_journal *j, const Record &r, Slot slot) {
    uint8_t word[kLine];
    if (!fetch(j, slot_at(r, slot, j->flash.word), word, j->flash.word)) return false;
    for (uint32_t i = 0; i < j->flash.word; ++i)
        if (word[i] != 0) return false;
    return true;
}

} // namespace

uint32_t line_crc(uint32_t address, const void *line) {
    uint8_t bytes[kLine];
    memcpy(bytes, &address, 4);
    memcpy(bytes + 4, line, kLine - 4);
    return crc32(0, bytes, kLine);
}

bool read_mark(mote_journal *j, uint32_t sector, Group *group) {
    Mark mark, other;
    if (!reads_mark(j, sector, &mark)) return false;
    if (mark.sector_bytes != j->flash.sector_bytes || mark.word != j->flash.word || mark.sectors == 0 ||
        mark.sectors > j->flash.sectors - sector) {
        j->failed = MOTE_ERR_FORMAT;
        return false;
    }
    // A worn sector keeps a mark of long ago, behind which other groups have begun.
    *group = {sector, 1};
    while (group->sectors < mark.sectors && !reads_mark(j, sector + group->sectors, &other)) ++group->sectors;
    return true;
}

bool read_header(mote_journal *j, uint32_t address, const Group &group, Record *record) {
    Header header;
    if (!fetch(j, address, &header, kLine) || header.magic != kHeaderMagic || header.crc != line_crc(address, &header))
        return false;
    *record = {address + kLine, header.bytes, header.sequence, header.crc, group, MOTE_RECORD_DAMAGED};
    if (j->found_one == 0) j->first_sequence = header.sequence;
    j->found_one = 1;
    const uint32_t room = end_of(*j, group) - record->address;
    return header.bytes != 0 && header.bytes < room && body_bytes(header.bytes, j->flash.word) <= room;
}

bool before(const mote_journal &j, const Record &a, const Record &b) {
    const uint32_t highest = j.first_sequence + 0x80000000u, from_a = highest - a.sequence,
                   from_b = highest - b.sequence;
    return from_a > from_b || (from_a == from_b && a.address < b.address);
}

// Every place where a header may be is looked at, also within records: what lies behind one is then found whether the
// header before it reads right or not.
bool last_before(mote_journal *j, const Record *bound, Record *record) {
    *record = {};
    Group group;
    Record r;
    for (uint32_t sector = 0; sector < j->flash.sectors; ++sector) {
        if (!read_mark(j, sector, &group)) continue;
        for (uint32_t at = address_of(*j, sector) + kFirst; at < end_of(*j, group); at += kUnit)
            if (read_header(j, at, group, &r) && (bound == nullptr || before(*j, r, *bound)) &&
                (!record->exists() || before(*j, *record, r)))
                *record = r;
    }
    return record->exists();
}

mote_status read_data(mote_journal *j, const Record &record, Data data) {
    uint8_t chunk[kChunk];
    uint32_t crc = record.crc, stored;
    for (uint32_t at = 0, count; at < record.bytes; at += count) {
        count = record.bytes - at < kChunk ? record.bytes - at : kChunk;
        if (!fetch(j, record.address + at, chunk, count)) return MOTE_ERR_READ;
        crc = crc32(crc, chunk, count);
        const mote_status status = data == Data::Copied ? write(j, chunk, count) : MOTE_OK;
        if (status != MOTE_OK) return status;
    }
    if (!fetch(j, slot_at(record, kChecksum, j->flash.word), &stored, sizeof stored)) return MOTE_ERR_READ;
    return stored == crc ? MOTE_OK : MOTE_ERR_CHECKSUM;
}

uint32_t state_of(mote_journal *j, const Record &record) {
    if (read_data(j, record, Data::Checked) != MOTE_OK) return MOTE_RECORD_DAMAGED;
    if (!is_programmed(j, record, kCommit)) return MOTE_RECORD_UNCOMMITTED;
    if (!is_programmed(j, record, kConfirm)) return MOTE_RECORD_DOUBTFUL;
    return is_programmed(j, record, kConfirmAgain) ? MOTE_RECORD_CONFIRMED : MOTE_RECORD_COMMITTED;
}

// Of a header whose programming was cut, the first word may still read blank. It is part of the magic number, so that
// it is programmed with the same bits again; where it is more than that, or may not be programmed again, there is no
// tail.
uint32_t find_tail(mote_journal *j, const Group &group) {
    if (j->flash.ecc != 0 || j->flash.word > sizeof(Header::magic)) return 0;
    uint32_t tail = address_of(*j, group.first) + kFirst;
    Record r;
    for (uint32_t at = tail; at < end_of(*j, group); at += kUnit)
        if (read_header(j, at, group, &r) && next_header(r, j->flash.word) > tail) tail = next_header(r, j->flash.word);
    return is_blank(j, tail, end_of(*j, group)) ? tail : 0;
}

} // namespace mote::journal
