#include "run_program.h"

#include "errors.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#if defined(__APPLE__)
extern char **environ; /* POSIX has no header declare it; those of Linux do */
#endif

namespace mote::cli {

namespace {

/* A file without a name, gone when it is closed: what the program reads and writes, so that no pipe can fill up. */
class Stream {
  public:
    Stream() : file_(std::tmpfile()) {
        if (file_ == nullptr) throw Failure("cannot make a temporary file: " + system_text(errno));
    }

    int descriptor() const { return ::fileno(file_.get()); }

    void fill(const std::string &text) {
        bool done = std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size();
        if (std::fflush(file_.get()) != 0 || !done) {
            throw Failure("cannot write a temporary file: " + system_text(errno));
        }
        std::rewind(file_.get());
    }

    std::string text() {
        std::string all;
        std::rewind(file_.get());
        char piece[1 << 14];
        while (size_t got = std::fread(piece, 1, sizeof piece, file_.get())) all.append(piece, got);
        return all;
    }

  private:
    struct Close {
        void operator()(std::FILE *file) const { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, Close> file_;
};

/* 0 or an errno. */
int start(pid_t &child, std::vector<std::string> &arguments, const Stream (&streams)[3]) {
    std::vector<char *> pointers;
    pointers.reserve(arguments.size() + 1);
    for (std::string &argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3; ++i) posix_spawn_file_actions_adddup2(&actions, streams[i].descriptor(), i);
    int error = ::posix_spawnp(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* The status of waitpid(). */
int wait_for(pid_t child, const std::string &name, const std::function<bool()> &stop) {
    int status = 0;
    for (bool asked = false;;) {
        pid_t ended = ::waitpid(child, &status, stop ? WNOHANG : 0);
        if (ended == child) return status;
        if (ended < 0 && errno != EINTR) throw Failure("cannot wait for " + name + ": " + system_text(errno));
        if (stop && !asked && stop()) asked = ::kill(child, SIGTERM) == 0;
        if (stop) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

} // namespace

const char *const null_file = "/dev/null";

std::optional<Ended> run_program(std::vector<std::string> arguments, const std::string &input,
                                 const std::function<bool()> &stop) {
    Stream streams[3];
    streams[STDIN_FILENO].fill(input);
    pid_t child = 0;
    int error = start(child, arguments, streams);
    if (error == ENOENT || error == EACCES) return std::nullopt;
    if (error != 0) throw Failure("cannot start " + arguments[0] + ": " + system_text(error));
    int status = wait_for(child, arguments[0], stop);
    return Ended{WIFEXITED(status) ? WEXITSTATUS(status) : -1, streams[STDOUT_FILENO].text(),
                 streams[STDERR_FILENO].text()};
}

} // namespace mote::cli
