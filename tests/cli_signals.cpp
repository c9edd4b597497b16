/* A training that is asked to end, in whatever way, saves its checkpoint, from which it goes on with the same bits. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace mote_test;

namespace {

const Arguments training = words("train names -o end.mote --lines --hidden 16 --batch 2 --time 8 --seed 3 "
                                 "--split 80/10/10");
/* It ends by a signal alone, and its only checkpoint is the one that it saves then. */
const Arguments endless = words("--steps 4000000000 --checkpoint c.mote --checkpoint-every 4000000000 --log run.csv");

/* Until rows are in the log: the training is under way. */
void wait_for_rows(const Directory &directory) {
    auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!directory.has("run.csv") || directory.read("run.csv").size() < 1000) {
        REQUIRE(std::chrono::steady_clock::now() < until);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

/* The exit code of a program that is to end by itself; one that does not is ended. */
int own_end(pid_t program) {
    siginfo_t ended{};
    auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < until) {
        ::waitid(P_PID, static_cast<id_t>(program), &ended, WEXITED | WNOHANG | WNOWAIT);
        if (ended.si_pid == program) return wait_for(program);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return end(program, SIGKILL);
}

/* The stopped training has left its checkpoint and no model, and ends as one that was never stopped. */
void check_goes_on(const Directory &directory, const Arguments &more = {}) {
    CHECK_FALSE(directory.has("end.mote"));
    CHECK_FALSE(directory.has("c.mote.part"));
    REQUIRE(directory.has("c.mote"));
    uint64_t stopped_at = directory.mote_ok(words("inspect c.mote --json")).json()["run"]["step"];
    CHECK(stopped_at > 0);
    Arguments length = {"--steps", std::to_string(stopped_at + 30), "--quiet", "--json"};
    nlohmann::json resumed =
        directory.mote_ok(words("train names -o end.mote --resume c.mote --log run.csv") + length).json();
    nlohmann::json straight = directory.mote_ok(training + more + length + words("--log straight.csv")).json();
    CHECK(resumed["weights_hash"] == straight["weights_hash"]);
    CHECK(resumed["dev_loss"] == straight["dev_loss"]);
    CHECK(directory.read("run.csv") == directory.read("straight.csv"));
}

/* A FIFO that has had a reader. */
class LostPipe {
  public:
    explicit LostPipe(const std::string &path) {
        REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
        reader_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        REQUIRE(reader_ >= 0);
    }
    ~LostPipe() { lose(); }
    LostPipe(const LostPipe &) = delete;
    LostPipe &operator=(const LostPipe &) = delete;

    /* Until somebody has written into it. */
    void wait_for_writer() const {
        pollfd waiting{reader_, POLLIN, 0};
        REQUIRE(::poll(&waiting, 1, 60000) == 1);
    }
    void lose() {
        if (reader_ >= 0) ::close(reader_);
        reader_ = -1;
    }

  private:
    int reader_;
};

} // namespace

TEST_CASE("every signal that asks a training to end leaves a checkpoint, also when it comes twice at once") {
    for (int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU}) {
        for (int times : {1, 3}) {
            CAPTURE(signal);
            CAPTURE(times);
            Directory directory;
            pid_t program = directory.start_mote(training + endless);
            wait_for_rows(directory);
            for (int i = 1; i < times; ++i) ::kill(program, signal);
            CHECK(end(program, signal) == 1);
            check_goes_on(directory);
        }
    }
}

TEST_CASE("a terminal that is closed ends a training with its checkpoint") {
    Directory directory;
    int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(terminal >= 0);
    REQUIRE(::grantpt(terminal) == 0);
    REQUIRE(::unlockpt(terminal) == 0);
    pid_t program = directory.start_mote_on_terminal(training + endless, ::ptsname(terminal));
    wait_for_rows(directory);
    ::close(terminal);
    CHECK(own_end(program) == 1);
    check_goes_on(directory);
}

TEST_CASE("a stop in the middle of an estimate waits for it, so that the best weights and the log are right") {
    Directory directory;
    Arguments estimates = words("--eval-every 10 --eval-batches 0 --patience 1000000");
    pid_t program = directory.start_mote(training + endless + estimates);
    std::this_thread::sleep_for(std::chrono::milliseconds(700)); /* nearly all of it in estimates */
    CHECK(end(program, SIGHUP) == 1);
    check_goes_on(directory, estimates);
}

TEST_CASE("a training under nohup goes on after SIGHUP") {
    Directory directory;
    auto before = ::signal(SIGHUP, SIG_IGN);
    pid_t program = directory.start_mote(training + endless);
    ::signal(SIGHUP, before);
    wait_for_rows(directory);
    ::kill(program, SIGHUP);
    std::string log = directory.read("run.csv");
    auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (directory.read("run.csv").size() < log.size() + 10000 && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    CHECK(directory.read("run.csv").size() >= log.size() + 10000);
    CHECK(end(program, SIGTERM) == 1);
    check_goes_on(directory);
}

TEST_CASE("progress that nobody reads any more does not end a training") {
    Directory directory;
    LostPipe pipe(directory.path("pipe"));
    pid_t program =
        directory.start_mote(training + endless + words("--eval-every 5 --eval-batches 1"), directory.path("pipe"));
    wait_for_rows(directory);
    pipe.lose();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(end(program, SIGTERM) == 1);
    check_goes_on(directory, words("--eval-every 5 --eval-batches 1"));
}

TEST_CASE("a log that nobody reads any more ends a training, with its checkpoint") {
    Directory directory;
    LostPipe pipe(directory.path("pipe"));
    pid_t program = directory.start_mote(training + words("--steps 4000000000 --checkpoint c.mote --quiet "
                                                          "--checkpoint-every 4000000000 --log pipe"));
    pipe.wait_for_writer();
    pipe.lose();
    CHECK(own_end(program) == 1);
    REQUIRE(directory.has("c.mote"));
    CHECK(directory.mote_ok(words("inspect c.mote --json")).json()["selftest"] == true);
}

TEST_CASE("a closed standard error takes no file's place") {
    Directory directory;
    std::string command = "cd '" + directory.path("") +
                          "' && \"$MOTE_CLI\" train rhyme -o m.mote --hidden 5 --steps 50 "
                          "--log run.csv --checkpoint c.mote > out";
    REQUIRE(std::system((command + " 2>err").c_str()) == 0);
    std::string log = directory.read("run.csv");
    for (const char *closed : {" 2>&-", " <&- 2>&-"}) {
        CHECK(std::system((command + closed).c_str()) == 0);
        CHECK(directory.read("run.csv") == log);
    }
    CHECK(std::system((command + " >&- 2>err").c_str()) != 0);
    CHECK(directory.read("err").find("cannot write to the standard output") != std::string::npos);
}
