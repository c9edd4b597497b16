/* NOR flash that a program erases and programs while it runs, and reads where it lies. On the emulated board it is RAM
 * (flash_emulated.c); a product puts there what its maker's drivers do. */
#ifndef MOTE_FLASH_H
#define MOTE_FLASH_H

#include <stddef.h>

#define FLASH_SECTOR_BYTES 4096u /* erased at once, to bits that are all 1 */
#define FLASH_PAGE_BYTES 256u    /* programmed at once at most, from a multiple of it; bits only go from 1 to 0 */

/* The part of the flash that is not the program's: defined by memory.ld, its start a multiple of a sector. Not const,
 * as a compiler may read what is const only once. */
extern unsigned char board_slots_start[], board_slots_end[];

void flash_init(void);
/* Nonzero: the flash does not hold now what was asked for. */
int flash_erase(const unsigned char *sector);
int flash_program(const unsigned char *to, const void *bytes, size_t count);

#endif
