#pragma once

#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

/* What a program left behind. */
struct Ended {
    int exit_code; /* -1: ended by a signal */
    std::string out, err;
};

/* Runs a program found on the PATH, without a shell, and waits for its end. None: there is no such program. */
std::optional<Ended> run_program(std::vector<std::string> arguments, const std::string &input);

} // namespace mote::cli
