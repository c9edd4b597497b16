#include "scratch_memory.h"

#include "errors.h"
#include "system_files.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mote::cli {

namespace {

/* As long as all of it is no more, it is taken from the heap, where to write here and there costs less. */
constexpr size_t most_of_heap = size_t{192} << 20;
std::atomic<size_t> from_heap{0};

/* False: it would be too much in all. */
bool take_from_heap(size_t bytes) {
    if (from_heap.fetch_add(bytes) + bytes <= most_of_heap) return true;
    from_heap -= bytes;
    return false;
}

std::string scratch_folder() {
    const char *given = std::getenv("TMPDIR");
    return given != nullptr && *given != '\0' ? given : "/var/tmp";
}

int open_without_name(const std::string &folder) {
    std::string path = folder + "/mote-XXXXXX";
    const int made = ::mkstemp(path.data());
    if (made < 0) return made;
    ::unlink(path.c_str());
    ::fcntl(made, F_SETFD, FD_CLOEXEC);
    return made;
}

/* Written, not only made longer: a page for which a disk has no room later would end the process. */
bool fill(int file, size_t bytes) {
    constexpr size_t at_once = size_t{1} << 20;
    const std::vector<char> zeros(at_once);
    for (size_t done = 0; done < bytes;) {
        const long long wrote = write_some(file, zeros.data(), std::min(at_once, bytes - done));
        if (wrote < 0) return false;
        done += static_cast<size_t>(wrote);
    }
    return true;
}

/* NULL where there is no room, which errno tells of. */
void *map_file(size_t bytes) {
    const int file = open_without_name(scratch_folder());
    if (file < 0) return nullptr;
    void *mapped = MAP_FAILED;
    if (fill(file, bytes)) mapped = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    const int error = errno;
    ::close(file);
    errno = error;
    return mapped != MAP_FAILED ? mapped : nullptr;
}

} // namespace

ScratchMemory::ScratchMemory(size_t bytes) : bytes_(bytes), is_mapped_(!take_from_heap(bytes)) {
    data_ = is_mapped_ ? map_file(bytes) : std::malloc(bytes != 0 ? bytes : 1);
    if (data_ != nullptr) return;
    const int error = errno;
    if (!is_mapped_) from_heap -= bytes;
    if (!is_mapped_) throw Failure(formatted("not enough memory: %zu bytes", bytes));
    throw Failure(formatted("no room for %zu bytes in %s: %s; set TMPDIR to a folder of a disk with more", bytes,
                            scratch_folder().c_str(), system_text(error).c_str()));
}

ScratchMemory::~ScratchMemory() {
    if (data_ == nullptr) return;
    if (is_mapped_) {
        ::munmap(data_, bytes_);
        return;
    }
    std::free(data_);
    from_heap -= bytes_;
}

ScratchMemory::ScratchMemory(ScratchMemory &&other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(other.bytes_), is_mapped_(other.is_mapped_) {}

ScratchMemory &ScratchMemory::operator=(ScratchMemory &&other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    std::swap(is_mapped_, other.is_mapped_);
    return *this;
}

} // namespace mote::cli
