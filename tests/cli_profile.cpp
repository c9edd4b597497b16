/* What `mote profile` promises: the multiply-adds of each stage by the formulas written down here once more, JSON and
 * table, and a message for what cannot be profiled. Times are only asked to be there. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <utility>

using namespace mote_test;

namespace {

using Rows = std::vector<std::pair<std::string, uint64_t>>;

/* rhyme has 25 characters, names with its boundary 27. */
constexpr uint64_t V = 25, items = 27;

void train(const Directory &directory, const std::string &arguments) {
    directory.mote_ok(words("train " + arguments + " --steps 2 --batch 2 --quiet -o m.mote"));
}

nlohmann::json profile(const Directory &directory, const std::string &options) {
    return directory.mote_ok(words("profile m.mote --seconds 0.01 --json " + options)).json();
}

Rows multiply_adds(const nlohmann::json &report) {
    Rows rows;
    for (const nlohmann::json &stage : report["stages"])
        rows.emplace_back(stage["name"].get<std::string>(), stage["multiply_adds"].get<uint64_t>());
    return rows;
}

const std::string bigram = "names --lines --model bigram",
                  mlp = "names --lines --model mlp --context 3 --embed 5 "
                        "--hidden 18 --layers 2",
                  rnn = "rhyme --model rnn --hidden 20",
                  deep_rnn = "rhyme --model rnn --embed 5 --hidden 17 --layers 2";

} // namespace

TEST_CASE("profile counts the multiply-adds of a character by the formula, layer by layer") {
    Directory directory;
    train(directory, bigram);
    CHECK(multiply_adds(profile(directory, "")) == Rows{{"output", 0}, {"softmax, draw", 0}});
    train(directory, mlp);
    CHECK(multiply_adds(profile(directory, "")) ==
          Rows{{"layer 0", 3 * 5 * 18}, {"layer 1", 18 * 18}, {"output", 18 * items}, {"softmax, draw", 0}});
    train(directory, rnn);
    CHECK(multiply_adds(profile(directory, "--corpus rhyme")) ==
          Rows{{"layer 0", 20 * 20}, {"output", 20 * V}, {"softmax, score", 0}});
    train(directory, deep_rnn);
    CHECK(
        multiply_adds(profile(directory, "")) ==
        Rows{{"layer 0", 5 * 17 + 17 * 17}, {"layer 1", 17 * 17 + 17 * 17}, {"output", 17 * V}, {"softmax, draw", 0}});
}

TEST_CASE("profile counts the multiply-adds of a training step by the formula, forward and backward") {
    Directory directory;
    train(directory, bigram);
    CHECK(multiply_adds(profile(directory, "--train --batch 3 --time 4")) ==
          Rows{{"output", 0}, {"softmax, loss", 0}, {"output back", 0}, {"clip", 0}, {"update", 0}});
    train(directory, deep_rnn);
    constexpr uint64_t rows = 3 * 4, recurrent = 17 * 17;
    CHECK(multiply_adds(profile(directory, "--train --batch 3 --time 4 --optimizer adagrad")) ==
          Rows{{"input", 0},
               {"layer 0", rows * (5 * 17 + recurrent)},
               {"layer 1", rows * (17 * 17 + recurrent)},
               {"output", rows * 17 * V},
               {"softmax, loss", 0},
               {"output back", 2 * rows * 17 * V},
               {"layer 1 back", 2 * rows * 17 * 17 + (rows + 3 * 3) * recurrent},
               {"layer 0 back", 2 * rows * 5 * 17 + (rows + 3 * 3) * recurrent},
               {"input back", 0},
               {"clip", 0},
               {"update", 0}});
}

TEST_CASE("profile and inspect agree on the multiply-adds of a character") {
    for (const std::string &kind : {bigram, mlp, rnn, deep_rnn}) {
        CAPTURE(kind);
        Directory directory;
        train(directory, kind);
        uint64_t sum = 0;
        for (const auto &[name, count] : multiply_adds(profile(directory, ""))) sum += count;
        CHECK(directory.mote_ok(words("inspect m.mote --json")).json()["multiply_adds"] == sum);
    }
}

