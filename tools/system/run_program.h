#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

/* What a program left behind. */
struct Ended {
    int exit_code; /* -1: ended by a signal */
    std::string out, err;
};

/* Runs a program found on the PATH, without a shell, and waits for its end. None: there is no such program. `stop` is
 * asked now and then; once it says true, the program is asked to end, by SIGTERM, or ended on Windows. Several threads
 * may call it at once. */
std::optional<Ended> run_program(std::vector<std::string> arguments, const std::string &input,
                                 const std::function<bool()> &stop = nullptr);

/* A file that keeps nothing of what is written to it. */
extern const char *const null_file;

} // namespace mote::cli
