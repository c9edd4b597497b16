#include "watch_flash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES = WATCH_FLASH_SECTORS * WATCH_FLASH_SECTOR_BYTES };

static __attribute__((aligned(MOTE_ALIGN))) unsigned char memory[BYTES];
static FILE *file;

static mote_status read_bytes(void *user, uint32_t address, void *bytes, uint32_t count) {
    (void)user;
    memcpy(bytes, memory + address, count);
    return MOTE_OK;
}

/* What has changed goes to the file at once. */
static mote_status keep(uint32_t address, uint32_t count) {
    const int kept = fseek(file, (long)address, SEEK_SET) == 0 && fwrite(memory + address, 1, count, file) == count &&
                     fflush(file) == 0;
    return kept ? MOTE_OK : MOTE_ERR_WRITE;
}

static mote_status program(void *user, uint32_t address, const void *bytes, uint32_t count) {
    const unsigned char *const from = bytes;
    (void)user;
    for (uint32_t i = 0; i < count; i++) memory[address + i] &= from[i];
    return keep(address, count);
}

static mote_status erase(void *user, uint32_t sector) {
    (void)user;
    memset(memory + sector * WATCH_FLASH_SECTOR_BYTES, 0xFF, WATCH_FLASH_SECTOR_BYTES);
    return keep(sector * WATCH_FLASH_SECTOR_BYTES, WATCH_FLASH_SECTOR_BYTES);
}

/* One that is new, or shorter, is erased flash. */
const mote_flash *watch_flash_open(void) {
    static const mote_flash flash = {
        WATCH_FLASH_SECTORS, WATCH_FLASH_SECTOR_BYTES, 16, 0, NULL, read_bytes, program, erase};
    memset(memory, 0xFF, sizeof memory);
    const char *const asked = getenv("WATCH_FLASH"), *const name = asked != NULL ? asked : "watch.flash";
    file = fopen(name, "r+b");
    if (file == NULL) file = fopen(name, "w+b");
    if (file == NULL) return NULL;
    const size_t found = fread(memory, 1, sizeof memory, file);
    (void)found;
    return ferror(file) == 0 && keep(0, sizeof memory) == MOTE_OK ? &flash : NULL;
}

const unsigned char *watch_flash_bytes(void) { return memory; }
