/* RAM of the emulated board that stands for NOR flash: programming only clears bits. The power can be cut: run with the
 * argument N, the program ends before it has erased and programmed N halves of sectors and pages. */
#include "flash.h"
#include "semihosting.h"

#include <stdint.h>
#include <string.h>

enum { EXIT_POWER_CUT = 3 };

static uint32_t halves_left = UINT32_MAX;

void flash_init(void) {
    char line[256];
    if (semihosting_command_line(line, sizeof line) != 0) return;
    const char *digit = strchr(line, ' ');
    if (digit == NULL) return;
    for (halves_left = 0; *++digit >= '0' && *digit <= '9';) halves_left = halves_left * 10 + (uint32_t)(*digit - '0');
}

/* How many of the bytes are still changed. */
static size_t spend(size_t count) {
    if (halves_left == UINT32_MAX) return count;
    const size_t changed = halves_left >= 2 ? count : count / 2 * halves_left;
    halves_left -= halves_left >= 2 ? 2 : halves_left;
    return changed;
}

static void end_where_cut(size_t changed, size_t count) {
    if (changed < count) semihosting_exit(EXIT_POWER_CUT);
}

int flash_erase(const unsigned char *sector) {
    unsigned char *const to = board_slots_start + (sector - board_slots_start);
    const size_t changed = spend(FLASH_SECTOR_BYTES);
    memset(to, 0xFF, changed);
    end_where_cut(changed, FLASH_SECTOR_BYTES);
    return 0;
}

int flash_program(const unsigned char *to, const void *bytes, size_t count) {
    unsigned char *const at = board_slots_start + (to - board_slots_start);
    const unsigned char *const from = bytes;
    const size_t changed = spend(count);
    for (size_t i = 0; i < changed; i++) at[i] &= from[i];
    end_where_cut(changed, count);
    return memcmp(at, from, count) != 0;
}
