#include "run_program.h"

#include "errors.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>
#include <spawn.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif
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

/* As the system wants them, ending with a null. */
std::vector<char *> pointers_to(std::vector<std::string> &arguments) {
    std::vector<char *> pointers;
    pointers.reserve(arguments.size() + 1);
    for (std::string &argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    return pointers;
}

/* What this program's environment has, but for what an MPI tells a rank by it: a program that is run is none, and would
 * take the place of this one in the job. */
std::vector<std::string> environment_of_programs() {
    constexpr const char *left_out[] = {"OMPI_", "ORTE_", "PRTE_", "PMIX_", "PMI_", "MPI_", "HYDI_", ends_with_parent};
    std::vector<std::string> kept;
    for (char **variable = environ; *variable != nullptr; ++variable) {
        const std::string text = *variable;
        if (std::none_of(std::begin(left_out), std::end(left_out),
                         [&](const char *prefix) { return text.rfind(prefix, 0) == 0; }))
            kept.push_back(text);
    }
    kept.push_back(std::string(ends_with_parent) + "=1");
    return kept;
}

/* 0 or an errno. */
int start(pid_t &child, std::vector<std::string> &arguments, const Stream (&streams)[3]) {
    std::vector<char *> pointers = pointers_to(arguments);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3; ++i) posix_spawn_file_actions_adddup2(&actions, streams[i].descriptor(), i);
    std::vector<std::string> environment = environment_of_programs();
    int error =
        ::posix_spawnp(&child, pointers[0], &actions, nullptr, pointers.data(), pointers_to(environment).data());
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

std::string own_path() {
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

namespace {

volatile pid_t watched = 0; /* what signals are handed to */

void hand_on(int signal) {
    if (watched != 0) ::kill(watched, signal);
}

} // namespace

std::optional<int> run_beside(const std::string &path, const std::vector<std::string> &arguments) {
    std::vector<std::string> all{path};
    all.insert(all.end(), arguments.begin(), arguments.end());
    pid_t child = 0;
    if (::posix_spawn(&child, path.c_str(), nullptr, nullptr, pointers_to(all).data(), environ) != 0)
        return std::nullopt;
    watched = child;
    struct sigaction action {};
    action.sa_handler = hand_on;
    for (int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2}) ::sigaction(signal, &action, nullptr);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) throw Failure("cannot wait for " + path + ": " + system_text(errno));
    }
    watched = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void end_with_parent() {
#if defined(__linux__)
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

void replace_program(const std::string &path, std::vector<std::string> arguments) {
    std::vector<std::string> all{path};
    all.insert(all.end(), arguments.begin(), arguments.end());
    ::execv(path.c_str(), pointers_to(all).data());
}

} // namespace mote::cli
