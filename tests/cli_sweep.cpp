/* A sweep gives the same table whoever trains, in which order, and however often it was interrupted. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <signal.h>
#include <thread>

using namespace mote_test;

namespace {

const std::string options_of_each = " -- --lines --split 80/10/10 --batch 4 --time 8";
const std::string grid = "sweep names --quiet --grid lr=0.01,0.1 --grid hidden=4,8 --seeds 1-2 ";

std::string table_of(const Directory &directory, const std::string &sweep) {
    directory.mote_ok(words(sweep + " -o r.csv" + options_of_each + " --steps 10"));
    return directory.read("r.csv");
}

std::vector<std::string> lines_of(const std::string &text) {
    std::vector<std::string> lines;
    for (size_t from = 0, end; (end = text.find('\n', from)) != std::string::npos; from = end + 1)
        lines.push_back(text.substr(from, end - from));
    return lines;
}

std::string without_last_lines(const std::string &text, size_t count) {
    std::string rest;
    const std::vector<std::string> lines = lines_of(text);
    for (size_t i = 0; i + count < lines.size(); ++i) rest += lines[i] + "\n";
    return rest;
}

/* A program for --program that trains unless the script before it ends. */
std::string program_of(const Directory &directory, const std::string &script) {
    directory.write("program", "#!/bin/sh\n" + script + "\nexec \"$MOTE_CLI\" \"$@\"\n");
    std::filesystem::permissions(directory.path("program"), std::filesystem::perms::owner_all);
    return directory.path("program");
}

bool is_alive(const std::string &program) { return ::kill(static_cast<pid_t>(std::stol(program)), 0) == 0; }

#if defined(__linux__)
/* One that has ended may have its number until its new parent asks for it. */
bool is_running(const std::string &program) {
    std::ifstream file("/proc/" + program + "/stat");
    std::string stat;
    return std::getline(file, stat) && stat.find(") Z") == std::string::npos;
}
#endif

/* Four trainings of two workers, of which the first two have ended, and the others do not end by themselves: the file
 * `slow` has their numbers. */
struct EndlessSweep {
    const Directory &directory;
    Arguments arguments;
    pid_t running;

    explicit EndlessSweep(const Directory &where) : directory(where) {
        const std::string program =
            program_of(directory, "case \"$*\" in *seed=[34]*) [ -e slow ] && echo $$ >> slow && exec \"$MOTE_CLI\" "
                                  "\"$@\" --steps=4000000000;; esac");
        arguments = words("sweep names --quiet --seeds 1-4 --workers 2 -o r.csv --program " + program +
                          options_of_each + " --steps 10");
        directory.write("slow", "");
        running = directory.start_mote(arguments);
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (lines_of(directory.read("slow")).size() < 2) {
            REQUIRE(std::chrono::steady_clock::now() < until);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }

    /* The same command again, whose trainings all end. */
    void go_on() const {
        std::filesystem::remove(directory.path("slow"));
        directory.mote_ok(arguments);
    }
};

} // namespace

TEST_CASE("the table of a sweep has the same bytes for any number of workers, threads and interruptions") {
    const Directory directory;
    const std::string whole = table_of(directory, grid + "--workers 1");
    CHECK(lines_of(whole).size() == 9);
    for (const char *workers : {"--workers 2", "--workers 4", "--workers 2 --threads 2", ""}) {
        CAPTURE(workers);
        const Directory other;
        CHECK(table_of(other, grid + workers) == whole);
    }
    for (const size_t missing : {size_t{1}, size_t{5}, size_t{8}}) {
        directory.write("r.csv", without_last_lines(whole, missing));
        CHECK(table_of(directory, grid) == whole);
    }
    directory.write("r.csv", lines_of(whole)[0] + "\n" + lines_of(whole)[6] + "\n");
    CHECK(table_of(directory, grid + "--workers 3") == whole);
    CHECK(directory.names() == std::vector<std::string>{"r.csv"});
}

