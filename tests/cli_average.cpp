/* mote average: of models, checkpoints and adapters. */
#include "cli_runner.h"

#include "mote.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <memory>

using namespace mote_test;

namespace {

/* Devices that went on from one model. */
struct Fleet : Directory {
    explicit Fleet(const std::string &kind = "--hidden 12") {
        mote_ok(words("train names --lines --steps 30 -o base --quiet " + kind));
        for (const std::string seed : {"1", "2", "3"})
            mote_ok(words("train names --base base --steps 20 --order random --quiet -o m" + seed + " --checkpoint c" +
                          seed + " --seed " + seed));
    }
    nlohmann::json average(const std::string &arguments) const {
        return mote_ok(words("average --json -o mean " + arguments)).json();
    }
    void check_refused(const std::string &arguments, int code, const std::vector<std::string> &reasons) const {
        CAPTURE(arguments);
        const std::vector<std::string> before = names();
        const Outcome outcome = mote(words("average " + arguments));
        CAPTURE(outcome.err);
        CHECK(outcome.exit_code == code);
        CHECK(outcome.lines_of_err() == 1);
        for (const std::string &reason : reasons) CHECK(outcome.err.find(reason) != std::string::npos);
        CHECK(names() == before);
    }
    /* The weights of a model, in the order of its tensors, padding included. */
    std::vector<float> weights(const std::string &name) const {
        const std::string blob = read(name);
        std::vector<unsigned char> room(blob.size() + MOTE_OPEN_BYTES + 3 * MOTE_ALIGN);
        void *place = room.data();
        size_t space = room.size();
        REQUIRE(std::align(MOTE_ALIGN, blob.size(), place, space) != nullptr);
        std::memcpy(place, blob.data(), blob.size());
        void *rest = static_cast<unsigned char *>(place) + blob.size();
        space -= blob.size();
        REQUIRE(std::align(MOTE_ALIGN, MOTE_OPEN_BYTES, rest, space) != nullptr);
        mote_arena arena{};
        REQUIRE(mote_arena_init(&arena, rest, space) == MOTE_OK);
        const mote_model *model = nullptr;
        mote_config config{};
        REQUIRE(mote_model_open(&model, &arena, place, blob.size()) == MOTE_OK);
        REQUIRE(mote_model_config(model, &config) == MOTE_OK);
        std::vector<float> weights;
        for (uint32_t i = 0; i < mote_tensor_count(&config); ++i) {
            mote_tensor tensor{};
            REQUIRE(mote_model_tensor(model, i, &tensor) == MOTE_OK);
            const auto *data = static_cast<const float *>(tensor.data);
            weights.insert(weights.end(), data, data + tensor.count);
        }
        return weights;
    }
};

} // namespace

TEST_CASE("the mean of models has the means of their weights, whatever the order of the files") {
    for (const std::string kind :
         {"--hidden 12", "--model gru --hidden 9 --embed 4", "--model mlp --hidden 10", "--model bigram --batch 8"}) {
        CAPTURE(kind);
        const Fleet fleet(kind);
        const nlohmann::json report = fleet.average("m1 m2 m3");
        CHECK(report["files"] == 3);
        const std::string mean = fleet.read("mean");
        const std::vector<float> made = fleet.weights("mean"), one = fleet.weights("m1"), two = fleet.weights("m2"),
                                 three = fleet.weights("m3");
        REQUIRE(made.size() == one.size());
        for (size_t i = 0; i < made.size(); ++i) {
            const double exact = (static_cast<double>(one[i]) + static_cast<double>(two[i]) + three[i]) / 3;
            REQUIRE(made[i] == doctest::Approx(exact).epsilon(1e-7));
        }
        std::vector<std::string> files = {"m1", "m2", "m3"};
        do {
            fleet.average(files[0] + " " + files[1] + " " + files[2]);
            CHECK(fleet.read("mean") == mean);
        } while (std::next_permutation(files.begin(), files.end()));
        const nlohmann::json seen = fleet.mote_ok(words("inspect mean --json")).json();
        CHECK(seen["selftest"] == true);
        CHECK(seen["weights_hash"] == report["weights_hash"]);
    }
}

TEST_CASE("weights of an average are exact decimal numbers") {
    const Fleet fleet;
    auto hash = [&](const std::string &arguments) { return fleet.average(arguments)["weights_hash"]; };
    const nlohmann::json mean = hash("m1 m2 --weights 1,3");
    CHECK(hash("m2 m1 --weights 3,1") == mean);
    CHECK(hash("m1 m2 --weights 0.25,.75") == mean);
    CHECK(hash("m1 m2 --weights 100000000000000000000,300000000000000000000") == mean);
    CHECK(hash("m1 m2 m2 m2") == mean);
    CHECK(hash("m1 m2 m3 --weights 10,30.00,0") == mean);
    CHECK(hash("m1 m2 --weights 0.1,0.2") != mean);
    const nlohmann::json alone = fleet.mote_ok(words("inspect m1 --json")).json()["weights_hash"];
    CHECK(hash("m1") == alone);
    CHECK(hash("m1 m2 --weights 5,0") == alone);
    fleet.check_refused("m1 m2 -o M --weights 1,0.0000000001", 2, {"--weights", "too many digits", "2^32"});
    fleet.check_refused("m1 m2 -o M --weights 4294967295,1", 2, {"--weights", "too many digits"});
    fleet.check_refused("m1 m2 -o M --weights 1", 2, {"--weights 1: are 1, but the files are 2"});
    fleet.check_refused("m1 m2 -o M --weights 0,0.0", 2, {"one must be above 0"});
    for (const std::string wrong : {"1,-1", "1,", "1,x", "1,1e3", ".,1", "1,1.2.3"})
        fleet.check_refused("m1 m2 -o M --weights " + wrong, 2, {"--weights " + wrong, "decimal number"});
}

