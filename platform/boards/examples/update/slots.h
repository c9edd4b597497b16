/* Two slots for a model's blob in flash. Whichever is not in use can be written, and then be marked as the newer one.
 *
 *   board_slots_start                                                  board_slots_end
 *    | blob A            mark A, in the last page | blob B                      mark B |
 *
 * A mark has a sequence number and check bits over it and over the header of the blob, which holds the blob's checksum.
 * The highest number whose mark is whole is the newest. Programming the mark is the last thing that an update does and
 * the only thing that switches: power that is cut before leaves the slot without a whole mark, so that the old model is
 * the newest still. A record elsewhere that names the slot in use would have to be erased before it is written again,
 * and for that time there would be none; here nothing is erased but what is not in use.
 *
 * A slot without a mark has the number 0. So is the first blob, which is programmed together with the firmware. It may
 * also be an update that was cut short behind its last byte; the other slot is then looked at first, as A before B
 * where neither has a mark: B is not written before A has been in use. */
#ifndef MOTE_EXAMPLE_SLOTS_H
#define MOTE_EXAMPLE_SLOTS_H

#include <stddef.h>
#include <stdint.h>

enum { SLOT_A, SLOT_B, NO_SLOT };

/* The bytes that a blob may have. */
size_t slot_capacity(void);
const unsigned char *slot_blob(unsigned slot);
uint64_t slot_sequence(unsigned slot);
unsigned slot_newest(void);

/* Nonzero: the flash has failed. Erases the mark and room for so many bytes; `offset` is a multiple of a page. */
int slot_erase(unsigned slot, size_t bytes);
int slot_program(unsigned slot, size_t offset, const void *bytes, size_t count);
/* The blob of this slot, which has no mark, is the newest from now on. */
int slot_mark(unsigned slot);

#endif
