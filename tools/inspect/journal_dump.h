#pragma once

#include "aligned_memory.h"
#include "mote_journal.h"

#include <string>
#include <vector>

namespace mote::cli {

/* The bytes of a flash with a journal in it, from its first sector on; more may follow. */
class JournalDump {
  public:
    /* Throws Failure where the file has no journal. Nothing of it is repaired. */
    explicit JournalDump(const std::string &path);

    const mote_flash &flash() const { return flash_; }
    /* All records of which anything is left, the latest first. */
    const std::vector<mote_journal_record> &records() const { return records_; }
    /* The one that a device would find; null: none. */
    const mote_journal_record *newest() const { return newest_.address != 0 ? &newest_ : nullptr; }
    const unsigned char *bytes_of(const mote_journal_record &record) const { return bytes_.data() + record.address; }

  private:
    bool open_as(const mote_flash &flash);

    AlignedBytes bytes_;
    mote_flash flash_{};
    std::vector<mote_journal_record> records_;
    mote_journal_record newest_{};
};

/* MOTE_RECORD_… in words. */
const char *state_name(uint32_t state);

} // namespace mote::cli
