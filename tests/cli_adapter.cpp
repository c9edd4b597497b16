/* mote train --base --learn, mote merge, and adapters in the commands that run a model. */
#include "cli_runner.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

/* Two halves of the names, and a base that has learned the first. */
struct Files : Directory {
    explicit Files(const std::string &kind = "--hidden 20") {
        mote_ok(words("train names --lines --split 80/10/10 --steps 60 -o base.mote --quiet " + kind));
    }
    nlohmann::json adapt(const std::string &learned, const std::string &more = "") const {
        return mote_ok(words("train names --base base.mote --split 80/10/10 --steps 20 --time 16 --optimizer sgd "
                             "--lr 0.5 -o A --json --quiet --learn " +
                             learned + " " + more))
            .json();
    }
    double dev_loss(const std::string &arguments) const {
        return mote_ok(words("eval " + arguments + " names --split dev --json")).json()["loss"].get<double>();
    }
};

} // namespace

TEST_CASE("what a part learned is an adapter, which runs with its base and merges to a model with the same bits") {
    for (const std::string kind :
         {"--hidden 20", "--model gru --hidden 16 --embed 4", "--model mlp --context 3 --embed 5 --hidden 20"})
        for (const std::string learned : {"output", "biases", "both"}) {
            CAPTURE(kind);
            CAPTURE(learned);
            const Files files(kind);
            const double before = files.dev_loss("base.mote");
            const nlohmann::json trained = files.adapt(learned);
            CHECK(trained["dev_loss"].get<double>() < before);
            CHECK(files.dev_loss("base.mote --adapter A") == trained["dev_loss"].get<double>());
            const nlohmann::json merged = files.mote_ok(words("merge base.mote A -o merged.mote --json")).json();
            CHECK(merged["weights_hash"] == trained["weights_hash"]);
            CHECK(merged["base_hash"] == trained["base_hash"]);
            CHECK(files.dev_loss("merged.mote") == trained["dev_loss"].get<double>());
            for (const std::string command : {"sample", "score"}) {
                const std::string further = command == "sample" ? " --length 30 --seed 2" : " anna";
                const std::string both = files.mote_ok(words(command + " base.mote --adapter A" + further)).out;
                CHECK(both == files.mote_ok(words(command + " merged.mote" + further)).out);
                CHECK(both != files.mote_ok(words(command + " base.mote" + further)).out);
            }
            const nlohmann::json report = files.mote_ok(words("inspect A --json")).json();
            CHECK(report["adapter"] == true);
            CHECK(report["learned"] == learned);
            CHECK(report["base_hash"] == trained["base_hash"]);
            CHECK(report["bytes"] == files.read("A").size());
            CHECK(files.mote_ok(words("inspect A")).out.find(trained["base_hash"].get<std::string>()) !=
                  std::string::npos);
            CHECK(files.mote_ok(words("inspect merged.mote --json")).json()["selftest"] == true);
        }
}

TEST_CASE("learning goes on from an adapter, and all of a base learns into a model") {
    const Files files;
    const double first = files.adapt("output")["dev_loss"].get<double>();
    const nlohmann::json further =
        files
            .mote_ok(words("train names --base base.mote --adapter A --split 80/10/10 --steps 20 --time 16 --optimizer "
                           "sgd --lr 0.5 -o B --json --quiet"))
            .json();
    CHECK(further["dev_loss"].get<double>() < first);
    CHECK(files.mote_ok(words("inspect B --json")).json()["learned"] == "output");
    const nlohmann::json all = files.adapt("all", "--checkpoint C --threads 2");
    CHECK(files.mote_ok(words("inspect A --json")).json()["weights_hash"] == all["weights_hash"]);
    files.mote_ok(words("train names --resume C -o D --quiet"));
    /* Without a step the base stays as it is. */
    const nlohmann::json none = files.adapt("all", "--steps 0");
    CHECK(none["weights_hash"] == none["base_hash"]);
}

TEST_CASE("options are those of the base's kind, and a model is inspected from standard input") {
    const Files files("--model bigram --batch 8");
    files.mote_ok(words("train names --base base.mote --batch full --steps 2 -o M --quiet"));
    CHECK(files.mote_ok(words("inspect -"), files.read("M")).out == files.mote_ok(words("inspect M")).out);
}

