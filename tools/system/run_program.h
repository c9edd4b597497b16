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
 * may call it at once. The program does not know of an MPI job that this one belongs to; a mote that is run so ends
 * with this one (ends_with_parent). */
std::optional<Ended> run_program(std::vector<std::string> arguments, const std::string &input,
                                 const std::function<bool()> &stop = nullptr);

/* A file that keeps nothing of what is written to it. */
extern const char *const null_file;

/* Where this program's file is; empty where the system does not tell. */
std::string own_path();

/* Runs the program at `path` with this one's standard streams, hands it the signals that come, and waits for its end:
 * the exit code, or below 0 the signal that ended it, negative. None: it cannot be started; on Windows always. */
std::optional<int> run_beside(const std::string &path, const std::vector<std::string> &arguments);
/* In a program that was started by another: it ends with that one, where the system can do that. */
void end_with_parent();
/* The variable of the environment by which run_program() asks a mote to do so. */
constexpr const char *ends_with_parent = "MOTE_ENDS_WITH_PARENT";

/* The program at `path`, with these arguments, takes the place of this one. Returns where it cannot be started; on
 * Windows always. */
void replace_program(const std::string &path, std::vector<std::string> arguments);

} // namespace mote::cli
