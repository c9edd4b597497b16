#include "text_bytes.h"

#include "errors.h"
#include "system_files.h"

#include <cerrno>

namespace mote::cli {

BytesOfFile::BytesOfFile(const std::string &path) : path_(path), descriptor_(open_to_read(path)) {
    if (descriptor_ < 0) throw Failure("cannot read " + path + ": " + system_text(errno));
    size_ = size_of_file(descriptor_);
}

BytesOfFile::~BytesOfFile() { close_file(descriptor_); }

std::string_view BytesOfFile::read(size_t offset, size_t count, std::string &room) const {
    room.resize(count);
    for (size_t done = 0; done < count;) {
        const long long got = read_at(descriptor_, offset + done, room.data() + done, count - done);
        if (got < 0) throw Failure("cannot read " + path_ + ": " + system_text(errno));
        if (got == 0)
            throw Failure(path_ + ": has become shorter while it was read; leave it as it is until mote has ended");
        done += static_cast<size_t>(got);
    }
    return room;
}

} // namespace mote::cli
