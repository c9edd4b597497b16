/* Runs the program `mote` (its path in the environment variable MOTE_CLI) in a directory of its own. */
#ifndef MOTE_TESTS_CLI_RUNNER_H
#define MOTE_TESTS_CLI_RUNNER_H

#include <nlohmann/json.hpp>

#include <string>
#include <sys/types.h>
#include <vector>

namespace mote_test {

struct Outcome {
    int exit_code; /* -1: ended by a signal */
    std::string out, err;

    /* The last line of stdout. */
    nlohmann::json json() const;
    size_t lines_of_err() const;
};

using Arguments = std::vector<std::string>;

/* A directory that is gone at the end of the test. Programs run in it. */
class Directory {
  public:
    Directory();
    ~Directory();
    Directory(const Directory &) = delete;
    Directory &operator=(const Directory &) = delete;

    std::string path(const std::string &name) const { return root_ + "/" + name; }
    void write(const std::string &name, const std::string &content) const;
    std::string read(const std::string &name) const;
    bool has(const std::string &name) const;
    std::vector<std::string> names() const;

    /* `out`: where stdout goes; empty: into the outcome. */
    Outcome mote(const Arguments &arguments, const std::string &input = "", const std::string &out = "") const;
    /* The same, and a failure of the test where it does not succeed. */
    Outcome mote_ok(const Arguments &arguments, const std::string &input = "") const;

    /* Starts it, its output thrown away or written to the given file; the caller ends it with end(). */
    pid_t start_mote(const Arguments &arguments, const std::string &output = "/dev/null") const;
    /* The same on a terminal, in a session of its own: SIGHUP comes when the terminal's other side is closed. */
    pid_t start_mote_on_terminal(const Arguments &arguments, const std::string &terminal) const;

  private:
    pid_t spawn(const Arguments &arguments, const std::string &in, const std::string &out, const std::string &err,
                short flags = 0) const;

    std::string root_;
    std::string streams_; /* beside it, so that it holds the program's files alone */
};

/* It ends with this exit code and one line of stderr, which mentions all of these, and writes nothing into the
 * directory.
 */
Outcome check_refused(const Directory &directory, const Arguments &arguments, int exit_code,
                      const std::vector<std::string> &mentions);

/* Runs a command of the shell in the directory, its output in the file `log`; whether it succeeds. */
bool shell(const Directory &directory, const std::string &command);

/* Sends the signal, waits for the end; the exit code, -1 where the signal ended it. */
int end(pid_t program, int signal);
/* Waits for the end. */
int wait_for(pid_t program);

/* The whole of a file. */
std::string read_file(const std::string &path);

/* The instruction set that every processor of this target has. */
std::string least_isa();

/* Words divided by blanks. */
Arguments words(const std::string &text);
Arguments operator+(Arguments first, const Arguments &second);

} // namespace mote_test

#endif
