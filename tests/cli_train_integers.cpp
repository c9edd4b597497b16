/* mote train --quantize: a training that learns with weights of integers, from its beginning or from a checkpoint. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <signal.h>
#include <sstream>
#include <thread>
#include <unistd.h>

using namespace mote_test;

namespace {

const char *const kinds[] = {"--model bigram --batch 8", "--model mlp --context 4 --embed 6 --hidden 20 --layers 2",
                             "--model rnn --embed 6 --hidden 20 --layers 2 --time 16",
                             "--model gru --hidden 20 --time 16"};
const char *const relus[] = {"--model mlp --context 3 --embed 6 --hidden 20 --layers 2 --activation relu",
                             "--model rnn --hidden 20 --activation relu --time 16"};
const std::string corpus = "train names --quiet --split 80/10/10";

nlohmann::json json_of(const Directory &directory, const std::string &arguments) {
    return directory.mote_ok(words(arguments + " --json")).json();
}

/* What a training of integers printed is said by mote eval of the model that it saved. */
void check_losses(const Directory &directory, const nlohmann::json &trained, const std::string &model) {
    const nlohmann::json report = json_of(directory, "inspect " + model);
    CHECK(report["damaged"] == false);
    CHECK(report["selftest"] == true);
    CHECK(report["config"]["precision"] == trained["precision"]);
    CHECK(report["weights_hash"] == trained["weights_hash"]);
    for (const std::string part : {"train", "dev", "test"}) {
        CAPTURE(part);
        CHECK(json_of(directory, "eval " + model + " names --split " + part)["loss"] == trained[part + "_loss"]);
    }
}

void wait_for(const Directory &directory, const std::string &name) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!directory.has(name)) {
        REQUIRE(std::chrono::steady_clock::now() < until);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

std::string repeated(const std::string &text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

/* A column of a log, where it is not empty, and the step of its row. */
std::vector<std::pair<uint64_t, double>> column_of(const std::string &log, const std::string &name) {
    std::istringstream lines(log);
    std::vector<std::pair<uint64_t, double>> column;
    size_t wanted = 0;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields(line);
        std::vector<std::string> row;
        for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
        if (row[0] == "step")
            wanted = static_cast<size_t>(std::find(row.begin(), row.end(), name) - row.begin());
        else if (wanted < row.size() && !row[wanted].empty())
            column.emplace_back(std::stoull(row[0]), std::stod(row[wanted]));
    }
    return column;
}

} // namespace

TEST_CASE("a training with integers saves the quantized model, of which its losses are") {
    const Directory directory;
    for (const std::string kind : kinds)
        for (const std::string bits : {"8", "4"}) {
            CAPTURE(kind);
            CAPTURE(bits);
            const std::string options = corpus + " --lines --steps 40 -o M.mote --checkpoint c.mote " + kind;
            const nlohmann::json trained = json_of(directory, options + " --quantize " + bits);
            CHECK(trained["precision"] == "int" + bits);
            check_losses(directory, trained, "M.mote");
            /* The checkpoint has the weights that the model is made of. */
            CHECK(json_of(directory, "quantize c.mote -o Q.mote --bits " + bits)["weights_hash"] ==
                  trained["weights_hash"]);
            CHECK(json_of(directory, "inspect c.mote")["config"]["precision"].is_null());
        }
}

TEST_CASE("a training of float32 goes on with integers, and its loss is lower than that of one quantized afterwards") {
    const Directory directory;
    for (const std::string kind : {kinds[2], kinds[3], relus[0], relus[1]}) {
        CAPTURE(kind);
        directory.mote_ok(words(corpus + " --lines --steps 400 -o M.mote --checkpoint c.mote " + kind));
        const double before =
            json_of(directory, "quantize M.mote -o Q.mote --bits 4 --corpus names --split dev")["loss"];
        const nlohmann::json trained =
            json_of(directory, "train names --quiet --resume c.mote --steps 480 --quantize 4 -o Q.mote");
        CHECK(trained["steps"] == 480);
        CHECK(trained["dev_loss"] < before);
        check_losses(directory, trained, "Q.mote");
    }
}