TEST_CASE("a row of a sweep is what mote train prints, and the command for the best one gives it again") {
    const Directory directory;
    const nlohmann::json swept =
        directory.mote_ok(words(grid + "--json -o r.csv" + options_of_each + " --steps 10")).json();
    const nlohmann::json &best = swept["best"];
    CHECK(swept["jobs"] == 8);
    CHECK(swept["failed"] == 0);
    CHECK(best["seeds"] == 2);
    const Arguments again = words(best["command"].get<std::string>());
    const nlohmann::json trained =
        directory.mote_ok(Arguments(again.begin() + 1, again.end()) + words("--json --quiet")).json();
    CHECK(trained["dev_loss"] == best["least"]);
    bool found = false;
    for (const std::string &line : lines_of(directory.read("r.csv"))) {
        const std::string row = best["point"]["lr"].get<std::string>() + "," +
                                best["point"]["hidden"].get<std::string>() + "," + best["seed"].dump() + "," +
                                trained["dev_loss"].dump() + "," + trained["train_loss"].dump() + "," +
                                trained["test_loss"].dump() + ",";
        if (line.rfind(row, 0) != 0) continue;
        found = true;
        CHECK(line.find("," + trained["weights_hash"].get<std::string>() + ",") != std::string::npos);
    }
    CHECK(found);
}

TEST_CASE("a sweep with more values or seeds goes on from the table of the one with less") {
    const Directory directory, other;
    table_of(directory, "sweep names --quiet --grid lr=0.01,0.1 --seeds 1");
    directory.mote_ok(words("sweep names --quiet --grid lr=0.01,0.03,0.1 --seeds 1-2 --program " +
                            program_of(directory, "echo train >> runs.txt") + " -o r.csv" + options_of_each +
                            " --steps 10"));
    CHECK(lines_of(directory.read("runs.txt")).size() == 1 + 4); /* one asks for the version */
    CHECK(directory.read("r.csv") == table_of(other, "sweep names --quiet --grid lr=0.01,0.03,0.1 --seeds 1-2"));
}

TEST_CASE("random points lie in their ranges, and more of them begin with the same ones") {
    const Directory directory;
    auto commands = [&](const std::string &random) {
        return lines_of(directory
                            .mote_ok(words("sweep names -o r.csv --dry-run --range lr=0.001..0.1 --range hidden=4..64 "
                                           "--range decay=0..0.5 --grid model=rnn,gru " +
                                           random + options_of_each))
                            .out);
    };
    const std::vector<std::string> few = commands("--random 5"), many = commands("--random 200");
    REQUIRE(few.size() == 5);
    REQUIRE(many.size() == 200);
    CHECK(std::vector<std::string>(many.begin(), many.begin() + 5) == few);
    CHECK(commands("--random 5 --seed 2") != few);
    auto value = [](const std::string &command, const std::string &option) {
        return std::stod(command.substr(command.find(option) + option.size()));
    };
    int below = 0, grus = 0;
    for (const std::string &command : many) {
        CAPTURE(command);
        CHECK(value(command, "--lr=") >= 0.001);
        CHECK(value(command, "--lr=") <= 0.1);
        CHECK(value(command, "--hidden=") >= 4);
        CHECK(value(command, "--hidden=") <= 64);
        CHECK(value(command, "--decay=") <= 0.5);
        below += value(command, "--lr=") < 0.01;
        grus += command.find("--model=gru") != std::string::npos;
    }
    CHECK(below > 70); /* half of them, by their ratios */
    CHECK(below < 130);
    CHECK(grus > 70);
    CHECK(grus < 130);
    CHECK_FALSE(directory.has("r.csv"));
}

