#pragma once

#include "aligned_memory.h"

#include <string>

namespace mote::cli {

/* The whole of a file; "-" is the standard input. */
std::string read_text(const std::string &path);
AlignedBytes read_bytes(const std::string &path);

/* Where the bytes of a file that is to replace `path` go in the end: a symbolic link is followed. */
std::string final_place(const std::string &path);

/* A file that is there whole or not at all: written beside its place, synced and renamed on commit; without a commit
 * nothing is left of it. What is not a regular file (a device, a pipe) is written through. A failed write is remembered
 * and thrown by commit. */
class OutputFile {
  public:
    explicit OutputFile(const std::string &path);
    ~OutputFile();
    OutputFile(const OutputFile &) = delete;
    OutputFile &operator=(const OutputFile &) = delete;

    bool write(const void *bytes, size_t count);
    /* Hands all that was written to the disk; throws where that fails. What is left for commit is the rename. */
    void flush_to_disk();
    void commit();

    /* A mote_write_fn; `user` is the OutputFile. */
    static mote_status write_callback(void *user, const void *bytes, size_t count);

  private:
    void fail(int error);
    bool flush();
    void sync_and_rename();

    std::string path_;    /* as the user gave it */
    std::string place_;   /* where it ends up */
    std::string beside_;  /* where it is written; empty: written through */
    std::string pending_; /* written, not yet handed to the system */
    int descriptor_ = -1;
    int error_ = 0;
};

/* Throws where it can be told now that `path` cannot be written. Leaves nothing behind. */
void check_writable(const std::string &path);

/* True when both paths lead to one regular file. */
bool same_file(const std::string &first, const std::string &second);

} // namespace mote::cli
