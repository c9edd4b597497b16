#include "console.h"

#include <stdio.h>

void console_write(const char *bytes, size_t count) { (void)fwrite(bytes, 1, count, stdout); }
