#include "system_files.h"

#include "windows_text.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>
#include <windows.h>

namespace mote::cli {

static int own_stream(const std::string &path) {
    if (path == "/dev/stdout") return 1;
    if (path == "/dev/stderr") return 2;
    return -1;
}

/* NUL, CON and their like, of which _wstat64 says that they do not exist. */
static bool is_device(const std::string &path) {
    constexpr DWORD nothing = 0, all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    HANDLE file = ::CreateFileW(wide(path).c_str(), nothing, all, nullptr, OPEN_EXISTING, 0, nullptr);
    if (file == INVALID_HANDLE_VALUE) return false;
    const bool device = ::GetFileType(file) == FILE_TYPE_CHAR;
    ::CloseHandle(file);
    return device;
}

static unsigned int at_once(size_t count) { return static_cast<unsigned int>(std::min(count, size_t{1} << 30)); }

int open_to_read(const std::string &path) {
    const int opened = ::_wopen(wide(path).c_str(), _O_RDONLY | _O_BINARY | _O_NOINHERIT);
    const DWORD kind = opened < 0 ? ::GetFileAttributesW(wide(path).c_str()) : 0;
    if (kind != INVALID_FILE_ATTRIBUTES && (kind & FILE_ATTRIBUTE_DIRECTORY) != 0) errno = EISDIR; /* not EACCES */
    return opened;
}

int open_to_replace(const std::string &path) {
    return ::_wopen(wide(path).c_str(), _O_WRONLY | _O_CREAT | _O_TRUNC | _O_BINARY | _O_NOINHERIT,
                    _S_IREAD | _S_IWRITE);
}

std::FILE *open_to_append(const std::string &path) { return ::_wfopen(wide(path).c_str(), L"ab"); }

bool is_written_through(const std::string &path) {
    struct _stat64 about {};
    if (own_stream(path) >= 0) return true;
    if (::_wstat64(wide(path).c_str(), &about) != 0) return is_device(path);
    const int kind = about.st_mode & _S_IFMT;
    return kind != _S_IFREG && kind != _S_IFDIR;
}

int open_through(const std::string &path) {
    const int own = own_stream(path);
    return own >= 0 ? ::_dup(own) : ::_wopen(wide(path).c_str(), _O_WRONLY | _O_BINARY | _O_NOINHERIT);
}

bool may_write(const std::string &path) {
    constexpr int write = 2;
    return own_stream(path) >= 0 || ::_waccess(wide(path).c_str(), write) == 0 || is_device(path);
}

long long read_some(int descriptor, void *bytes, size_t count) { return ::_read(descriptor, bytes, at_once(count)); }

long long read_at(int descriptor, uint64_t offset, void *bytes, size_t count) {
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(offset);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32);
    DWORD got = 0;
    if (::ReadFile(reinterpret_cast<HANDLE>(::_get_osfhandle(descriptor)), bytes, at_once(count), &got, &place))
        return got;
    if (::GetLastError() == ERROR_HANDLE_EOF) return 0;
    errno = EIO;
    return -1;
}

long long write_some(int descriptor, const void *bytes, size_t count) {
    return ::_write(descriptor, bytes, at_once(count));
}

uint64_t size_of_file(int descriptor) {
    struct _stat64 about {};
    const bool regular = ::_fstat64(descriptor, &about) == 0 && (about.st_mode & _S_IFMT) == _S_IFREG;
    return regular ? static_cast<uint64_t>(about.st_size) : 0;
}

bool sync_file(int descriptor) { return ::_commit(descriptor) == 0; }

bool close_file(int descriptor) { return ::_close(descriptor) == 0; }

/* Who looks at a new file, as a search index or a virus scanner does, keeps it from being renamed for a moment. */
bool replace_file(const std::string &from, const std::string &to) {
    constexpr DWORD pause = 20, tries = 50; /* a second, in milliseconds */
    DWORD error = ERROR_SUCCESS;
    for (DWORD i = 0; i < tries; ++i) {
        if (i > 0) ::Sleep(pause);
        if (::MoveFileExW(wide(from).c_str(), wide(to).c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
            return true;
        error = ::GetLastError();
        if (error != ERROR_SHARING_VIOLATION && error != ERROR_ACCESS_DENIED) break;
    }
    switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        errno = ENOENT;
        break;
    case ERROR_DISK_FULL:
        errno = ENOSPC;
        break;
    default:
        errno = EACCES;
    }
    return false;
}

void remove_file(const std::string &path) { ::_wunlink(wide(path).c_str()); }

/* Shared with nobody, and gone when it is closed. */
int open_locked(const std::string &path) {
    HANDLE file = ::CreateFileW(wide(path).c_str(), GENERIC_READ | GENERIC_WRITE | DELETE, 0, nullptr, OPEN_ALWAYS,
                                FILE_ATTRIBUTE_NORMAL | FILE_FLAG_DELETE_ON_CLOSE, nullptr);
    if (file == INVALID_HANDLE_VALUE) {
        const DWORD error = ::GetLastError();
        errno = error == ERROR_SHARING_VIOLATION ? EBUSY : error == ERROR_PATH_NOT_FOUND ? ENOENT : EACCES;
        return -1;
    }
    return ::_open_osfhandle(reinterpret_cast<intptr_t>(file), 0);
}

void remove_locked(const std::string & /*path*/, int descriptor) { ::_close(descriptor); }

} // namespace mote::cli