TEST_CASE("a training with integers that is stopped and resumed has the checkpoint of one that ran straight through") {
    const Directory directory;
    for (const std::string kind : {kinds[1], kinds[2], kinds[3]})
        for (const std::string threads : {"1", "2"}) {
            CAPTURE(kind);
            CAPTURE(threads);
            const std::string usual = " --eval-limit 2000 --threads " + threads;
            const std::string options = corpus + " --quantize 4 " + kind + usual;
            const nlohmann::json straight = json_of(directory, options + " --steps 30 -o A.mote --checkpoint a.mote");
            directory.mote_ok(words(options + " --steps 13 -o B.mote --checkpoint b.mote"));
            const nlohmann::json resumed =
                json_of(directory, "train names --quiet --resume b.mote --steps 30 -o B.mote "
                                   "--checkpoint b.mote" +
                                       usual);
            CHECK(resumed["weights_hash"] == straight["weights_hash"]);
            CHECK(directory.read("b.mote") == directory.read("a.mote"));
            CHECK(directory.read("B.mote") == directory.read("A.mote"));
        }
}

TEST_CASE("so has one that went on with integers from a checkpoint of float32, also of ReLU") {
    for (const std::string kind : {kinds[3], relus[0]})
        for (const std::string threads : {"1", "2"}) {
            CAPTURE(kind);
            CAPTURE(threads);
            const Directory directory;
            directory.mote_ok(words(corpus + " --batch 8 --steps 60 -o M.mote --checkpoint c.mote " + kind));
            const std::string rest = " --quiet --eval-limit 2000 --threads " + threads;
            const std::string begin = "train names --resume c.mote --steps 3000 --quantize 4 --lr 0.0005" + rest;
            directory.mote_ok(words(begin + " -o A.mote --checkpoint a.mote"));
            const pid_t program =
                directory.start_mote(words(begin + " -o B.mote --checkpoint b.mote --checkpoint-every 9"));
            wait_for(directory, "b.mote");
            CHECK_MESSAGE(end(program, SIGTERM) == 1, "the run was over before it was stopped");
            CHECK_FALSE(directory.has("B.mote"));
            directory.mote_ok(words("train names --resume b.mote -o B.mote --checkpoint b.mote" + rest));
            CHECK(directory.read("b.mote") == directory.read("a.mote"));
            CHECK(directory.read("B.mote") == directory.read("A.mote"));
            const bool relu = kind.find("relu") != std::string::npos;
            CHECK((directory.read("a.mote").find("relu") != std::string::npos) == relu);
        }
}

TEST_CASE("a training with integers begins a cosine at --lr, or at 3% of the one before") {
    const Directory directory;
    directory.mote_ok(words("train rhyme --hidden 8 --lr 0.02 --steps 10 -o M.mote --checkpoint c.mote --quiet"));
    for (const std::string rate : {"", "0.005"}) {
        CAPTURE(rate);
        directory.mote_ok(words("train rhyme --resume c.mote --steps 30 --quantize 4 -o Q.mote --log log.csv --quiet" +
                                (rate.empty() ? rate : " --lr " + rate)));
        const std::vector<std::pair<uint64_t, double>> rates = column_of(directory.read("log.csv"), "rate");
        REQUIRE(rates.size() == 20);
        const double first = rate.empty() ? 0.0006 : 0.005;
        CHECK(rates.front().second == doctest::Approx(first));
        CHECK(rates[10].second == doctest::Approx(first * 0.51));
        CHECK(rates.back().second > first * 0.02);
        CHECK(rates.back().second < first * 0.03);
    }
}

