#include "system_start.h"

#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

namespace mote::cli {

std::vector<std::string> utf8_arguments(int argc, char **argv) { return {argv + 1, argv + argc}; }

std::string own_program() {
#if defined(__APPLE__)
    char path[4096];
    uint32_t size = sizeof path;
    return ::_NSGetExecutablePath(path, &size) == 0 ? path : "";
#else
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/exe", error).string();
#endif
}

/* A file that is opened while a standard stream is closed would get its number, and with it what is meant for the
 * stream. The streams are opened the wrong way round, so that to use one stays an error. */
void prepare_standard_streams() {
    for (int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(number, F_GETFD) == -1) ::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}

bool draws_on_terminal() { return ::isatty(STDERR_FILENO) == 1; }

} // namespace mote::cli
