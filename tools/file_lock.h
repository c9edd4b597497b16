#pragma once

#include <string>

namespace mote::cli {

/* While it lives, no other process has one for the same file. It is a lock of the system on PATH.lock beside the file,
 * so that it ends with the process, however that ends; a PATH.lock that is left then is taken by the next one. A file
 * system that has no locks gives it to everyone. */
class FileLock {
  public:
    /* Throws Failure where another process has it, or PATH.lock cannot be made. */
    explicit FileLock(const std::string &path);
    ~FileLock();
    FileLock(const FileLock &) = delete;
    FileLock &operator=(const FileLock &) = delete;

  private:
    std::string lock_;
    int descriptor_;
};

} // namespace mote::cli
