/* mote quantize: what it makes, what it prints, and what the other commands make of it. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

const char *const kinds[] = {"--model bigram --batch 8", "--model mlp --context 4 --embed 6 --hidden 30 --layers 2",
                             "--model mlp --context 3 --embed 6 --hidden 30 --activation relu",
                             "--model rnn --embed 6 --hidden 30 --time 16", "--model gru --hidden 24 --time 16"};

/* M.mote, trained for some steps, and M8.mote. */
nlohmann::json quantize(const Directory &directory, const std::string &kind) {
    directory.mote_ok(words("train names --lines --split 80/10/10 --steps 60 -o M.mote --quiet " + kind));
    return directory.mote_ok(words("quantize M.mote -o M8.mote --corpus names --split dev --json")).json();
}

void check_refused(const Directory &directory, const std::string &arguments, int code, const std::string &reason) {
    CAPTURE(arguments);
    const std::vector<std::string> before = directory.names();
    const Outcome outcome = directory.mote(words(arguments));
    CHECK(outcome.exit_code == code);
    CHECK(outcome.lines_of_err() == 1);
    CAPTURE(outcome.err);
    CHECK(outcome.err.find(reason) != std::string::npos);
    CHECK(directory.names() == before);
}

} // namespace

TEST_CASE("a quantized model is less than half as large, and its loss and logits are close to those before") {
    for (const std::string kind : kinds) {
        CAPTURE(kind);
        const Directory directory;
        const nlohmann::json json = quantize(directory, kind);
        CHECK(directory.read("M8.mote").size() < directory.read("M.mote").size() / 2);
        CHECK(json["bytes"] < json["bytes_before"]);
        CHECK(std::fabs(json["loss"].get<double>() - json["loss_before"].get<double>()) < 0.01);
        CHECK(json["largest_difference"].get<double>() < 0.5);
        CHECK(json["chars"] > 1000);
        CHECK(json["largest_activations"].size() == (kind.find("relu") != std::string::npos ? 1 : 0));
        const nlohmann::json before = directory.mote_ok(words("eval M.mote names --split dev --json")).json(),
                             after = directory.mote_ok(words("eval M8.mote names --split dev --json")).json();
        CHECK(before["loss"] == json["loss_before"]);
        CHECK(after["loss"] == json["loss"]);
    }
}

TEST_CASE("the commands that run a model take a quantized one") {
    for (const std::string kind : kinds) {
        CAPTURE(kind);
        const Directory directory;
        const nlohmann::json made = quantize(directory, kind);
        const std::string one = directory.mote_ok(words("sample M8.mote --length 30 --seed 2")).out;
        CHECK(one == directory.mote_ok(words("sample M8.mote --length 30 --seed 2")).out);
        directory.mote_ok(words("score M8.mote anna"));
        const nlohmann::json report = directory.mote_ok(words("inspect M8.mote --json")).json();
        CHECK(report["damaged"] == false);
        CHECK(report["selftest"] == true);
        CHECK(report["format"] == "1.1");
        CHECK(report["config"]["precision"] == "int8");
        CHECK(report["weights_hash"] == made["weights_hash"]);
        CHECK(report["tensors"][0]["max"].is_number());
        CHECK(report["multiply_adds"] == directory.mote_ok(words("inspect M.mote --json")).json()["multiply_adds"]);
        CHECK(report["memory"]["training"].empty());
        directory.mote_ok(words("inspect M8.mote"));
        directory.mote_ok(words("export M8.mote -o m.h"));
        CHECK(directory.read("m.h").find("MOTE_SHAPE_INT8(MOTE_SHAPE_") != std::string::npos);
        directory.mote_ok(words("profile M8.mote --seconds 0.01"));
    }
}

TEST_CASE("without a corpus a model is measured on what it writes itself, the same every time") {
    const Directory directory;
    directory.mote_ok(words("train rhyme --model mlp --activation relu --hidden 20 --steps 50 -o M.mote --quiet"));
    const nlohmann::json json = directory.mote_ok(words("quantize M.mote -o M8.mote --json")).json();
    CHECK(json["text"] == "its own text");
    CHECK(json["largest_activations"][0] > 0);
    directory.mote_ok(words("quantize M.mote -o again.mote"));
    CHECK(directory.read("again.mote") == directory.read("M8.mote"));
}

TEST_CASE("what cannot be quantized is refused in a line, and nothing is written") {
    const Directory directory;
    directory.mote_ok(words("train rhyme --model rnn --hidden 8 --steps 3 -o M.mote --quiet"));
    directory.mote_ok(words("quantize M.mote -o M8.mote"));
    directory.write("other.txt", "Zq!\n");
    check_refused(directory, "quantize M8.mote -o N.mote", 1, "has weights of int8 already; quantize the model");
    check_refused(directory, "quantize M.mote -o M.mote", 2, "M.mote is the model; give another file");
    check_refused(directory, "quantize none.mote -o N.mote", 1, "none.mote");
    check_refused(directory, "quantize M.mote -o none/N.mote", 1, "none/N.mote");
    check_refused(directory, "quantize M.mote -o N.mote --split dev", 2, "--split: needs --corpus");
    check_refused(directory, "quantize M.mote -o N.mote --limit 10", 2, "--limit: needs --corpus");
    check_refused(directory, "quantize M.mote -o N.mote --corpus rhyme --split dev", 1, "without a dev part");
    check_refused(directory, "quantize M.mote -o N.mote --corpus other.txt", 1, "other.txt");
    check_refused(directory, "quantize M.mote -o N.mote --limit 0", 2, "--limit");
}

TEST_CASE("what weights of int8 are not for is refused with what to do instead") {
    const Directory directory;
    directory.mote_ok(words("train rhyme --model rnn --hidden 8 --steps 3 -o M.mote --quiet"));
    directory.mote_ok(words("quantize M.mote -o M8.mote"));
    check_refused(directory, "train rhyme --resume M8.mote -o N.mote", 1, "give --resume a checkpoint of mote train");
    check_refused(directory, "export M8.mote -o N.safetensors", 1, "export the model of float32");
    check_refused(directory, "profile M8.mote --train", 1, "profile without --train");
}

TEST_CASE("a byte of a quantized model that was changed is found, and named") {
    const Directory directory;
    quantize(directory, kinds[3]);
    std::string bytes = directory.read("M8.mote");
    const nlohmann::json report = directory.mote_ok(words("inspect M8.mote --json")).json();
    const size_t at = report["tensors"][2]["offset"];
    bytes[at + 64 + 4 * 3 + 1] = static_cast<char>(0x80);
    directory.write("M8.mote", bytes);
    const Outcome outcome = directory.mote(words("inspect M8.mote"));
    CHECK(outcome.exit_code == 1);
    CAPTURE(outcome.out);
    CHECK(outcome.out.find("tensor weight_hh_l0, [3][1]") != std::string::npos);
}
