#include "cases_files.h"

#include "semihosting.h"

long file_read(const char *name, void *bytes, size_t capacity) { return semihosting_read_file(name, bytes, capacity); }

int file_write(const char *name, const void *bytes, size_t count) { return semihosting_write_file(name, bytes, count); }
