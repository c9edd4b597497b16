#include "scratch_memory.h"

#include "errors.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace mote::cli {

namespace {

constexpr size_t least_mapped = size_t{1} << 24;

std::string scratch_folder() {
    const char *given = std::getenv("TMPDIR");
    return given != nullptr && *given != '\0' ? given : "/var/tmp";
}

int open_without_name(const std::string &folder) {
#if defined(O_TMPFILE)
    const int opened = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (opened >= 0) return opened;
#endif
    std::string path = folder + "/mote-XXXXXX";
    const int made = ::mkostemp(path.data(), O_CLOEXEC);
    if (made >= 0) ::unlink(path.c_str());
    return made;
}

void *map_file(size_t bytes) {
    const std::string folder = scratch_folder();
    const int file = open_without_name(folder);
    int error = file < 0 ? errno : ::posix_fallocate(file, 0, static_cast<off_t>(bytes));
    void *mapped = MAP_FAILED;
    if (error == 0) {
        mapped = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (mapped == MAP_FAILED) error = errno;
    }
    if (file >= 0) ::close(file);
    if (mapped == MAP_FAILED)
        throw Failure(formatted("no room for %zu bytes in %s: %s; set TMPDIR to a folder of a disk with more", bytes,
                                folder.c_str(), system_text(error).c_str()));
    return mapped;
}

} // namespace

ScratchMemory::ScratchMemory(size_t bytes) {
    if (bytes >= least_mapped) {
        data_ = map_file(bytes);
        mapped_ = bytes;
        return;
    }
    data_ = std::malloc(bytes != 0 ? bytes : 1);
    if (data_ == nullptr) throw Failure(formatted("not enough memory: %zu bytes", bytes));
}

ScratchMemory::~ScratchMemory() {
    if (mapped_ != 0)
        ::munmap(data_, mapped_);
    else
        std::free(data_);
}

ScratchMemory::ScratchMemory(ScratchMemory &&other) noexcept
    : data_(std::exchange(other.data_, nullptr)), mapped_(std::exchange(other.mapped_, 0)) {}

ScratchMemory &ScratchMemory::operator=(ScratchMemory &&other) noexcept {
    std::swap(data_, other.data_);
    std::swap(mapped_, other.mapped_);
    return *this;
}

} // namespace mote::cli
