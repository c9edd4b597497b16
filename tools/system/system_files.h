#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

/* What the program asks of the operating system about files; a source for each kind of system. Paths are UTF-8. What
 * fails says so by -1, NULL or false, and errno says why. */
namespace mote::cli {

int open_to_read(const std::string &path);
/* Made, or emptied where it is there already; a symbolic link is an error. */
int open_to_replace(const std::string &path);
std::FILE *open_to_append(const std::string &path);

/* True for a path that names what is no regular file: a device, a pipe, or one of the program's own streams. */
bool is_written_through(const std::string &path);
/* A descriptor on such a path; /dev/stdout and its like are the program's own streams. */
int open_through(const std::string &path);
/* Whether it exists and may be written. */
bool may_write(const std::string &path);

/* How many bytes; an interruption is tried again. */
long long read_some(int descriptor, void *bytes, size_t count);
/* The same from a place in a regular file; several threads may call it at once. */
long long read_at(int descriptor, uint64_t offset, void *bytes, size_t count);
long long write_some(int descriptor, const void *bytes, size_t count);
/* 0 for what is no regular file. */
uint64_t size_of_file(int descriptor);
/* Returns when the bytes are on the disk. */
bool sync_file(int descriptor);
bool close_file(int descriptor);

/* Puts `from` in the place of `to`, whole or not at all, and returns when that is on the disk. */
bool replace_file(const std::string &from, const std::string &to);
void remove_file(const std::string &path);

/* Makes the file where there is none, and locks it for this process, without waiting; EBUSY: another process has locked
 * it. The lock ends with the process, or by remove_locked(), which removes the file. */
int open_locked(const std::string &path);
void remove_locked(const std::string &path, int descriptor);

} // namespace mote::cli
