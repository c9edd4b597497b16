/* mote_journal.h: a journal in flash, for checkpoints, models or any other records that must survive a power cut.
 *
 * The flash is an area of sectors that erase to ones and words that are programmed once. Three callbacks reach it. The
 * power may be cut at any byte of any of them: the next mote_journal_open finds the last record that was saved, or the
 * one that was being saved, whole. lib/format/JOURNAL.md describes what lies in the flash, and why that holds.
 *
 *     mote_journal_open(&journal, &arena, &flash);
 *     if (mote_journal_newest(journal, &record) == MOTE_OK) ... mote_journal_read, or in place at record.address
 *     mote_journal_begin(journal, mote_checkpoint_bytes(&config, &train));
 *     mote_checkpoint_save(trainer, NULL, NULL, 0, &scratch, mote_journal_write, journal);
 *     mote_journal_commit(journal);
 *
 * Nothing is allocated; no call uses more than 1 KiB of stack, that of the callbacks left out.
 */
#ifndef MOTE_JOURNAL_H
#define MOTE_JOURNAL_H

#include "mote.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The most sectors that a journal has. */
#define MOTE_JOURNAL_SECTORS 256u
/* The longest record that always finds room, in bytes, where every sector erases: it takes half of the sectors. */
#define MOTE_JOURNAL_CAPACITY(sectors, sector_bytes) (MOTE_SZ_U64(sectors) / 2u * MOTE_SZ_U64(sector_bytes) - 128u)
/* What a journal takes of an arena. */
#define MOTE_JOURNAL_BYTES 192u

/* An area of flash. Addresses count bytes from its beginning, sectors from 0. An erased byte reads 0xFF. What the
 * callbacks are given as `user` is the caller's own. */
typedef struct mote_flash {
    uint32_t sectors;      /* 2 to MOTE_JOURNAL_SECTORS */
    uint32_t sector_bytes; /* a multiple of 64, 256 or more; all sectors together have at most 2 GiB */
    uint32_t word;         /* bytes that are programmed at once: 1, 2, 4, 8 or 16 */
    uint32_t ecc; /* 1: the flash has error correction; a word must not be programmed again even if the power was
                     cut the first time and it reads blank. Each start then begins with a fresh sector */
    void *user;
    /* MOTE_ERR_READ: a word of these cannot be read, as one of a flash with ECC whose programming was cut. It counts as
     * damaged. With any other error the call of the journal returns that error, before it changes more of the flash. */
    mote_status (*read)(void *user, uint32_t address, void *bytes, uint32_t count);
    /* Programs whole words, each of them once after an erase; `bytes` may lie anywhere. Returns when they are
     * programmed. NULL, with `erase`: the flash is only read, as a dump of one. */
    mote_status (*program)(void *user, uint32_t address, const void *bytes, uint32_t count);
    /* Returns when the sector is erased. One that fails, or after which the sector does not read blank, makes the
     * sector a worn one, which is avoided until the journal is opened again. */
    mote_status (*erase)(void *user, uint32_t sector);
} mote_flash;

typedef struct mote_journal mote_journal;

/* How much of a record is there. */
#define MOTE_RECORD_DAMAGED 0u     /* its bytes are not those that its checksum is of: cut short, or partly erased */
#define MOTE_RECORD_UNCOMMITTED 1u /* whole, but without its commit mark: it does not exist */
#define MOTE_RECORD_DOUBTFUL 2u    /* with a commit mark whose programming may have been cut */
#define MOTE_RECORD_COMMITTED 3u   /* with a finished one; the power was cut right after it */
#define MOTE_RECORD_CONFIRMED 4u   /* saved to the end */

typedef struct mote_journal_record {
    uint32_t address; /* of its first byte, a multiple of 64: where flash is memory, it is used in place */
    uint32_t bytes;
    uint32_t sequence; /* that of the record before, and 1 or more; 2^32 - 1 is followed by 0 */
    uint32_t state;    /* MOTE_RECORD_… */
} mote_journal_record;

/* Finds the newest whole record and sees to it that every later call finds the same one: where the power was cut, it
 * erases what was begun, and writes a record anew whose commit mark is in doubt. The description of the flash is
 * copied. MOTE_ERR_UNSUPPORTED: words of more than 16 bytes. MOTE_ERR_FORMAT: the area has a journal with other sectors
 * or words. An empty area, or one with anything else in it, is a journal without records. Nothing of that is
 * erased before the first record is saved; a later start then erases what is not the journal's. */
mote_status mote_journal_open(mote_journal **journal, mote_arena *arena, const mote_flash *flash);

/* The newest record. MOTE_ERR_MISSING: there is none. */
mote_status mote_journal_newest(const mote_journal *journal, mote_journal_record *record);
/* `count` bytes of the newest record, from `offset` on. MOTE_ERR_ARG past its end; else what the callback returns. */
mote_status mote_journal_read(const mote_journal *journal, uint32_t offset, void *bytes, size_t count);

/* Begins a record of exactly so many bytes, and gives up one that was begun and not committed. Erases sectors where it
 * needs room. The newest record stays where it is until the new one is committed. MOTE_ERR_CAPACITY: more than
 * MOTE_JOURNAL_CAPACITY. MOTE_ERR_WRITE: no sectors that erase and can be programmed are left for it. */
mote_status mote_journal_begin(mote_journal *journal, size_t bytes);
/* Takes the next bytes of the record: a mote_write_fn, with the journal as its `user`. MOTE_ERR_SEQUENCE: none was
 * begun. MOTE_ERR_CAPACITY: more bytes than were announced. MOTE_ERR_WRITE: the flash could not be programmed. After an
 * error the record is given up; begin it again, and it goes to another place. */
mote_status mote_journal_write(void *journal, const void *bytes, size_t count);
/* Reads the record back and makes it the newest. MOTE_ERR_SEQUENCE: fewer bytes were written than announced.
 * MOTE_ERR_WRITE: the flash does not hold what was written, and the newest record is the one before; where the commit
 * mark had been programmed, the next start may find the new one all the same. */
mote_status mote_journal_commit(mote_journal *journal);

/* 1: the sector did not erase since the journal was opened, so that the flash wears out; else 0. */
uint32_t mote_journal_worn(const mote_journal *journal, uint32_t sector);
/* The next older record, whatever is left of it; of one with address 0 the last one begun. MOTE_ERR_MISSING past the
 * oldest. To look at a dump. */
mote_status mote_journal_older(mote_journal *journal, mote_journal_record *record);

#ifdef __cplusplus
}
#endif

#endif