TEST_CASE("--patience keeps the best quantized model") {
    const Directory directory;
    directory.write("text", repeated("anna bert carl dora emil fritz gert hans irma john ", 12));
    const std::string patient = "train text --split 60/20/20 --hidden 24 --batch 4 --time 8 --lr 0.03 --eval-every 5 "
                                "--eval-batches 0 --patience 4 --steps 2000";
    directory.mote_ok(words(patient + " -o M.mote --checkpoint c.mote --quiet"));
    const std::string begun = patient + " --quantize 4",
                      resumed = "train text --resume c.mote --quantize 4 --steps 4000";
    for (const std::string &options : {begun, resumed}) {
        CAPTURE(options);
        const nlohmann::json trained = json_of(directory, options + " -o Q.mote --log log.csv --quiet");
        const std::vector<std::pair<uint64_t, double>> estimates = column_of(directory.read("log.csv"), "dev_loss");
        REQUIRE(::unlink(directory.path("log.csv").c_str()) == 0); /* the other one would go on in it */
        REQUIRE(estimates.size() > 4);
        const auto better = [](const auto &a, const auto &b) { return a.second < b.second; };
        const auto best = *std::min_element(estimates.begin(), estimates.end(), better);
        CHECK(trained["best_step"] == best.first);
        CHECK(trained["steps"] > best.first);
        CHECK(trained["dev_loss"].get<double>() == doctest::Approx(best.second).epsilon(1e-6));
        CHECK(json_of(directory, "eval Q.mote text --split dev")["loss"] == trained["dev_loss"]);
    }
}

TEST_CASE("after --patience a training with integers goes on from the best weights") {
    const Directory directory;
    directory.write("text", repeated("anna bert carl dora emil fritz gert hans irma john ", 12));
    const nlohmann::json trained =
        json_of(directory, "train text --split 60/20/20 --hidden 24 --batch 4 --time 8 --lr 0.03 --eval-every 5 "
                           "--eval-batches 0 --patience 4 --steps 2000 -o M.mote --checkpoint c.mote --quiet");
    REQUIRE(trained["best_step"] < trained["steps"]);
    /* A step that is too small to move a weight. */
    const std::string one_more = " --lr 1e-12 --steps " + std::to_string(trained["steps"].get<uint64_t>() + 1);
    directory.mote_ok(words("train text --resume c.mote --quantize 4 -o Q.mote --quiet" + one_more));
    CHECK(json_of(directory, "inspect Q.mote")["weights_hash"] ==
          json_of(directory, "quantize M.mote -o q.mote --bits 4")["weights_hash"]);
}

TEST_CASE("what cannot be learned with integers is refused in a line that says what to do, and nothing is written") {
    const Directory directory;
    directory.mote_ok(words("train rhyme --hidden 8 --steps 6 -o M.mote --checkpoint c.mote --quiet"));
    const std::string resume = "train rhyme --quiet -o N.mote --resume ";
    check_refused(directory, words(resume + "c.mote --steps 9 --lr 0.1"), 2,
                  {"--lr cannot be given with --resume alone", "give --quantize too"});
    for (const std::string rate : {"", " --lr 0.1"})
        check_refused(directory, words(resume + "c.mote --quantize 4" + rate), 2,
                      {"c.mote has made all its 6 steps", "give --steps with a larger number"});
    directory.mote_ok(words(resume + "c.mote --steps 9 --lr 0.1 --quantize 4 --checkpoint q.mote"));
    check_refused(directory, words(resume + "q.mote --steps 12 --lr 0.1 --quantize 4"), 2,
                  {"q.mote learns with weights of 4 bits already", "leave the option out"});
    directory.mote_ok(words(resume + "q.mote --steps 12 --quantize 4"));
    directory.mote_ok(words(resume + "q.mote --steps 12 --lr 0.1 --quantize 8"));
    check_refused(
        directory, words("train rhyme --quiet --resume N.mote -o O.mote"), 1,
        {"N.mote: has weights of int8", "give --resume a checkpoint of mote train --checkpoint", "--quantize 8"});
    check_refused(directory, words("train rhyme --model bigram --count --quantize 4 -o O.mote"), 2,
                  {"--quantize", "--count"});
    check_refused(directory, words("train rhyme --quantize 5 -o O.mote"), 2, {"--quantize", "8", "4"});
    check_refused(directory, words("lr-find rhyme --quantize 4"), 2, {"--quantize"});
}

TEST_CASE("ReLU learns with integers only after it has learned, as the message says") {
    const Directory directory;
    const std::string relu = "train rhyme --quiet --hidden 8 --activation relu --steps 6 -o M.mote";
    check_refused(directory, words(relu + " --quantize 4"), 2,
                  {"ReLU", "without --quantize but with --checkpoint FILE", "--resume FILE --steps N --quantize"});
    directory.mote_ok(words(relu + " --checkpoint c.mote"));
    directory.mote_ok(words("train rhyme --quiet -o M.mote --resume c.mote --steps 9 --quantize 4"));
}
