// Saving a record: room for it, its bytes, and its marks.
#include "crc.h"
#include "journal.h"

namespace mote::journal {
namespace {

bool holds(const Group &group, uint32_t sector) { return sector - group.first < group.sectors; }

// Whether a group may be erased. None goes over the middle of the flash: while the newest record lies in one half, the
// other one has room for the longest.
bool is_free(const mote_journal &j, const Group &group, const Kept &kept) {
    const uint32_t end = group.first + group.sectors, middle = j.flash.sectors / 2;
    if (end > j.flash.sectors || (group.first < middle && end > middle)) return false;
    for (uint32_t sector = group.first; sector < end; ++sector)
        if (kept.touches(sector) || is_worn(j, sector)) return false;
    return true;
}

// The sector from which on one looks for a new group: the one behind the last. Groups of several sectors would leave
// out the same ones in each round, so that they begin up to so many later.
uint32_t first_choice(const mote_journal &j, uint32_t sectors) {
    const uint32_t later = (j.sequence * 0x9e3779b1u >> 16) % sectors;
    return j.newest.exists() ? j.open.first + j.open.sectors + later : j.open.first + j.open.sectors;
}

// Erases sectors for a record and says so in the first of them.
bool open_group(mote_journal *j, uint32_t bytes, const Kept &kept) {
    const uint32_t size = j->flash.sector_bytes, all = j->flash.sectors;
    const uint32_t sectors = (kUnit + body_bytes(bytes, j->flash.word) + size - 1) / size;
    const uint32_t from = first_choice(*j, sectors);
    for (uint32_t i = 0; i < all && j->failed == MOTE_OK; ++i) {
        const Group group = {(from + i) % all, sectors};
        if (!is_free(*j, group, kept) || !erase(j, group)) continue;
        Mark mark = {kMarkMagic, size, static_cast<uint16_t>(sectors), static_cast<uint8_t>(j->flash.word), 0, 0};
        mark.crc = line_crc(group.first * size, &mark);
        j->open = group;
        j->tail = group.first * size + kFirst;
        if (program(j, group.first * size, &mark, kLine)) return true;
        j->tail = 0;
    }
    return false;
}

// Puts a header where there is room for the record. Not there any more if that fails.
bool begin_at_tail(mote_journal *j, uint32_t bytes) {
    const uint32_t end = (j->open.first + j->open.sectors) * j->flash.sector_bytes;
    if (j->tail == 0 || j->tail >= end || end - j->tail < kLine + body_bytes(bytes, j->flash.word)) return false;
    Header header = {kHeaderMagic, j->sequence, bytes, 0};
    header.crc = line_crc(j->tail, &header);
    // The magic number in a piece of its own: whatever order a flash programs a piece in, one that was cut has then at
    // most that number in it (find_tail).
    const uint8_t *const rest = reinterpret_cast<const uint8_t *>(&header);
    const uint32_t magic = j->flash.word <= sizeof header.magic ? sizeof header.magic : 0;
    const bool programmed =
        (magic == 0 || program(j, j->tail, rest, magic)) && program(j, j->tail + magic, rest + magic, kLine - magic);
    j->pending = {j->tail + kLine, bytes, j->sequence, header.crc, j->open, MOTE_RECORD_CONFIRMED};
    j->tail = programmed ? next_header(j->pending, j->flash.word) : 0;
    if (!programmed) j->pending = {};
    return programmed;
}

mote_status give_up(mote_journal *j) {
    j->pending = {};
    j->tail = 0;
    return j->failed != MOTE_OK ? j->failed : MOTE_ERR_WRITE;
}

// Whole lines of data. False: not programmed.
bool put_lines(mote_journal *j, const uint8_t *bytes, uint32_t count) {
    return program(j, j->pending.address + j->written / kLine * kLine, bytes, count);
}

// Whether the record lies in the flash, all but its commit mark.
bool reads_back(mote_journal *j) {
    Group group;
    Record r;
    return read_mark(j, j->pending.group.first, &group) &&
           read_header(j, j->pending.address - kLine, j->pending.group, &r) && r.crc == j->pending.crc &&
           state_of(j, j->pending) == MOTE_RECORD_UNCOMMITTED;
}

} // namespace

bool Kept::touches(uint32_t sector) const { return holds(one.group, sector) || holds(other.group, sector); }

mote_status begin(mote_journal *j, uint32_t bytes, const Kept &kept) {
    j->pending = {};
    for (uint32_t attempt = 0; !begin_at_tail(j, bytes); ++attempt)
        if (attempt == j->flash.sectors || !open_group(j, bytes, kept)) return give_up(j);
    ++j->sequence;
    j->written = 0;
    j->crc = j->pending.crc;
    return MOTE_OK;
}

mote_status write(mote_journal *j, const uint8_t *bytes, size_t count) {
    if (count > j->pending.bytes - j->written) {
        give_up(j);
        return MOTE_ERR_CAPACITY;
    }
    j->crc = crc32(j->crc, bytes, count);
    while (count > 0) {
        const uint32_t filled = j->written % kLine;
        const uint32_t whole = static_cast<uint32_t>(count) / kLine * kLine;
        uint32_t taken = kLine - filled < count ? kLine - filled : static_cast<uint32_t>(count);
        if (filled == 0 && whole > 0) {
            taken = whole;
            if (!put_lines(j, bytes, taken)) return give_up(j);
        } else {
            memcpy(j->line + filled, bytes, taken);
            if (filled + taken == kLine && !put_lines(j, j->line, kLine)) return give_up(j);
        }
        j->written += taken;
        bytes += taken;
        count -= taken;
    }
    return MOTE_OK;
}

mote_status commit(mote_journal *j) {
    const Record r = j->pending;
    const uint32_t filled = r.bytes % kLine;
    memset(j->line + filled, 0, kLine - filled);
    if (filled != 0 && !put_lines(j, j->line, kLine)) return give_up(j);
    uint8_t slot[kLine] = {};
    memcpy(slot, &j->crc, sizeof j->crc);
    const uint32_t word = j->flash.word;
    if (!program(j, slot_at(r, kChecksum, word), slot, slot_bytes(word)) || !reads_back(j)) return give_up(j);
    memset(slot, 0, sizeof j->crc);
    for (uint32_t mark = kCommit; mark < kSlots; ++mark)
        if (!program(j, slot_at(r, static_cast<Slot>(mark), word), slot, word)) return give_up(j);
    j->newest = r;
    j->pending = {};
    return MOTE_OK;
}

} // namespace mote::journal