TEST_CASE("a checkpoint counts as its model, and the mean is one to go on from") {
    const Fleet fleet;
    fleet.average("m1 m2 m3");
    const std::string mean = fleet.read("mean");
    fleet.average("c1 m2 c3");
    CHECK(fleet.read("mean") == mean);
    fleet.mote_ok(words("train names --base mean --steps 5 -o further --quiet"));
    const Outcome resumed = fleet.mote(words("train names --resume mean -o further --quiet"));
    CHECK(resumed.exit_code == 1);
    CHECK(resumed.err.find("not a checkpoint") != std::string::npos);
}

TEST_CASE("adapters of one base are averaged, and the mean runs with it") {
    const Fleet fleet;
    for (const std::string kind : {"output", "biases"}) {
        for (const std::string seed : {"1", "2"})
            fleet.mote_ok(words("train names --base base --learn " + kind + " --steps 20 --order random --quiet -o a" +
                                seed + " --seed " + seed));
        const nlohmann::json report = fleet.average("a1 a2 --base base --weights 1,2");
        const std::string mean = fleet.read("mean");
        CHECK(fleet.average("a2 a1 --base base --weights 2,1") == report);
        CHECK(fleet.read("mean") == mean);
        const nlohmann::json seen = fleet.mote_ok(words("inspect mean --json")).json();
        CHECK(seen["learned"] == kind);
        for (const std::string name : {"a1", "a2", "mean"})
            fleet.mote_ok(words("merge base " + name + " -o full-" + name));
        CHECK(fleet.mote_ok(words("inspect full-mean --json")).json()["weights_hash"] == report["weights_hash"]);
        /* What did not learn is the same in all: the mean of the merged models is the merged mean. */
        CHECK(fleet.average("full-a1 full-a2 --weights 1,2")["weights_hash"] == report["weights_hash"]);
    }
    fleet.mote_ok(words("train names --base base --learn output --steps 20 --quiet -o a1"));
    fleet.check_refused("a1 a2 -o M", 2, {"--base", "a1 is an adapter"});
    fleet.check_refused("a1 a2 -o M --base base", 1, {"a2: has learned biases", "a1 has learned output"});
    fleet.check_refused("a1 m2 -o M --base base", 1, {"m2: not an adapter"});
    fleet.check_refused("m2 a1 -o M", 1, {"a1: an adapter"});
    fleet.check_refused("m1 m2 -o M --base base", 2, {"--base", "m1 is not an adapter"});
    fleet.check_refused("a1 a2 -o M --base m1", 1, {"a1: is an adapter of the model", "m1"});
    fleet.write("cut", fleet.read("a1").substr(0, 200));
    fleet.check_refused("a1 cut -o M --base base", 1, {"cut: an adapter that is cut short"});
}

TEST_CASE("an adapter of a base of integers is averaged too") {
    const Fleet fleet;
    fleet.mote_ok(words("quantize base -o base8 --corpus names"));
    for (const std::string seed : {"1", "2"})
        fleet.mote_ok(words("train names --base base8 --learn output --steps 20 --order random --quiet -o a" + seed +
                            " --seed " + seed));
    fleet.average("a1 a2 --base base8");
    CHECK(fleet.read("mean") != fleet.read("a1"));
    fleet.mote_ok(words("eval base8 names --adapter mean"));
}

TEST_CASE("what cannot be averaged is refused in a line that names the file and the difference") {
    const Fleet fleet;
    fleet.mote_ok(words("train names --lines --hidden 13 --steps 2 -o wider --quiet"));
    fleet.check_refused("m1 wider -o M", 1, {"wider: ", "m1", "--hidden 13 and not --hidden 12"});
    fleet.mote_ok(words("train names --lines --hidden 12 --activation relu --steps 2 -o relu --quiet"));
    fleet.check_refused("m1 relu -o M", 1, {"relu: ", "relu and not tanh"});
    fleet.mote_ok(words("train names --lines --model gru --hidden 12 --steps 2 -o gru --quiet"));
    fleet.check_refused("m1 gru -o M", 1, {"gru: ", "gru and not rnn"});
    fleet.mote_ok(words("train names --hidden 12 --steps 2 -o text --quiet"));
    fleet.check_refused("m1 text -o M", 1, {"text: ", "learned from a text", "items"});
    fleet.write("upper.txt", "ANNA\nBERT\nANNIKA\nTRENABA\n");
    fleet.write("upper2.txt", "ANNO\nBERT\nANNIKA\nTRENABA\n");
    for (const std::string name : {"upper", "upper2"})
        fleet.mote_ok(
            words("train " + name + ".txt --lines --hidden 12 --steps 2 --batch 1 --time 4 -o " + name + " --quiet"));
    fleet.check_refused("upper upper2 -o M", 1, {"upper2: has other characters", "upper", "U+004F", "--base"});
    fleet.mote_ok(words("quantize m2 -o m8 --corpus names"));
    fleet.check_refused("m1 m8 -o M", 1, {"m8: has weights of", "mote quantize"});
    fleet.check_refused("m1 m2 -o m2", 2, {"--output: m2"});
    fleet.mote_ok(words("train names --base m1 --learn output --steps 2 --batch 2 -o m1.ad --quiet"));
    fleet.check_refused("m1 m1.ad -o M", 1, {"m1.ad: an adapter, and m1 is a model"});
    fleet.check_refused("m1 none -o M", 1, {"none"});
    fleet.check_refused("-o M", 2, {});
    std::string damaged = fleet.read("m2");
    damaged[1000] = static_cast<char>(damaged[1000] ^ 4);
    fleet.write("damaged", damaged);
    fleet.check_refused("m1 damaged -o M", 1, {"damaged: "});
}
