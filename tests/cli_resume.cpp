/* A training that was stopped, in whatever way, and resumed ends with the bits of one that ran straight through. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <chrono>
#include <signal.h>
#include <thread>

using namespace mote_test;

namespace {

const Arguments shape = words("--hidden 16 --batch 3 --time 7 --seed 11 --quiet --split 90/10");

std::string hash(const Directory &directory, const Arguments &arguments) {
    return directory.mote_ok(arguments + words("--json")).json()["weights_hash"];
}

void wait_for_change(const Directory &directory, const std::string &name, const std::string &before) {
    auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!directory.has(name) || directory.read(name) == before) {
        REQUIRE(std::chrono::steady_clock::now() < until);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

/* Enough work that the program is still at it when the signal comes. */
const Arguments long_run =
    words("train names -o end.mote --lines --hidden 64 --batch 4 --time 16 --steps 1500 --seed 3 "
          "--optimizer adamw --schedule cosine --warmup 10 --split 80/10/10 --quiet");

} // namespace

TEST_CASE("resumed after any step, training gives the weights of a straight run") {
    Directory directory;
    directory.write("lines.txt", "anna\nbert\ncarl\ndora\nemil\nfritz\ngert\nhans\nirma\njohn\n");
    const std::string kinds[] = {
        "rhyme --optimizer adagrad --lr 0.1 --clip-value 5", "lines.txt --lines --optimizer adamw --embed 5",
        "rhyme --optimizer momentum --order random", "lines.txt --optimizer sgd --layers 2 --schedule step --period 4"};
    for (const std::string &kind : kinds) {
        CAPTURE(kind);
        std::string corpus = words(kind)[0];
        std::string straight = hash(directory, words("train -o a.mote --steps 20") + shape + words(kind));
        std::string file = directory.read("a.mote");
        for (const std::string stop : {"1", "2", "5", "13", "19", "20"}) {
            CAPTURE(stop);
            directory.mote_ok(words("train -o b.mote --checkpoint c.mote") + shape + words(kind) +
                              Arguments{"--steps", stop});
            Arguments resume = words("train " + corpus + " -o a.mote --resume c.mote --steps 20 --quiet");
            CHECK(hash(directory, resume) == straight);
            CHECK(directory.read("a.mote") == file);
        }
    }
}

TEST_CASE("a run resumed with another instruction set gives the same weights") {
    Directory directory;
    std::string straight = hash(directory, words("train rhyme -o a.mote --steps 20") + shape);
    directory.mote_ok(words("train rhyme -o b.mote --checkpoint c.mote --steps 9 --isa") + Arguments{least_isa()} +
                      shape);
    CHECK(hash(directory, words("train rhyme -o b.mote --resume c.mote --steps 20 --quiet")) == straight);
}

TEST_CASE("killed again and again, a run ends with the weights and the log of a straight one") {
    Directory directory;
    std::string straight = hash(directory, long_run + words("--log straight.csv"));
    Arguments traced = words("--checkpoint c.mote --checkpoint-every 20 --log run.csv");
    Arguments resume = words("train names -o end.mote --resume c.mote --quiet") + traced;
    for (int kills = 0; kills < 4; ++kills) {
        std::string before = directory.has("c.mote") ? directory.read("c.mote") : "";
        pid_t program = directory.start_mote(kills == 0 ? long_run + traced : resume);
        wait_for_change(directory, "c.mote", before);
        std::this_thread::sleep_for(std::chrono::milliseconds(7 * kills));
        CHECK_MESSAGE(end(program, SIGKILL) == -1, "the run was over before it was killed");
    }
    CHECK(hash(directory, resume) == straight);
    CHECK(directory.read("run.csv") == directory.read("straight.csv"));
}

TEST_CASE("a run asked to stop saves its checkpoint and exits 1 without an output") {
    Directory directory;
    std::string straight = hash(directory, long_run);
    std::string whole = directory.read("end.mote");
    REQUIRE(::unlink(directory.path("end.mote").c_str()) == 0);
    for (int signal : {SIGTERM, SIGINT}) {
        pid_t program = directory.start_mote(long_run + words("--checkpoint c.mote --checkpoint-every 10"));
        wait_for_change(directory, "c.mote", "");
        CHECK(end(program, signal) == 1);
        CHECK_FALSE(directory.has("end.mote"));
        CHECK_FALSE(directory.has("c.mote.part"));
        CHECK(hash(directory, words("train names -o end.mote --resume c.mote --quiet")) == straight);
        CHECK(directory.read("end.mote") == whole);
        ::unlink(directory.path("end.mote").c_str());
        ::unlink(directory.path("c.mote").c_str());
    }
}

TEST_CASE("a checkpoint refuses another corpus and options of another training") {
    Directory directory;
    directory.mote_ok(words("train rhyme -o a.mote --checkpoint c.mote --steps 9") + shape);
    Outcome other = directory.mote(words("train names -o b.mote --resume c.mote --quiet"));
    CHECK(other.exit_code == 1);
    CHECK(other.err.find("not the corpus") != std::string::npos);
    Outcome wider = directory.mote(words("train rhyme -o b.mote --resume c.mote --hidden 20 --quiet"));
    CHECK(wider.exit_code == 2);
    CHECK(wider.err.find("--hidden") != std::string::npos);
    Outcome shorter = directory.mote(words("train rhyme -o b.mote --resume c.mote --steps 8 --quiet"));
    CHECK(shorter.exit_code == 2);
    Outcome model = directory.mote(words("train rhyme -o b.mote --resume a.mote --quiet"));
    CHECK(model.exit_code == 1);
    CHECK(model.err.find("not a checkpoint") != std::string::npos);
    CHECK_FALSE(directory.has("b.mote"));
}

TEST_CASE("numbers that are not finite stop the training with advice and leave the last good checkpoint") {
    const Arguments wild = words("train rhyme -o m.mote --hidden 32 --activation relu --init normal --init-scale 0.2 "
                                 "--optimizer sgd --clip-norm 0 --loss sum --batch 1 --time 20 --steps 50 --quiet "
                                 "--checkpoint c.mote --checkpoint-every 1 --log run.csv --lr");
    size_t kept = 0;
    for (const std::string rate : {"0.05", "0.1", "0.3", "1000"}) {
        CAPTURE(rate);
        Directory directory;
        Outcome outcome = directory.mote(wild + Arguments{rate});
        CAPTURE(outcome.err);
        CHECK(outcome.exit_code == 1);
        CHECK(outcome.lines_of_err() == 1);
        CHECK(outcome.err.find("--lr") != std::string::npos);
        CHECK(outcome.err.find("--clip-norm") != std::string::npos);
        CHECK_FALSE(directory.has("m.mote"));
        CHECK_FALSE(directory.has("m.mote.part"));
        CHECK_FALSE(directory.has("c.mote.part"));
        if (!directory.has("c.mote")) continue;
        ++kept;
        nlohmann::json checkpoint = directory.mote_ok(words("inspect c.mote --json")).json();
        CHECK(checkpoint["selftest"] == true);
        CHECK(outcome.err.find("(c.mote holds step " + checkpoint["run"]["step"].dump() + ")") != std::string::npos);
        Outcome again = directory.mote(words("train rhyme -o m.mote --resume c.mote --quiet"));
        CHECK(again.exit_code == 1);
        CHECK(again.err.find("--lr") != std::string::npos);
    }
    CHECK_MESSAGE(kept > 0, "no run got as far as a checkpoint");
}
