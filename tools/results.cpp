#include "results.h"

#include "errors.h"

#include <cerrno>
#include <cinttypes>
#include <cstdio>

namespace mote::cli {

std::string hash_text(uint64_t hash) { return formatted("%016" PRIx64, hash); }

void print_bytes(const std::string &bytes) { std::fwrite(bytes.data(), 1, bytes.size(), stdout); }

void print_line(const std::string &line) {
    print_bytes(line);
    std::fputc('\n', stdout);
}

void print_json(const Json &object) { print_line(object.dump(-1, ' ', false, Json::error_handler_t::replace)); }

void finish_output() {
    bool failed = std::ferror(stdout) != 0;
    errno = 0;
    if (std::fflush(stdout) != 0 || failed) {
        throw Failure("cannot write to the standard output" + (errno != 0 ? ": " + system_text(errno) : std::string()));
    }
}

} // namespace mote::cli
