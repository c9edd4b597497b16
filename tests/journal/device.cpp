#include "device.h"

#include <algorithm>
#include <cstring>

namespace mote_test {

std::vector<uint8_t> record_of(uint32_t number, uint32_t bytes) {
    std::vector<uint8_t> record(bytes);
    Random random(number);
    for (uint8_t &byte : record) byte = static_cast<uint8_t>(random.next() >> 56);
    std::memcpy(record.data(), &number, sizeof number);
    return record;
}

uint32_t Sizes::of(uint32_t number) const { return least + Random(~uint64_t{number}).below(most - least + 1); }

Device::Device(const Geometry &geometry, const Sizes &sizes, uint64_t seed)
    : flash(geometry, seed), sizes_(sizes), arena_(MOTE_JOURNAL_BYTES) {}

mote_status Device::start() {
    arena_.arena.used = 0;
    journal = nullptr;
    const mote_flash description = flash.description();
    return mote_journal_open(&journal, &arena_.arena, &description);
}

mote_status Device::save(uint32_t number) {
    const std::vector<uint8_t> record = record_of(number, sizes_.of(number));
    mote_status status = mote_journal_begin(journal, record.size());
    /* In pieces of different lengths. */
    for (size_t at = 0, piece = 1; at < record.size() && status == MOTE_OK; at += piece, piece = 2 * piece + number % 3)
        status = mote_journal_write(journal, record.data() + at, std::min(piece, record.size() - at));
    return status == MOTE_OK ? mote_journal_commit(journal) : status;
}

uint32_t Device::newest() {
    mote_journal_record found;
    const mote_status status = mote_journal_newest(journal, &found);
    if (status == MOTE_ERR_MISSING) return 0;
    std::vector<uint8_t> bytes(std::max<size_t>(found.bytes, sizeof(uint32_t)));
    uint32_t number = 0;
    if (mote_journal_read(journal, 0, bytes.data(), found.bytes) != MOTE_OK) fault_ = "the newest record is unreadable";
    std::memcpy(&number, bytes.data(), sizeof number);
    if (fault_.empty() && bytes != record_of(number, sizes_.of(number)))
        fault_ = "the newest record is not one that was saved";
    return number;
}

void Device::restore(const Snapshot &snapshot) {
    flash = snapshot.flash;
    std::memcpy(arena_.memory.data(), snapshot.memory.data(), snapshot.memory.size());
    arena_.arena.used = snapshot.used;
    journal = snapshot.journal;
}

} // namespace mote_test
