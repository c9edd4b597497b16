#include "cli_runner.h"

#include "mote.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__APPLE__)
extern char **environ; /* POSIX has no header declare it; those of Linux do */
#endif

namespace mote_test {

namespace fs = std::filesystem;

namespace {

std::string program_path() {
    const char *path = std::getenv("MOTE_CLI");
    REQUIRE_MESSAGE(path != nullptr, "the environment variable MOTE_CLI must hold the path of the program");
    return path;
}

std::string make_directory() {
    std::string pattern = (fs::temp_directory_path() / "mote-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    return pattern;
}

void write_file(const std::string &path, const std::string &content) {
    std::ofstream file(path, std::ios::binary);
    file << content;
    REQUIRE(file.good());
}

} // namespace

int wait_for(pid_t program) {
    int status = 0;
    REQUIRE(::waitpid(program, &status, 0) == program);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string read_file(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

nlohmann::json Outcome::json() const {
    std::string text = out;
    REQUIRE(!text.empty());
    REQUIRE(text.back() == '\n');
    text.pop_back();
    size_t line = text.rfind('\n');
    return nlohmann::json::parse(line == std::string::npos ? text : text.substr(line + 1));
}

size_t Outcome::lines_of_err() const { return static_cast<size_t>(std::count(err.begin(), err.end(), '\n')); }

Directory::Directory() : root_(make_directory()), streams_(make_directory()) {}

Directory::~Directory() {
    std::error_code error;
    fs::remove_all(root_, error);
    fs::remove_all(streams_, error);
}

void Directory::write(const std::string &name, const std::string &content) const { write_file(path(name), content); }

std::string Directory::read(const std::string &name) const { return read_file(path(name)); }

bool Directory::has(const std::string &name) const { return fs::exists(path(name)); }

std::vector<std::string> Directory::names() const {
    std::vector<std::string> list;
    for (const auto &entry : fs::directory_iterator(root_)) list.push_back(entry.path().filename().string());
    std::sort(list.begin(), list.end());
    return list;
}

pid_t Directory::spawn(const Arguments &arguments, const std::string &in, const std::string &out,
                       const std::string &err, short flags) const {
    std::string program = program_path();
    std::vector<char *> argv = {program.data()};
    Arguments copies = arguments;
    for (std::string &argument : copies) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, in.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addchdir_np(&actions, root_.c_str());
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, flags);
    pid_t child = 0;
    int error = ::posix_spawn(&child, program.c_str(), &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    REQUIRE_MESSAGE(error == 0, program << " cannot be started");
    return child;
}

Outcome Directory::mote(const Arguments &arguments, const std::string &input, const std::string &out) const {
    std::string in = streams_ + "/in", err = streams_ + "/err", own_out = streams_ + "/out";
    write_file(in, input);
    write_file(own_out, "");
    pid_t child = spawn(arguments, in, out.empty() ? own_out : out, err);
    int code = wait_for(child);
    return {code, read_file(own_out), read_file(err)};
}

Outcome Directory::mote_ok(const Arguments &arguments, const std::string &input) const {
    Outcome outcome = mote(arguments, input);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return outcome;
}

pid_t Directory::start_mote(const Arguments &arguments, const std::string &output) const {
    return spawn(arguments, "/dev/null", output, output);
}

pid_t Directory::start_mote_on_terminal(const Arguments &arguments, const std::string &terminal) const {
    return spawn(arguments, terminal, terminal, terminal, POSIX_SPAWN_SETSID);
}

Outcome check_refused(const Directory &directory, const Arguments &arguments, int exit_code,
                      const std::vector<std::string> &mentions) {
    std::string command;
    for (const std::string &argument : arguments) command += " " + argument;
    CAPTURE(command);
    const std::vector<std::string> before = directory.names();
    Outcome outcome = directory.mote(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == exit_code);
    CHECK(outcome.lines_of_err() == 1);
    CHECK(outcome.err.rfind("mote: ", 0) == 0);
    for (const std::string &mention : mentions) {
        CAPTURE(mention);
        CHECK(outcome.err.find(mention) != std::string::npos);
    }
    CHECK(directory.names() == before);
    return outcome;
}

bool shell(const Directory &directory, const std::string &command) {
    std::string line = "cd '" + directory.path("") + "' && { " + command + "; } >log 2>&1";
    return std::system(line.c_str()) == 0; // NOLINT(bugprone-command-processor): a compiler is a program
}

int end(pid_t program, int signal) {
    ::kill(program, signal);
    return wait_for(program);
}

Arguments words(const std::string &text) {
    std::istringstream stream(text);
    return {std::istream_iterator<std::string>(stream), std::istream_iterator<std::string>()};
}

std::string least_isa() {
    uint32_t count = 0;
    while (mote_isa_at(count + 1) != nullptr) ++count;
    return mote_isa_at(count);
}

Arguments operator+(Arguments first, const Arguments &second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

} // namespace mote_test
