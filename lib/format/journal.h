// A journal in flash: sectors, records and marks. JOURNAL.md describes them, and says why a power cut loses nothing.
#ifndef MOTE_JOURNAL_IMPL_H
#define MOTE_JOURNAL_IMPL_H

#include "mote_journal.h"
#include "port.h"

namespace mote::journal {

constexpr uint32_t kLine = 16;              // whole words of every flash; what is written in one piece begins with one
constexpr uint32_t kUnit = 64;              // data begin at multiples of it
constexpr uint32_t kFirst = 48;             // the header of a group's first record, from the beginning of the sector
constexpr uint32_t kChunk = 64;             // bytes read at once
constexpr uint32_t kMarkMagic = 0x314a4f4d; // "MOJ1"
constexpr uint32_t kHeaderMagic = 0x31524f4d; // "MOR1"

// At the beginning of a group of sectors, when they were erased and read blank.
struct Mark {
    uint32_t magic, sector_bytes;
    uint16_t sectors; // of the group
    uint8_t word, reserved;
    uint32_t crc; // of the address, then of the 12 bytes before
};

// Before the data of a record.
struct Header {
    uint32_t magic, sequence, bytes;
    uint32_t crc; // as in a mark
};

static_assert(sizeof(Mark) == kLine && sizeof(Header) == kLine, "a mark or a header is not a line");

struct Group {
    uint32_t first, sectors;
};

struct Record {
    uint32_t address, bytes, sequence;
    uint32_t crc; // of its header, with which that of its data begins
    Group group;
    uint32_t state; // MOTE_RECORD_…, where it is known

    bool exists() const { return address != 0; }
};

inline uint32_t round_up(uint32_t bytes, uint32_t to) { return (bytes + to - 1) / to * to; }

// Behind the data: the checksum, then marks of one word each, which are 0 when they are programmed.
enum Slot : uint32_t { kChecksum, kCommit, kConfirm, kConfirmAgain, kSlots };
inline uint32_t slot_bytes(uint32_t word) { return word < 4 ? 4 : word; }
inline uint32_t slot_at(const Record &r, Slot slot, uint32_t word) {
    return r.address + round_up(r.bytes, kLine) + slot * slot_bytes(word);
}
// Data and what is behind them.
inline uint32_t body_bytes(uint32_t bytes, uint32_t word) {
    return round_up(bytes, kLine) + round_up(kSlots * slot_bytes(word), kLine);
}
// Where the header of another record may be.
inline uint32_t next_header(const Record &r, uint32_t word) {
    return round_up(r.address + body_bytes(r.bytes, word) + kLine, kUnit) - kLine;
}
} // namespace mote::journal

struct mote_journal {
    mote_flash flash;
    mote_status failed; // an error of a read that is not of a word
    mote::journal::Record newest, pending;
    uint32_t sequence;         // of the next record
    uint32_t first_sequence;   // of the first header that was found, and
    uint32_t found_one;        // 1: there was one
    mote::journal::Group open; // where the last record was begun,
    uint32_t tail;             // and the next one may be; 0: nowhere in it
    uint32_t written, crc;     // of the pending record
    uint8_t line[16];          // of its data, until it is full
    uint32_t worn[MOTE_JOURNAL_SECTORS / 32];
};
static_assert(sizeof(mote_journal) <= MOTE_JOURNAL_BYTES, "the journal's handle is larger than its size macro says");

namespace mote::journal {

// --- journal_flash.cpp: the callbacks

// Whether the bytes could be read. An error but MOTE_ERR_READ stays in `failed`.
bool fetch(mote_journal *j, uint32_t address, void *bytes, uint32_t count);
bool is_blank(mote_journal *j, uint32_t address, uint32_t end);
bool program(mote_journal *j, uint32_t address, const void *bytes, uint32_t count);
// Whether the sector reads blank afterwards; else it is worn.
bool erase(mote_journal *j, uint32_t sector);
// From the last sector to the first one: while its mark is there, it can be told what the others are.
bool erase(mote_journal *j, const Group &group);
bool is_worn(const mote_journal &j, uint32_t sector);

// --- journal_scan.cpp: what lies in the flash

// The order of records. Sequence numbers go round: those of one flash lie closer together than 2^31, half below and
// half above the first one that was found. That is an order of whatever numbers, so that whoever walks along it comes
// to an end in a flash that somebody else has written, too.
bool before(const mote_journal &j, const Record &a, const Record &b);

// The checksum of a mark or a header, which only one at its own address has.
uint32_t line_crc(uint32_t address, const void *line);
bool read_mark(mote_journal *j, uint32_t sector, Group *group);
bool read_header(mote_journal *j, uint32_t address, const Group &group, Record *record);
// The last record before `bound` (null: of all).
bool last_before(mote_journal *j, const Record *bound, Record *record);
enum class Data { Checked, Copied };
// MOTE_OK: the data are those of which the checksum is. Copied: into the pending record, whether they are or not.
mote_status read_data(mote_journal *j, const Record &record, Data data);
// MOTE_RECORD_…
uint32_t state_of(mote_journal *j, const Record &record);
// Where the next record may be behind the last one of a group, in which a save may have been cut.
uint32_t find_tail(mote_journal *j, const Group &group);

// --- journal_save.cpp

// Records that are not to be erased; the second one may be none.
struct Kept {
    const Record &one, &other;

    bool touches(uint32_t sector) const;
};
mote_status begin(mote_journal *j, uint32_t bytes, const Kept &kept);
mote_status write(mote_journal *j, const uint8_t *bytes, size_t count);
mote_status commit(mote_journal *j);

// --- journal_recover.cpp

// Finds the newest record, and makes sure that it is found again.
mote_status recover(mote_journal *j);

} // namespace mote::journal

#endif
