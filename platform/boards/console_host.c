#include "console.h"

#include <stdio.h>

#if defined(_WIN32)
#include <fcntl.h>
#include <io.h>
/* Or a line feed would become two bytes. */
static void prepare(void) { (void)_setmode(_fileno(stdout), _O_BINARY); }
#else
static void prepare(void) {}
#endif

void console_write(const char *bytes, size_t count) {
    prepare();
    (void)fwrite(bytes, 1, count, stdout);
}
