#include "files.h"

#include "errors.h"
#include "system_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace mote::cli {

namespace fs = std::filesystem;

namespace {

constexpr size_t largest_file = 0xFFFFFFFFu;
constexpr size_t write_at_once = 1u << 16;
constexpr int standard_input = 0, standard_error = 2;

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
        if (number_ > standard_error) close_file(number_);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int number() const { return number_; }

  private:
    int number_;
};

int open_for_reading(const std::string &path) {
    int number = path == "-" ? standard_input : open_to_read(path);
    if (number < 0) fail_reading(path, errno);
    return number;
}

std::string beside(const std::string &place) { return place + ".part"; }

} // namespace

std::string final_place(const std::string &path) {
    std::error_code error;
    if (!fs::is_symlink(fs::u8path(path), error)) return path;
    fs::path target = fs::weakly_canonical(fs::u8path(path), error);
    return error ? path : target.u8string();
}

std::string read_text(const std::string &path) {
    Descriptor file(open_for_reading(path));
    std::string text;
    text.reserve(static_cast<size_t>(std::min<uint64_t>(size_of_file(file.number()), largest_file)));
    char piece[1 << 14];
    for (;;) {
        const long long got = read_some(file.number(), piece, sizeof piece);
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

bool same_file(const std::string &first, const std::string &second) {
    if (is_written_through(first) || is_written_through(second)) return false;
    std::error_code error;
    if (fs::equivalent(fs::u8path(first), fs::u8path(second), error)) return true;
    auto whole = [&](const std::string &path) {
        return fs::weakly_canonical(fs::absolute(fs::u8path(path), error), error);
    };
    return whole(first) == whole(second);
}

void check_writable(const std::string &path) {
    if (is_written_through(path)) {
        if (!may_write(path)) fail_writing(path, errno);
        return;
    }
    std::string place = final_place(path);
    std::error_code error;
    if (fs::is_directory(fs::u8path(place), error)) fail_writing(path, EISDIR);
    if (fs::exists(fs::u8path(place), error) && !may_write(place)) fail_writing(path, errno);
    const int probe = open_to_replace(beside(place));
    if (probe < 0) fail_writing(path, errno);
    close_file(probe);
    remove_file(beside(place));
}

OutputFile::OutputFile(const std::string &path) : path_(path) {
    if (is_written_through(path)) {
        descriptor_ = open_through(path);
    } else {
        place_ = final_place(path);
        beside_ = beside(place_);
        descriptor_ = open_to_replace(beside_);
    }
    if (descriptor_ < 0) fail_writing(path_, errno);
}

OutputFile::~OutputFile() {
    if (descriptor_ < 0) return;
    close_file(descriptor_);
    if (!beside_.empty()) remove_file(beside_);
}

void OutputFile::fail(int error) {
    if (error_ == 0) error_ = error;
}

bool OutputFile::flush() {
    size_t done = 0;
    while (error_ == 0 && done < pending_.size()) {
        const long long wrote = write_some(descriptor_, pending_.data() + done, pending_.size() - done);
        if (wrote < 0)
            fail(errno);
        else
            done += static_cast<size_t>(wrote);
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
    bool done = sync_file(descriptor_);
    done = close_file(std::exchange(descriptor_, -1)) && done;
    done = done && replace_file(beside_, place_);
    if (!done) {
        int error = errno;
        remove_file(beside_);
        fail_writing(path_, error);
    }
}

void OutputFile::flush_to_disk() {
    flush();
    if (error_ != 0) fail_writing(path_, error_);
    if (!beside_.empty() && !sync_file(descriptor_)) fail_writing(path_, errno);
}

void OutputFile::commit() {
    flush();
    if (error_ != 0) fail_writing(path_, error_);
    if (!beside_.empty()) {
        sync_and_rename();
    } else if (!close_file(std::exchange(descriptor_, -1))) {
        fail_writing(path_, errno);
    }
}

} // namespace mote::cli