TEST_CASE("a training that fails has its error in the table, the others go on, and --retry runs it again") {
    const Directory directory, other;
    const std::string sweep = "sweep names --quiet --grid hidden=4,8 --seeds 1-2 --json -o r.csv --program ";
    const std::string program =
        program_of(directory, "case \"$*\" in *hidden=4*seed=2*) echo 'mote: no, \"never\"' >&2; exit 1;; esac");
    const Outcome failed = directory.mote(words(sweep + program + options_of_each + " --steps 10"));
    CHECK(failed.exit_code == 1);
    CHECK(failed.err.find("1 of 4 trainings failed, r.csv") != std::string::npos);
    CHECK(failed.json()["failed"] == 1);
    CHECK(failed.json()["best"]["point"]["hidden"] == "8");
    const std::vector<std::string> rows = lines_of(directory.read("r.csv"));
    REQUIRE(rows.size() == 5);
    CHECK(rows[2].rfind("4,2,,,,,,,,,\"no, \"\"never\"\"\",", 0) == 0);
    const std::string before = directory.read("r.csv");
    program_of(directory, "");
    CHECK(directory.mote(words(sweep + program + options_of_each + " --steps 10")).exit_code == 1);
    CHECK(directory.read("r.csv") == before);
    directory.mote_ok(words(sweep + program + " --retry" + options_of_each + " --steps 10"));
    CHECK(directory.read("r.csv") == table_of(other, "sweep names --quiet --grid hidden=4,8 --seeds 1-2"));
}

TEST_CASE("a training that a signal ends, or that prints nothing, has failed") {
    const Directory directory;
    const std::string end = " -o r.csv --program " +
                            program_of(directory, "case \"$*\" in *seed=1*) kill -9 $$;; *seed=2*) exit 0;; esac") +
                            options_of_each + " --steps 10";
    CHECK(directory.mote(words("sweep names --quiet --seeds 1-3" + end)).exit_code == 1);
    const std::vector<std::string> rows = lines_of(directory.read("r.csv"));
    REQUIRE(rows.size() == 4);
    CHECK(rows[1].find(",ended by a signal,") != std::string::npos);
    CHECK(rows[2].find(",printed no results,") != std::string::npos);
    CHECK(rows[3].find(",,") != std::string::npos);
}

TEST_CASE("a sweep that is asked to end stops its trainings, leaves a whole table, and goes on to the same bytes") {
    for (int signal : {SIGINT, SIGTERM}) {
        CAPTURE(signal);
        const Directory directory, other;
        EndlessSweep sweep(directory);
        CHECK(end(sweep.running, signal) == 1);
        for (const std::string &trainer : lines_of(directory.read("slow"))) CHECK_FALSE(is_alive(trainer));
        CHECK_FALSE(directory.has("r.csv.part"));
        CHECK_FALSE(directory.has("r.csv.lock"));
        CHECK(lines_of(directory.read("r.csv")).size() == 3);
        sweep.go_on();
        CHECK(directory.read("r.csv") == table_of(other, "sweep names --quiet --seeds 1-4"));
    }
}

TEST_CASE("a training that the same Ctrl-C ends before the sweep hears of it has not failed") {
    for (const char *end : {"kill -KILL $$", "exit 130", "echo 'mote: x: stopped by SIGINT' >&2; exit 1"}) {
        CAPTURE(end);
        const Directory directory;
        const std::string program = program_of(
            directory, std::string("case \"$*\" in *seed=2*) (sleep 0.2; kill -INT $PPID) & ") + end + ";; esac");
        const Outcome stopped = directory.mote(words("sweep names --quiet --seeds 1-3 --workers 1 -o r.csv --program " +
                                                     program + options_of_each + " --steps 10"));
        CHECK(stopped.exit_code == 1);
        CHECK(stopped.err.find("has 1 of 3 trainings") != std::string::npos);
        CHECK(lines_of(directory.read("r.csv")).size() == 2);
    }
}

