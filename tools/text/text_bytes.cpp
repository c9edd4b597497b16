#include "text_bytes.h"

#include "errors.h"
#include "system_files.h"

#include <cerrno>

namespace mote::cli {

namespace {

class Opened {
  public:
    explicit Opened(int descriptor) : descriptor_(descriptor) {}
    ~Opened() { close_file(descriptor_); }
    Opened(const Opened &) = delete;
    Opened &operator=(const Opened &) = delete;
    int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

[[noreturn]] void fail_reading(const std::string &path) {
    throw Failure("cannot read " + path + ": " + system_text(errno));
}

void read_whole(int descriptor, const std::string &path, size_t offset, std::string &room) {
    for (size_t done = 0; done < room.size();) {
        const long long got = read_at(descriptor, offset + done, room.data() + done, room.size() - done);
        if (got < 0) fail_reading(path);
        if (got == 0)
            throw Failure(path + ": has become shorter while it was read; leave it as it is until mote has ended");
        done += static_cast<size_t>(got);
    }
}

} // namespace

int BytesOfFile::open() const {
    const int descriptor = open_to_read(path_);
    if (descriptor < 0) fail_reading(path_);
    return descriptor;
}

BytesOfFile::BytesOfFile(const std::string &path, bool stays_open) : path_(path) {
    const int descriptor = open();
    size_ = static_cast<size_t>(size_of_file(descriptor));
    if (stays_open)
        descriptor_ = descriptor;
    else
        close_file(descriptor);
}

BytesOfFile::~BytesOfFile() {
    if (descriptor_ >= 0) close_file(descriptor_);
}

std::string_view BytesOfFile::read(size_t offset, size_t count, std::string &room) const {
    room.resize(count);
    if (descriptor_ >= 0) {
        read_whole(descriptor_, path_, offset, room);
    } else {
        const Opened opened(open());
        read_whole(opened.descriptor(), path_, offset, room);
    }
    return room;
}

} // namespace mote::cli
