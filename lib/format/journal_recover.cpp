// What is done when a journal is opened: whatever a power cut left undecided is decided for good, before anything is
// told.
#include "journal.h"

namespace mote::journal {
namespace {

struct Found {
    Record newest;    // the last one with a commit mark
    Record confirmed; // the last one that was saved to the end, or behind which a later one was begun
    bool doubt;       // whether anything whole is later than that
};

void find(mote_journal *j, Found *found) {
    *found = {};
    Record r, last;
    bool first = true;
    for (; !found->confirmed.exists() && last_before(j, first ? nullptr : &last, &r); first = false) {
        if (first) j->sequence = r.sequence + 1;
        r.state = state_of(j, r);
        if (r.state >= MOTE_RECORD_DOUBTFUL && !found->newest.exists()) found->newest = r;
        const bool later = found->newest.exists() && found->newest.address != r.address;
        if (r.state == MOTE_RECORD_CONFIRMED || (r.state == MOTE_RECORD_COMMITTED && later))
            found->confirmed = r;
        else if (r.state != MOTE_RECORD_DAMAGED)
            found->doubt = true;
        last = r;
    }
}

// Whether a group of sectors was begun before a record was, or never: what it holds can then never become the newest.
bool is_harmless(mote_journal *j, const Group &group, bool marked, const Record &known) {
    const uint32_t begin = group.first * j->flash.sector_bytes, header = begin + kFirst;
    Record r;
    if (marked && read_header(j, header, group, &r)) return !before(*j, known, r);
    return is_blank(j, begin, begin + kLine) && is_blank(j, header, header + kLine);
}

// Erases what a cut left behind, other than records that are still needed: a sector whose erasing was cut may show a
// record at one start and not at another.
void erase_remains(mote_journal *j, const Found &found) {
    const Kept kept{found.newest, found.confirmed};
    Group group;
    for (uint32_t sector = 0; sector < j->flash.sectors && j->failed == MOTE_OK; sector += group.sectors) {
        const bool marked = read_mark(j, sector, &group);
        if (!marked) group = {sector, 1};
        if (!kept.touches(sector) &&
            !is_harmless(j, group, marked, found.confirmed.exists() ? found.confirmed : found.newest))
            erase(j, group);
    }
}

// Writes the newest record once more, with a sequence number above all others. False: there is no room.
bool write_anew(mote_journal *j, const Found &found) {
    const Kept kept{found.newest, found.confirmed};
    mote_status status = MOTE_ERR_WRITE;
    for (uint32_t attempt = 0; attempt < j->flash.sectors && status == MOTE_ERR_WRITE; ++attempt) {
        if (begin(j, found.newest.bytes, kept) != MOTE_OK) return false;
        status = read_data(j, found.newest, Data::Copied);
        if (status == MOTE_OK) status = commit(j);
    }
    j->pending = {};
    return status == MOTE_OK;
}

// Whether a record reads as no less than a state each time, as one does whose marks up to that are finished and whose
// sectors nobody began to erase. A mark that was cut reads one way or the other at random: 16 times the same way in one
// of 65,536 cases.
bool is_steady(mote_journal *j, const Record &r, uint32_t least) {
    bool steady = true;
    for (uint32_t i = 0; i < 16 && steady; ++i) steady = state_of(j, r) >= least;
    return steady;
}

} // namespace

mote_status recover(mote_journal *j) {
    Found found;
    for (;;) {
        find(j, &found);
        j->newest = found.newest;
        if (j->failed != MOTE_OK || !found.newest.exists() || j->flash.program == nullptr) return j->failed;
        erase_remains(j, found);
        j->open = found.newest.group;
        j->tail = find_tail(j, j->open);
        if (!found.doubt || write_anew(j, found)) return j->failed;
        // No room beside both. If the later one is in doubt, it was not told to anybody yet, and the other is the
        // newest.
        const bool apart = found.confirmed.exists() && found.confirmed.group.first != found.newest.group.first;
        if (!apart || is_steady(j, found.newest, MOTE_RECORD_COMMITTED)) return j->failed;
        // The first confirmation of the other one may have been cut, but was begun: its commit mark is finished.
        if (!is_steady(j, found.confirmed, MOTE_RECORD_DOUBTFUL)) return j->failed;
        if (erase(j, found.newest.group)) continue;
        j->newest = found.confirmed; // the later one may be half erased
        j->open = found.confirmed.group;
        j->tail = 0;
        return j->failed;
    }
}

} // namespace mote::journal