TEST_CASE("a table that a sweep is writing is refused to another one, until the first has ended, by SIGKILL too") {
    const Directory directory, other;
    EndlessSweep sweep(directory);
    for (const char *name : {"r.csv", "link.csv"}) {
        CAPTURE(name);
        std::error_code error;
        std::filesystem::create_symlink("r.csv", directory.path("link.csv"), error);
        const Outcome refused =
            directory.mote(words("sweep names --seeds 1-2 -o") + Arguments{name} + words(options_of_each));
        CHECK(refused.exit_code == 1);
        CHECK(refused.lines_of_err() == 1);
        CHECK(refused.err.find(std::string(name) + ": another process is writing it") != std::string::npos);
    }
    CHECK(end(sweep.running, SIGKILL) == -1);
    CHECK(directory.has("r.csv.lock"));
#if defined(__linux__)
    for (const std::string &trainer : lines_of(directory.read("slow"))) {
        for (int i = 0; i < 1000 && is_running(trainer); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        CHECK_FALSE(is_running(trainer));
    }
#endif
    sweep.go_on();
    CHECK(directory.read("r.csv") == table_of(other, "sweep names --quiet --seeds 1-4"));
    CHECK_FALSE(directory.has("r.csv.lock"));
}

TEST_CASE("a table may be called like a built-in text, but not be the text") {
    const Directory directory;
    directory.mote_ok(words("sweep names -o names --quiet" + options_of_each + " --steps 3"));
    CHECK(directory.read("names").rfind("seed,dev_loss,", 0) == 0);
    check_refused(directory, words("sweep ./names -o names" + options_of_each), 2, {"--output names", "is the corpus"});
}

TEST_CASE("a table of another sweep, text or base is refused and kept") {
    const Directory directory;
    directory.write("text.txt", "one line\nand another\nand a third\nand more of it\n");
    const std::string begin = "sweep text.txt --quiet -o r.csv ",
                      end = " -- --split 50/50 --batch 2 --time 4 --steps 3";
    directory.mote_ok(words(begin + "--grid hidden=4,8" + end));
    const std::string before = directory.read("r.csv");
    check_refused(directory, words(begin + "--grid lr=0.1" + end), 1, {"r.csv", "columns", "another file"});
    check_refused(directory, words(begin + "--grid hidden=4" + end), 1, {"r.csv: line 3", "another sweep"});
    check_refused(directory, words(begin + "--grid hidden=4,8" + end + " --clip-norm 2"), 1, {"line 2"});
    directory.write("text.txt", "one line\nand another\nand a third\nand more of this\n");
    check_refused(directory, words(begin + "--grid hidden=4,8" + end), 1, {"line 2", "another text"});
    CHECK(directory.read("r.csv") == before);
    directory.write("text.txt", "one line\nand another\nand a third\nand more of it\n");
    const size_t loss = before.find(",1,", before.find('\n')) + 3, loss_end = before.find(',', loss);
    for (const char *wrong : {"", "junk", "nan", "1.5 "}) {
        directory.write("r.csv", before.substr(0, loss) + wrong + before.substr(loss_end));
        check_refused(directory, words(begin + "--grid hidden=4,8" + end), 1, {"r.csv: line 2: was changed"});
    }
    directory.write("r.csv", before.substr(0, before.size() - 9));
    check_refused(directory, words(begin + "--grid hidden=4,8" + end), 1, {"r.csv: line 3", "another file"});
    directory.write("text.txt", "one line\nand another\nand a third\nand more of this\n");
    const std::string adapt = "sweep text.txt --quiet -o a.csv --threads 2 --grid lr=0.1" + end +
                              " --optimizer sgd --base base.mote --learn output";
    const Arguments base = words("train text.txt -o base.mote --quiet --hidden 4 --batch 2 --time 4 --steps");
    directory.mote_ok(base + words("3"));
    directory.mote_ok(words(adapt));
    directory.mote_ok(words(adapt));
    directory.mote_ok(base + words("4"));
    check_refused(directory, words(adapt), 1, {"a.csv: line 2", "another sweep"});
    directory.write("r.csv", "no table");
    check_refused(directory, words(begin + "--grid hidden=4,8" + end), 1, {"r.csv: line 1"});
}

TEST_CASE("a sweep over several files is one over their text") {
    const Directory directory;
    directory.write("one", "abc abd\nabe\n");
    directory.write("two", "cab dab\n");
    directory.write("both", "abc abd\nabe\ncab dab\n");
    const Arguments rest = words("--grid lr=0.01,0.1 -- --model bigram --steps 5 --batch 2 --time 3 --split 50/50");
    const Outcome parts = directory.mote_ok(words("sweep one two -o a.csv") + rest);
    directory.mote_ok(words("sweep both -o b.csv") + rest);
    CHECK(directory.read("a.csv") == directory.read("b.csv"));
    CHECK(parts.out.find("mote train one two --model") != std::string::npos);
    check_refused(directory, words("sweep one two -o two") + rest, 2, {"--output two: is the corpus"});
}

TEST_CASE("what no training can use is refused before any work, with exit status 2") {
    struct Bad {
        std::string options;
        std::vector<std::string> mentions;
    };
    const Bad all[] = {
        {"--grid foo=1 -- --split 90/10", {"foo", "unknown option"}},
        {"--grid lr -- --split 90/10", {"--grid lr", "as lr=0.01,0.02"}},
        {"--grid --lr=1 -- --split 90/10", {"--lr"}},
        {"--grid lr=1,1 -- --split 90/10", {"twice"}},
        {"--grid lr=1, -- --split 90/10", {"empty"}},
        {"--grid hidden=4,0 -- --split 90/10", {"--hidden 0", "of hidden=0"}},
        {"--grid hidden=4 --grid hidden=5 -- --split 90/10", {"hidden", "twice"}},
        {"--grid hidden=4 -- --split 90/10 --hidden 5", {"--hidden", "as well"}},
        {"--grid seed=1,2 -- --split 90/10", {"seed", "--seeds"}},
        {"--grid model=gru,rnn --grid activation=relu -- --split 90/10", {"model=gru activation=relu"}},
        {"--grid recipe=no-such", {"no-such"}},
        {"--recipe no-such", {"no-such"}},
        {"--grid lr=0.1", {"dev part", "--split"}},
        {"--seeds 3-1 -- --split 90/10", {"--seeds 3-1"}},
        {"--seeds 1,2,1 -- --split 90/10", {"1 is there twice"}},
        {"--seeds 0-99999 -- --split 90/10", {"at most 10000"}},
        {"--range lr=0.1..1 -- --split 90/10", {"--random"}},
        {"--random 3 -- --split 90/10", {"--range"}},
        {"--random 3 --range lr=1..0.1 -- --split 90/10", {"lr=1..0.1", "lower one first"}},
        {"--random 3 --range lr=0.1 -- --split 90/10", {"two numbers"}},
        {"--random 9 --range hidden=1..5 -- --split 90/10", {"only 5"}},
        {"-- --split 90/10 --no-such", {"--no-such"}},
        {"-- --split 90/10 --seed 3", {"--seed", "--seeds"}},
        {"-- --split 90/10 --threads=2", {"--threads", "before --"}},
        {"-- --split 90/10 -o m.mote", {"--output"}},
        {"-- --resume c.ckpt", {"--resume"}},
        {"-- --split 90/10 -h", {"--help", "mote train --help lists"}},
        {"-- --split 90/10 more", {"more"}},
        {"--program /bin/true -- --split 90/10", {"/bin/true", "no program mote"}},
        {"--program ./no-such -- --split 90/10", {"./no-such"}},
        {"-o /dev/null -- --split 90/10", {"/dev/null", "file"}},
    };
    const Directory directory;
    for (const Bad &bad : all) check_refused(directory, words("sweep names -o r.csv " + bad.options), 2, bad.mentions);
    check_refused(directory, words("sweep - -o r.csv -- --split 90/10"), 2, {"give a file"});
    check_refused(directory, words("sweep no-such.txt -o r.csv -- --split 90/10"), 1, {"no-such.txt"});
}
