#pragma once

#include <string>
#include <vector>

namespace mote::cli {

enum ExitCode { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* How the program ends, and what it says where something went wrong. */
struct Ending {
    ExitCode code;
    std::string message;
};

/* Runs the command that the arguments give. */
Ending run_command(const std::vector<std::string> &arguments);

/* Prints the message, where there is one, as a line; returns the exit code. */
int report(const Ending &ending);

} // namespace mote::cli
