#include "slots.h"

#include "flash.h"
#include "mote.h"

#include <string.h>

enum { HEADER_BYTES = 128 }; /* of a blob (lib/format/FORMAT.md) */

/* 32 bytes, which is as much as common flashes program at least. */
typedef struct mark_record {
    uint64_t sequence;
    uint64_t unused[2];
    uint64_t check;
} mark_record;

static size_t slot_bytes(void) { return (size_t)(board_slots_end - board_slots_start) / 2; }

size_t slot_capacity(void) { return slot_bytes() - FLASH_PAGE_BYTES; }

const unsigned char *slot_blob(unsigned slot) { return board_slots_start + slot * slot_bytes(); }

static uint64_t check_of(unsigned slot, uint64_t sequence) {
    const uint64_t header = mote_fnv1a(MOTE_FNV_START, slot_blob(slot), HEADER_BYTES);
    return mote_fnv1a(header, &sequence, sizeof sequence);
}

uint64_t slot_sequence(unsigned slot) {
    mark_record mark;
    memcpy(&mark, slot_blob(slot) + slot_capacity(), sizeof mark);
    return mark.check == check_of(slot, mark.sequence) ? mark.sequence : 0;
}

unsigned slot_newest(void) { return slot_sequence(SLOT_B) > slot_sequence(SLOT_A) ? SLOT_B : SLOT_A; }

/* The sector of the mark first: what is partly erased has none. */
int slot_erase(unsigned slot, size_t bytes) {
    const unsigned char *const blob = slot_blob(slot);
    const size_t last = slot_bytes() - FLASH_SECTOR_BYTES;
    int failed = flash_erase(blob + last);
    for (size_t at = 0; at < bytes && at < last && !failed; at += FLASH_SECTOR_BYTES) failed = flash_erase(blob + at);
    return failed;
}

int slot_program(unsigned slot, size_t offset, const void *bytes, size_t count) {
    return flash_program(slot_blob(slot) + offset, bytes, count);
}

int slot_mark(unsigned slot) {
    const uint64_t sequence = slot_sequence(slot_newest()) + 1;
    const mark_record mark = {sequence, {0, 0}, check_of(slot, sequence)};
    return slot_program(slot, slot_capacity(), &mark, sizeof mark);
}
