/* What the program promises of every model and recipe, and of what surrounds a training: counting, orders, estimates,
 * early stopping, the search for a learning rate. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

using namespace mote_test;

namespace {

const std::string lines =
    "anna\nbert\ncarl\ndora\nemil\nfritz\ngert\nhans\nirma\njohn\nkarla\nleo\nmia\nnora\notto\npia\n";

/* "name: about", followed by indented options. */
std::map<std::string, std::string> listed_recipes(const Directory &directory) {
    std::istringstream text(directory.mote_ok({"recipes"}).out);
    std::map<std::string, std::string> recipes;
    std::string name;
    for (std::string line; std::getline(text, line);) {
        if (line.rfind("    ", 0) == 0) {
            recipes[name] += line;
        } else {
            name = line.substr(0, line.find(':'));
        }
    }
    return recipes;
}

std::vector<std::string> rows(const std::string &csv) {
    std::istringstream text(csv);
    std::vector<std::string> list;
    for (std::string line; std::getline(text, line);) list.push_back(line);
    return list;
}

std::vector<std::string> cells(const std::string &row) {
    std::vector<std::string> list = {""};
    for (char c : row) {
        if (c == ',') {
            list.emplace_back();
        } else {
            list.back() += c;
        }
    }
    return list;
}

} // namespace

TEST_CASE("every recipe trains a model that the other commands take") {
    Directory directory;
    for (const auto &recipe : listed_recipes(directory)) {
        const std::string &name = recipe.first, &options = recipe.second;
        CAPTURE(name);
        bool counts = options.find("--count ") != std::string::npos;
        Arguments shorter = counts ? Arguments{} : words("--steps 3 --warmup 0");
        Outcome trained = directory.mote_ok(words("train names -o m.mote --json --quiet --recipe " + name) + shorter);
        nlohmann::json json = trained.json();
        CHECK(json["steps"] == (counts ? 0 : 3));
        for (const std::string part : {"train", "dev", "test"}) {
            if (json[part + "_loss"].is_null()) continue;
            Outcome measured = directory.mote_ok(words("eval m.mote names --json --split " + part));
            CHECK(measured.json()["loss"] == json[part + "_loss"]);
        }
        nlohmann::json inspected = directory.mote_ok(words("inspect m.mote --json")).json();
        CHECK(inspected["weights_hash"] == json["weights_hash"]);
        CHECK(inspected["params"] == json["params"]);
        CHECK(inspected["selftest"] == true);
        CHECK(directory.mote_ok(words("sample m.mote --length 5 --count 2")).out.size() >= 2);
        CHECK(directory.mote_ok(words("score m.mote ada")).exit_code == 0);
        CHECK(directory.mote_ok(words("export m.mote -o m.h")).exit_code == 0);
    }
}

TEST_CASE("the options that a recipe shows are what it does") {
    Directory directory;
    for (const auto &recipe : listed_recipes(directory)) {
        const std::string &name = recipe.first, &options = recipe.second;
        if (options.find("--epochs") != std::string::npos || options.find("--count") != std::string::npos) continue;
        CAPTURE(name);
        directory.mote_ok(words("train names -o a.mote --quiet --steps 2 --warmup 0 --recipe " + name));
        directory.mote_ok(words("train names -o b.mote --quiet" + options + " --steps 2 --warmup 0"));
        CHECK(directory.read("a.mote") == directory.read("b.mote"));
    }
}

TEST_CASE("a counted bigram has the counts' probabilities") {
    Directory directory;
    directory.write("text.txt", "abab");
    Arguments count = words("train text.txt --model bigram --count -o m.mote --json --quiet --smoothing");
    /* b follows a twice, a follows b once: with one more each, 3/4 and 2/3. */
    double smoothed = directory.mote_ok(count + words("1")).json()["train_loss"];
    CHECK(std::fabs(smoothed + (2 * std::log(3.0 / 4) + std::log(2.0 / 3)) / 3) < 1e-7);
    CHECK(directory.mote_ok(count + words("0")).json()["train_loss"] == 0.0);
    CHECK(directory.mote_ok(words("sample m.mote --prompt a --length 6")).out == "abababa\n");
}

TEST_CASE("a full batch is one step over every character, in whatever order") {
    Directory directory;
    directory.write("lines.txt", lines);
    Arguments train = words("train lines.txt --lines --model bigram --optimizer sgd --lr 1 --clip-norm 0 --steps 1 "
                            "--init normal --json --quiet -o m.mote --log run.csv --batch");
    nlohmann::json full = directory.mote_ok(train + words("full")).json();
    double first = std::stod(cells(rows(directory.read("run.csv"))[1])[1]);
    double before = directory.mote_ok(train + words("full --steps 0")).json()["train_loss"];
    CHECK(std::fabs(first - before) < 1e-5);
    nlohmann::json shuffled = directory.mote_ok(train + words("1000 --order shuffled")).json();
    CHECK(std::fabs(full["train_loss"].get<double>() - shuffled["train_loss"].get<double>()) < 1e-5);
}

