// The callbacks of a journal: what they say of words and sectors.
#include "journal.h"

namespace mote::journal {

bool fetch(mote_journal *j, uint32_t address, void *bytes, uint32_t count) {
    const mote_status status = j->flash.read(j->flash.user, address, bytes, count);
    if (status != MOTE_OK && status != MOTE_ERR_READ) j->failed = status;
    return status == MOTE_OK;
}

bool is_blank(mote_journal *j, uint32_t address, uint32_t end) {
    uint8_t chunk[kChunk];
    for (uint32_t count; address < end; address += count) {
        count = end - address < kChunk ? end - address : kChunk;
        if (!fetch(j, address, chunk, count)) return false;
        for (uint32_t i = 0; i < count; ++i)
            if (chunk[i] != 0xff) return false;
    }
    return true;
}

bool program(mote_journal *j, uint32_t address, const void *bytes, uint32_t count) {
    return j->failed == MOTE_OK && j->flash.program(j->flash.user, address, bytes, count) == MOTE_OK;
}

bool is_worn(const mote_journal &j, uint32_t sector) { return (j.worn[sector / 32] >> sector % 32 & 1) != 0; }

bool erase(mote_journal *j, uint32_t sector) {
    if (j->failed != MOTE_OK) return false;
    const uint32_t begin = sector * j->flash.sector_bytes;
    const bool erased =
        j->flash.erase(j->flash.user, sector) == MOTE_OK && is_blank(j, begin, begin + j->flash.sector_bytes);
    if (!erased && j->failed == MOTE_OK) j->worn[sector / 32] |= 1u << sector % 32;
    return erased;
}

bool erase(mote_journal *j, const Group &group) {
    for (uint32_t i = group.sectors; i-- > 0;)
        if (!erase(j, group.first + i)) return false;
    return true;
}

} // namespace mote::journal
