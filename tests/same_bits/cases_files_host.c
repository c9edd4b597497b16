#include "cases_files.h"

#include <stdio.h>

long file_read(const char *name, void *bytes, size_t capacity) {
    FILE *file = fopen(name, "rb");
    if (file == NULL) return -1;
    const size_t count = fread(bytes, 1, capacity, file);
    const int complete = !ferror(file) && fgetc(file) == EOF;
    (void)fclose(file);
    return complete ? (long)count : -1;
}

int file_write(const char *name, const void *bytes, size_t count) {
    FILE *file = fopen(name, "wb");
    if (file == NULL) return 1;
    const size_t written = fwrite(bytes, 1, count, file);
    return fclose(file) != 0 || written != count;
}