TEST_CASE("an adapter of another base is refused with both hashes") {
    const Files files;
    const std::string wanted = files.adapt("output")["base_hash"];
    files.mote_ok(words("train names --lines --hidden 20 --steps 10 -o other.mote --quiet"));
    const std::string given = files.mote_ok(words("inspect other.mote --json")).json()["weights_hash"];
    for (const std::string command :
         {"merge other.mote A -o M", "sample other.mote --adapter A", "score other.mote anna --adapter A",
          "eval other.mote names --adapter A", "train names --base other.mote --adapter A -o M --quiet"})
        check_refused(files, words(command), 1, {"A: ", wanted, given, "other.mote"});
}

TEST_CASE("of a base with weights of integers the output layer learns, and does not merge") {
    const Files files;
    for (const std::string bits : {"8", "4"}) {
        files.mote_ok(words("quantize base.mote -o Q --corpus names --bits " + bits));
        const nlohmann::json trained =
            files
                .mote_ok(words("train names --base Q --learn output --split 80/10/10 --steps 20 --time 16 --optimizer "
                               "sgd --lr 0.5 -o A --json --quiet"))
                .json();
        CHECK(trained["dev_loss"].get<double>() < files.dev_loss("Q"));
        CHECK(files.dev_loss("Q --adapter A") == trained["dev_loss"].get<double>());
        CHECK(!trained.contains("weights_hash"));
        CHECK(files.mote_ok(words("sample Q --adapter A --length 20")).out !=
              files.mote_ok(words("sample Q --length 20")).out);
        files.mote_ok(words("score Q anna --adapter A"));
        check_refused(files, words("merge Q A -o M"), 1, {"Q: has weights of", "quantize what was merged"});
    }
    check_refused(files, words("train names --base Q --learn biases -o M --quiet"), 2,
                  {"--learn biases", "--learn output"});
    check_refused(files, words("train names --base Q --learn all -o M --quiet"), 2, {"--learn all", "--learn output"});
}

TEST_CASE("what cannot be learned, merged or read is refused in a line") {
    const Files files;
    files.adapt("biases");
    files.mote_ok(words("train names --lines --model bigram --steps 5 --batch 8 -o bigram.mote --quiet"));
    check_refused(files, words("train names --learn output -o M"), 2, {"--base"});
    check_refused(files, words("train names --base base.mote --learn half -o M"), 2, {"--learn"});
    check_refused(files, words("train names --base base.mote --hidden 30 -o M"), 2, {"--hidden", "--base"});
    check_refused(files, words("train names --base base.mote --learn output --threads 2 -o M"), 2,
                  {"--threads", "all"});
    check_refused(files, words("train names --base base.mote --learn output -o base.mote"), 2, {"base.mote", "--base"});
    check_refused(files, words("train names --base base.mote --adapter A --learn output -o M --quiet"), 2, {"biases"});
    check_refused(files, words("train names --base bigram.mote --learn output -o M --quiet"), 2,
                  {"bigram", "--learn all"});
    check_refused(files, words("train names --base base.mote --adapter A --log A -o M"), 2, {"--log A", "--adapter"});
    files.mote_ok(words("train names --lines --hidden 20 --steps 10 -o other.mote --quiet"));
    files.mote_ok(words("quantize other.mote -o other8.mote --corpus names"));
    check_refused(files, words("train names --base other8.mote --adapter A -o M --quiet"), 1,
                  {"A: is an adapter", "other8.mote"});
    check_refused(files, words("merge bigram.mote A -o M"), 1, {"bigram"});
    check_refused(files, words("merge base.mote base.mote -o M"), 1, {"base.mote: not an adapter"});
    check_refused(files, words("merge base.mote A -o A"), 2, {"A is what is merged"});
    check_refused(files, words("sample A"), 1, {"A: an adapter", "--adapter"});
    files.write("cut", files.read("A").substr(0, 200));
    check_refused(files, words("inspect cut"), 1, {"cut: an adapter", "cut short"});
    check_refused(files, words("merge base.mote cut -o M"), 1, {"cut: not an adapter, or cut short"});
    std::string damaged = files.read("A");
    damaged[140] = static_cast<char>(damaged[140] ^ 4);
    files.write("damaged", damaged);
    check_refused(files, words("inspect damaged"), 1, {"damaged: damaged"});
    files.write("other.txt", "ANNA\nBOB\n");
    check_refused(files, words("train other.txt --base base.mote --learn output -o M --quiet"), 1, {"other.txt"});
}
