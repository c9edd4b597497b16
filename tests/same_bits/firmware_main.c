#include "cases.h"
#include "mote.h"
#include "semihosting.h"

static unsigned char room[3u << 20] __attribute__((aligned(MOTE_ALIGN)));

int main(void) {
    static char line[512];
    static char *arguments[16];
    int count = 0;
    if (semihosting_command_line(line, sizeof line) != 0) return 2;
    for (char *at = line; *at != '\0' && count < 16;) {
        arguments[count++] = at;
        while (*at != ' ' && *at != '\0') at++;
        if (*at == ' ') *at++ = '\0';
    }
    return target_main(count, arguments, (memory){room, sizeof room});
}
