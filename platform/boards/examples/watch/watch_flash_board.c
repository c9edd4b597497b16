#include "flash.h"
#include "watch_flash.h"

#include <string.h>

static mote_status read_bytes(void *user, uint32_t address, void *bytes, uint32_t count) {
    (void)user;
    memcpy(bytes, board_slots_start + address, count);
    return MOTE_OK;
}

/* Page by page. */
static mote_status program(void *user, uint32_t address, const void *bytes, uint32_t count) {
    const unsigned char *from = bytes;
    (void)user;
    while (count > 0) {
        const uint32_t room = FLASH_PAGE_BYTES - address % FLASH_PAGE_BYTES, piece = count < room ? count : room;
        if (flash_program(board_slots_start + address, from, piece) != 0) return MOTE_ERR_WRITE;
        address += piece;
        from += piece;
        count -= piece;
    }
    return MOTE_OK;
}

static mote_status erase(void *user, uint32_t sector) {
    (void)user;
    return flash_erase(board_slots_start + sector * FLASH_SECTOR_BYTES) == 0 ? MOTE_OK : MOTE_ERR_WRITE;
}

const mote_flash *watch_flash_open(void) {
    static const mote_flash flash = {
        WATCH_FLASH_SECTORS, WATCH_FLASH_SECTOR_BYTES, 16, 0, NULL, read_bytes, program, erase};
    flash_init();
    return &flash;
}

const unsigned char *watch_flash_bytes(void) { return board_slots_start; }