TEST_CASE("an MLP predicts an item from its own characters alone") {
    Directory directory;
    directory.write("lines.txt", lines);
    directory.mote_ok(words("train lines.txt --lines --model mlp --context 4 --steps 200 -o m.mote --quiet"));
    auto bits = [&](const std::string &text) {
        return directory.mote_ok({"score", "m.mote", text, "--json"}).json()["bits"].get<std::vector<double>>();
    };
    std::vector<double> alone = bits("leo"), behind = bits("fritz\nleo");
    REQUIRE(behind.size() == 9);
    CHECK(std::vector<double>(behind.end() - 3, behind.end()) == alone);
}

TEST_CASE("estimates fill the log where they are made, and do not change the training") {
    Directory directory;
    for (const std::string model :
         {"bigram", "mlp --context 3", "rnn --hidden 8 --time 6", "gru --hidden 8 --time 6"}) {
        CAPTURE(model);
        Arguments train = words("train names --lines --steps 20 --batch 4 --split 80/10/10 --quiet --json -o m.mote "
                                "--log run.csv --model " +
                                model);
        std::string hash = directory.mote_ok(train).json()["weights_hash"];
        nlohmann::json json = directory.mote_ok(train + words("--eval-every 10 --eval-batches 0")).json();
        CHECK(json["weights_hash"] == hash);
        std::vector<std::string> log = rows(directory.read("run.csv"));
        REQUIRE(log.size() == 21);
        CHECK(log[0] == "step,loss,smoothed_loss,rate,grad_norm,train_loss,dev_loss,test_loss");
        CHECK(cells(log[9])[6].empty());
        CHECK(std::stod(cells(log[20])[5]) == json["train_loss"].get<double>());
        CHECK(std::stod(cells(log[20])[6]) == json["dev_loss"].get<double>());
        CHECK(std::stod(cells(log[20])[7]) == json["test_loss"].get<double>());
        directory.mote_ok(train + words("--eval-every 20 --eval-batches 500"));
        std::vector<std::string> estimated = cells(rows(directory.read("run.csv"))[20]);
        CHECK(std::fabs(std::stod(estimated[6]) - json["dev_loss"].get<double>()) < 0.2);
    }
}

/* A rate that is too high at the end: the best weights are not the last. */
static const Arguments overshooting =
    words("train names --lines --model mlp --context 3 --embed 4 --hidden 24 --batch 8 --steps 600 --split 80/10/10 "
          "--optimizer sgd --lr 8 --schedule constant --warmup 600 --clip-norm 0 --eval-every 20 --eval-batches 50 "
          "--patience 4 --quiet --json");

TEST_CASE("early stopping ends with the best weights, and says of which step they are") {
    Directory directory;
    nlohmann::json json = directory.mote_ok(overshooting + words("-o m.mote --log run.csv")).json();
    uint64_t steps = json["steps"], best = json["best_step"];
    CHECK(steps < 600);
    CHECK(steps == best + 4 * 20);
    std::vector<std::string> log = rows(directory.read("run.csv"));
    double least = 1e9;
    uint64_t at = 0;
    for (size_t i = 1; i < log.size(); ++i) {
        std::string dev = cells(log[i])[6];
        if (dev.empty() || std::stod(dev) >= least) continue;
        least = std::stod(dev);
        at = i;
    }
    CHECK(at == best);
    nlohmann::json there =
        directory.mote_ok(overshooting + words("-o b.mote --patience 0 --steps " + std::to_string(best))).json();
    CHECK(json["weights_hash"] == there["weights_hash"]);
    CHECK(json["dev_loss"] == there["dev_loss"]);
}

TEST_CASE("early stopping goes through checkpoints") {
    Directory directory;
    nlohmann::json straight = directory.mote_ok(overshooting + words("-o a.mote")).json();
    uint64_t best = straight["best_step"];
    for (uint64_t stop : {best - 20, best - 1, best, best + 1, best + 30}) {
        CAPTURE(stop);
        directory.mote_ok(overshooting + words("-o b.mote --checkpoint c.mote --steps " + std::to_string(stop)));
        nlohmann::json resumed =
            directory.mote_ok(words("train names -o b.mote --resume c.mote --steps 600 --quiet --json")).json();
        CHECK(resumed["steps"] == straight["steps"]);
        CHECK(resumed["best_step"] == straight["best_step"]);
        CHECK(resumed["weights_hash"] == straight["weights_hash"]);
    }
}

TEST_CASE("lr-find proposes a rate between the rates that it tried, for any recipe") {
    Directory directory;
    for (const std::string recipe : {"bengio-mlp", "bigram-embedding", "rnn-by-heart"}) {
        CAPTURE(recipe);
        Outcome found = directory.mote_ok(words("lr-find names --log lr.csv --json --quiet --recipe " + recipe));
        double rate = found.json()["rate"];
        CHECK(rate >= 0.001);
        CHECK(rate <= 1.0000001);
        std::vector<std::string> log = rows(directory.read("lr.csv"));
        CHECK(log[0] == "step,rate,loss,smoothed_loss");
        CHECK(log.size() == found.json()["steps"].get<size_t>() + 1);
        CHECK(std::fabs(std::stod(cells(log[1])[1]) - 0.001) < 1e-9);
    }
    Outcome narrow = directory.mote_ok(words("lr-find names --from -2 --to -1 --steps 50 --json --quiet"));
    CHECK(narrow.json()["steps"] == 50);
    CHECK(narrow.json()["rate"].get<double>() >= 0.01);
    CHECK(narrow.json()["rate"].get<double>() <= 0.1000001);
}
