#include "files.h"

#include "errors.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mote::cli {

namespace fs = std::filesystem;

namespace {

constexpr size_t largest_file = 0xFFFFFFFFu;
constexpr size_t write_at_once = 1u << 16;

[[noreturn]] void fail_reading(const std::string &path, int error) {
    throw Failure("cannot read " + path + ": " + system_text(error));
}

[[noreturn]] void fail_writing(const std::string &path, int error) {
    throw Failure("cannot write " + path + ": " + system_text(error));
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ > STDERR_FILENO) ::close(number_);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int number() const { return number_; }

  private:
    int number_;
};

int open_for_reading(const std::string &path) {
    int number = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (number < 0) fail_reading(path, errno);
    return number;
}

/* Where the bytes of a file that is to replace `path` go in the end: a symbolic link is followed. */
std::string final_place(const std::string &path) {
    std::error_code error;
    if (!fs::is_symlink(path, error)) return path;
    fs::path target = fs::weakly_canonical(path, error);
    return error ? path : target.string();
}

std::string beside(const std::string &place) { return place + ".part"; }

int open_beside(const std::string &path) {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
}

/* A rename is safe on the disk only when its directory is. A file system that cannot sync one has no more to give. */
void sync_directory_of(const std::string &place) {
    std::string directory = fs::path(place).parent_path().string();
    Descriptor opened(::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.number() >= 0) ::fsync(opened.number());
}

} // namespace

std::string read_text(const std::string &path) {
    Descriptor file(open_for_reading(path));
    struct stat about {};
    std::string text;
    if (::fstat(file.number(), &about) == 0 && S_ISREG(about.st_mode)) {
        text.reserve(std::min(static_cast<size_t>(about.st_size), largest_file));
    }
    char piece[1 << 14];
    for (;;) {
        ssize_t got = ::read(file.number(), piece, sizeof piece);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail_reading(path, errno);
        if (got == 0) return text;
        if (text.size() + static_cast<size_t>(got) > largest_file) throw Failure(path + ": larger than 4 GiB");
        text.append(piece, static_cast<size_t>(got));
    }
}

AlignedBytes read_bytes(const std::string &path) {
    std::string bytes = read_text(path);
    AlignedBytes aligned(bytes.size());
    if (!bytes.empty()) std::memcpy(aligned.data(), bytes.data(), bytes.size());
    return aligned;
}

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

bool same_file(const std::string &first, const std::string &second) {
    if (is_written_through(first) || is_written_through(second)) return false;
    std::error_code error;
    if (fs::equivalent(first, second, error)) return true;
    auto whole = [&](const std::string &path) { return fs::weakly_canonical(fs::absolute(path, error), error); };
    return whole(first) == whole(second);
}

void check_writable(const std::string &path) {
    if (is_written_through(path)) {
        if (::access(path.c_str(), W_OK) != 0) fail_writing(path, errno);
        return;
    }
    std::string place = final_place(path);
    std::error_code error;
    if (fs::is_directory(place, error)) fail_writing(path, EISDIR);
    if (fs::exists(place, error) && ::access(place.c_str(), W_OK) != 0) fail_writing(path, errno);
    Descriptor probe(open_beside(beside(place)));
    if (probe.number() < 0) fail_writing(path, errno);
    ::unlink(beside(place).c_str());
}

OutputFile::OutputFile(const std::string &path) : path_(path) {
    if (is_written_through(path)) {
        descriptor_ = open_through(path);
    } else {
        place_ = final_place(path);
        beside_ = beside(place_);
        descriptor_ = open_beside(beside_);
    }
    if (descriptor_ < 0) fail_writing(path_, errno);
}

OutputFile::~OutputFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    if (!beside_.empty()) ::unlink(beside_.c_str());
}

void OutputFile::fail(int error) {
    if (error_ == 0) error_ = error;
}

bool OutputFile::flush() {
    size_t done = 0;
    while (error_ == 0 && done < pending_.size()) {
        ssize_t wrote = ::write(descriptor_, pending_.data() + done, pending_.size() - done);
        if (wrote >= 0) {
            done += static_cast<size_t>(wrote);
        } else if (errno != EINTR) {
            fail(errno);
        }
    }
    pending_.clear();
    return error_ == 0;
}

bool OutputFile::write(const void *bytes, size_t count) {
    pending_.append(static_cast<const char *>(bytes), count);
    return pending_.size() < write_at_once || flush();
}

mote_status OutputFile::write_callback(void *user, const void *bytes, size_t count) {
    return static_cast<OutputFile *>(user)->write(bytes, count) ? MOTE_OK : MOTE_ERR_WRITE;
}

void OutputFile::sync_and_rename() {
    bool done = ::fsync(descriptor_) == 0;
    done = ::close(std::exchange(descriptor_, -1)) == 0 && done;
    done = done && ::rename(beside_.c_str(), place_.c_str()) == 0;
    if (!done) {
        int error = errno;
        ::unlink(beside_.c_str());
        fail_writing(path_, error);
    }
    sync_directory_of(place_);
}

void OutputFile::flush_to_disk() {
    flush();
    if (error_ != 0) fail_writing(path_, error_);
    if (!beside_.empty() && ::fsync(descriptor_) != 0) fail_writing(path_, errno);
}

void OutputFile::commit() {
    flush();
    if (error_ != 0) fail_writing(path_, error_);
    if (!beside_.empty()) {
        sync_and_rename();
    } else if (::close(std::exchange(descriptor_, -1)) != 0) {
        fail_writing(path_, errno);
    }
}

} // namespace mote::cli
