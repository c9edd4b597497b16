#include "system_files.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mote::cli {

int open_to_read(const std::string &path) { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }

int open_to_replace(const std::string &path) {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
}

std::FILE *open_to_append(const std::string &path) { return std::fopen(path.c_str(), "ae"); }

bool is_written_through(const std::string &path) {
    struct stat about {};
    if (path.rfind("/dev/", 0) == 0 || path.rfind("/proc/", 0) == 0) return true;
    return ::stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode);
}

int open_through(const std::string &path) {
    if (path == "/dev/stdout") return ::dup(STDOUT_FILENO);
    if (path == "/dev/stderr") return ::dup(STDERR_FILENO);
    return ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
}

bool may_write(const std::string &path) { return ::access(path.c_str(), W_OK) == 0; }

long long read_some(int descriptor, void *bytes, size_t count) {
    for (;;) {
        const ssize_t got = ::read(descriptor, bytes, count);
        if (got >= 0 || errno != EINTR) return got;
    }
}

long long read_at(int descriptor, uint64_t offset, void *bytes, size_t count) {
    for (;;) {
        const ssize_t got = ::pread(descriptor, bytes, count, static_cast<off_t>(offset));
        if (got >= 0 || errno != EINTR) return got;
    }
}

long long write_some(int descriptor, const void *bytes, size_t count) {
    for (;;) {
        const ssize_t wrote = ::write(descriptor, bytes, count);
        if (wrote >= 0 || errno != EINTR) return wrote;
    }
}

uint64_t size_of_file(int descriptor) {
    struct stat about {};
    const bool regular = ::fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
    return regular ? static_cast<uint64_t>(about.st_size) : 0;
}

bool sync_file(int descriptor) { return ::fsync(descriptor) == 0; }

bool close_file(int descriptor) { return ::close(descriptor) == 0; }

/* A rename is safe on the disk only when its directory is. A file system that cannot sync one has no more to give. */
static void sync_directory_of(const std::string &place) {
    const std::string directory = std::filesystem::path(place).parent_path().string();
    const int opened = ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return;
    ::fsync(opened);
    ::close(opened);
}

bool replace_file(const std::string &from, const std::string &to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return false;
    sync_directory_of(to);
    return true;
}

void remove_file(const std::string &path) { ::unlink(path.c_str()); }

/* Who held the lock may have removed the file after it was opened here; then the lock is on a file without a name. */
static bool is_file_at(int descriptor, const std::string &path) {
    struct stat opened {
    }, named{};
    return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

int open_locked(const std::string &path) {
    for (;;) {
        const int opened = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (opened < 0) return -1;
        if (::flock(opened, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            ::close(opened);
            errno = EBUSY;
            return -1;
        }
        if (is_file_at(opened, path)) return opened;
        ::close(opened);
    }
}

void remove_locked(const std::string &path, int descriptor) {
    ::unlink(path.c_str());
    ::close(descriptor);
}

} // namespace mote::cli
