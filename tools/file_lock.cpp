#include "file_lock.h"

#include "errors.h"
#include "files.h"
#include "system_files.h"

#include <cerrno>

namespace mote::cli {

FileLock::FileLock(const std::string &path) : lock_(final_place(path) + ".lock"), descriptor_(open_locked(lock_)) {
    if (descriptor_ >= 0) return;
    if (errno == EBUSY)
        throw Failure(path + ": another process is writing it, which holds " + lock_ +
                      "; wait for its end, or give another file");
    throw Failure("cannot write " + lock_ + ": " + system_text(errno));
}

FileLock::~FileLock() { remove_locked(lock_, descriptor_); }

} // namespace mote::cli