TEST_CASE("profile tells the bytes that a character reads, padding included") {
    Directory directory;
    train(directory, bigram);
    CHECK(profile(directory, "")["stages"][0]["bytes"] == 4 * 32);
    train(directory, mlp); /* three rows of the embedding, the first layer's weights and its bias */
    CHECK(profile(directory, "")["stages"][0]["bytes"] == 4 * (3 * 16 + 3 * 5 * 32 + 32));
    train(directory, rnn); /* a character's weights */
    CHECK(profile(directory, "")["stages"][0]["bytes"] == 4 * (32 + 20 * 32 + 32));
}

TEST_CASE("profile tells in JSON what it measured, and of what") {
    Directory directory;
    train(directory, deep_rnn);
    nlohmann::json running = profile(directory, "--isa " + least_isa());
    CHECK(running["model"] == "rnn");
    CHECK(running["isa"] == least_isa());
    CHECK(running["stages"][0]["shapes"] == nlohmann::json({{V, 5}, {17, 5}, {17, 17}}));
    CHECK(running["peak_flops"] > 0);
    CHECK(running["bandwidth"] > 0);
    CHECK(running["step_ns"] > 0);
    double sum = 0, shares = 0;
    for (const nlohmann::json &stage : running["stages"]) {
        sum += stage["ns"].get<double>();
        shares += stage["share"].is_null() ? 0 : stage["share"].get<double>();
    }
    CHECK(running["stages_ns"] == doctest::Approx(sum));
    CHECK(shares == doctest::Approx(1));
    nlohmann::json training = profile(directory, "--train --time 4 --corpus rhyme");
    CHECK(training["batch"] == 32);
    CHECK(training["time"] == 4);
    CHECK(training["optimizer"] == "adamw");
    CHECK(training["bandwidth"].is_null());
}

TEST_CASE("profile prints a table with a row for each stage") {
    Directory directory;
    train(directory, rnn);
    std::string table = directory.mote_ok(words("profile m.mote --seconds 0.01")).out;
    for (const char *part : {"stage ", "multiply-adds", "GFLOP/s", "\nlayer 0 ", "20 x 25 + 20 x 20", "\noutput ",
                             "\nsoftmax, draw ", "\nall stages ", "\na step without the hook "})
        CHECK_MESSAGE(table.find(part) != std::string::npos, part);
}

TEST_CASE("profile leaves the file as it is, and refuses what it cannot use") {
    Directory directory;
    train(directory, rnn);
    const std::string before = directory.read("m.mote");
    directory.mote_ok(words("profile m.mote --train --batch 2 --time 3 --seconds 0.01"));
    CHECK(directory.read("m.mote") == before);
    directory.write("short.txt", "la");
    directory.write("no.mote", "not a model");
    struct Refusal {
        const char *arguments, *message;
        int exit_code;
    };
    const Refusal refusals[] = {
        {"profile", "M is required", 2},
        {"profile m.mote --batch 4", "--batch: only with --train", 2},
        {"profile m.mote --time 4", "--time: only with --train", 2},
        {"profile m.mote --optimizer sgd", "--optimizer: only with --train", 2},
        {"profile m.mote --train --batch 0", "--batch 0", 2},
        {"profile m.mote --train --optimizer adam", "--optimizer adam", 2},
        {"profile m.mote --seconds 0", "--seconds 0", 2},
        {"profile m.mote --isa mmx", "--isa mmx", 2},
        {"profile none.mote", "none.mote", 1},
        {"profile no.mote", "no.mote", 1},
        {"profile m.mote --corpus none.txt", "none.txt", 1},
        {"profile m.mote --train --corpus short.txt", "short.txt: has 2 characters, and 65 are needed", 1},
        {"profile m.mote --train --batch 65536 --time 65536", "more than 4 GiB; lower them", 1},
    };
    for (const Refusal &refusal : refusals) {
        CAPTURE(refusal.arguments);
        Outcome outcome = directory.mote(words(refusal.arguments));
        CAPTURE(outcome.err);
        CHECK(outcome.exit_code == refusal.exit_code);
        CHECK(outcome.err.find(refusal.message) != std::string::npos);
        CHECK(outcome.lines_of_err() == 1);
        CHECK(outcome.out.empty());
    }
}
