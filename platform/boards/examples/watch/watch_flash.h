/* The flash that the example keeps its journal in: on a board a part of the flash (watch_flash_board.c), on a host a
 * file (watch_flash_host.c). */
#ifndef MOTE_EXAMPLE_WATCH_FLASH_H
#define MOTE_EXAMPLE_WATCH_FLASH_H

#include "mote_journal.h"

enum { WATCH_FLASH_SECTORS = 64, WATCH_FLASH_SECTOR_BYTES = 4096 };

/* On a host it is the file that the environment variable WATCH_FLASH names, else watch.flash; it is made where it is
 * missing. NULL: it cannot be read and written. */
const mote_flash *watch_flash_open(void);

/* The bytes of the flash, as they lie in memory. */
const unsigned char *watch_flash_bytes(void);

#endif
