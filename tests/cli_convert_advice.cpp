/* mote convert: whatever its messages advise is right. Of each model that tests/convert/make_advice_models.py made, the
 * advice is followed from refusal to refusal, and no way, nor leaving out any tensor by force, ends in another model.
 */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

using namespace mote_test;
using nlohmann::json;

namespace {

std::string folder() { return MOTE_ADVICE_DIR; }

json advice_cases() { return json::parse(read_file(folder() + "/advice.json")); }

std::string file_of(const json &model, const std::string &end) {
    return folder() + "/" + model["name"].get<std::string>() + end;
}

Arguments convert(const std::string &weights) {
    return {"convert", weights, "--vocab", "v.txt", "-o", "m.mote", "--json"};
}

bool has(const Arguments &arguments, const std::string &word) {
    return std::find(arguments.begin(), arguments.end(), word) != arguments.end();
}

bool begins_with(const std::string &text, const std::string &with) { return text.compare(0, with.size(), with) == 0; }

/* The words of a message, without the marks behind them. */
Arguments words_of(const std::string &message) {
    Arguments all;
    std::istringstream stream(message);
    for (std::string word; stream >> word;) {
        while (!word.empty() && (word.back() == ',' || word.back() == ';')) word.pop_back();
        all.push_back(word);
    }
    return all;
}

/* What a message tells the user to add. Where it leaves a choice to those who know the model, its way to find out is
 * taken: --verify. */
Arguments advised(const std::string &message, const std::string &verify) {
    Arguments add, all = words_of(message);
    bool proves = has(all, "--verify");
    for (const char *choice : {"--activation", "--transpose", "--as-is", "--unverified"}) {
        if (has(all, choice)) CHECK_MESSAGE(proves, message);
    }
    for (size_t i = 0; i < all.size(); ++i) {
        if (all[i] == "--zero-bias") add.push_back(all[i]);
        if (all[i] != "--ignore" || i + 1 == all.size() || all[i + 1].back() == ':') continue;
        add.push_back(all[i]);
        while (++i < all.size() && !begins_with(all[i], "--") && all[i] != "leaves") add.push_back(all[i]);
        --i;
    }
    if (proves) add = add + Arguments{"--verify", verify};
    return add;
}

/* The options of `more` that are not there yet. */
Arguments added(Arguments arguments, const Arguments &more) {
    for (size_t i = 0; i < more.size(); ++i) {
        bool again = more[i] != "--ignore" && has(arguments, more[i]);
        if (again && more[i] == "--verify") ++i;
        if (!again) arguments.push_back(more[i]);
    }
    return arguments;
}

/* That the model gives the framework's outputs: made again, with the same weights and proof. */
void check_right(const Directory &directory, const Arguments &arguments, const std::string &verify) {
    CAPTURE(arguments);
    Outcome first = directory.mote_ok(arguments);
    Arguments proven = has(arguments, "--verify") ? arguments : arguments + Arguments{"--verify", verify};
    Outcome second = directory.mote(proven);
    CAPTURE(second.err);
    REQUIRE(second.exit_code == 0);
    json before = first.json(), after = second.json();
    CHECK(after["verify"]["relative"].get<double>() <= 1e-5);
    CHECK(after["verify"]["greatest_logit"].get<double>() > 0.05);
    CHECK(before["weights_hash"] == after["weights_hash"]);
    CHECK(before["config"] == after["config"]);
    std::filesystem::remove(directory.path("m.mote"));
}

std::string notes_of(const Outcome &outcome) {
    std::string notes;
    json report = outcome.json();
    for (const json &note : report["notes"]) notes += note.get<std::string>() + " ";
    return notes;
}

struct Ended {
    Arguments arguments;
    bool converts;
    std::string messages; /* all of them */
};

/* Follows the advice of refusals, and of notes, until nothing new is advised. */
Ended follow(const Directory &directory, const json &model) {
    Ended ended{convert(file_of(model, ".safetensors")), false, ""};
    constexpr int most = 6;
    for (int steps = 0; steps < most; ++steps) {
        Outcome outcome = directory.mote(ended.arguments);
        CHECK((outcome.exit_code == 0 || outcome.exit_code == 1));
        ended.converts = outcome.exit_code == 0;
        if (!ended.converts) CHECK(outcome.lines_of_err() == 1);
        std::string message = ended.converts ? notes_of(outcome) : outcome.err;
        ended.messages += message + "\n";
        Arguments next = added(ended.arguments, advised(message, file_of(model, ".verify.npz")));
        if (ended.converts) std::filesystem::remove(directory.path("m.mote"));
        if (next == ended.arguments) return ended;
        ended.arguments = next;
    }
    FAIL_CHECK("the advice does not end: " << ended.messages);
    return ended;
}

/* The names of a safetensors file. */
std::vector<std::string> names_in(const std::string &path) {
    std::string bytes = read_file(path);
    constexpr size_t length = 8;
    size_t size = 0;
    for (size_t i = length; i-- > 0;) size = size << 8 | static_cast<unsigned char>(bytes[i]);
    json header = json::parse(bytes.substr(length, size));
    std::vector<std::string> names;
    for (const auto &item : header.items()) {
        if (item.key() != "__metadata__") names.push_back(item.key());
    }
    return names;
}

} // namespace

TEST_CASE("advice that is followed ends in the model that was trained, or in a refusal") {
    Directory directory;
    directory.write("v.txt", "abcdefgh");
    json all = advice_cases();
    REQUIRE(all.size() >= 55);
    for (const json &model : all) {
        std::string name = model["name"];
        CAPTURE(name);
        Ended ended = follow(directory, model);
        CAPTURE(ended.messages);
        CHECK((ended.converts ? "converts" : "refused") == model["ends"].get<std::string>());
        for (const json &mention : model["mentions"])
            CHECK_MESSAGE(ended.messages.find(mention.get<std::string>()) != std::string::npos, mention);
        if (ended.converts) check_right(directory, ended.arguments, file_of(model, ".verify.npz"));
    }
}

TEST_CASE("what a refusal says to call makes weights that convert") {
    Directory directory;
    directory.write("v.txt", "abcdefgh");
    size_t count = 0;
    for (const json &model : advice_cases()) {
        if (!model.contains("mended")) continue;
        ++count;
        std::string name = model["name"], verify = file_of(model, ".verify.npz");
        CAPTURE(name);
        Arguments mended = convert(folder() + "/" + model["mended"].get<std::string>());
        check_right(directory, mended + Arguments{"--verify", verify}, verify);
    }
    CHECK(count >= 7);
}

TEST_CASE("no tensor that is left out without proof makes another model") {
    Directory directory;
    directory.write("v.txt", "abcdefgh");
    size_t converted = 0;
    for (const json &model : advice_cases()) {
        std::string name = model["name"], path = file_of(model, ".safetensors"), verify = file_of(model, ".verify.npz");
        CAPTURE(name);
        std::vector<std::string> names = names_in(path);
        /* One alone, and all that are of one module. */
        std::vector<std::string> ignored = names;
        for (const std::string &tensor : names) ignored.push_back(tensor.substr(0, tensor.find('.')));
        std::sort(ignored.begin(), ignored.end());
        ignored.erase(std::unique(ignored.begin(), ignored.end()), ignored.end());
        for (const std::string &tensor : ignored) {
            for (const char *more : {"", " --zero-bias"}) {
                /* With the activation that the model computes, found beforehand. */
                Arguments arguments =
                    convert(path) + words("--activation tanh" + std::string(more)) + Arguments{"--ignore", tensor};
                if (name.find("relu") != std::string::npos || name == "mlp_gelu" || name == "one_hot_bigram") continue;
                if (directory.mote(arguments).exit_code != 0) continue;
                ++converted;
                check_right(directory, arguments, verify);
            }
        }
    }
    CHECK(converted >= 8);
}

TEST_CASE("--ignore takes names, modules and patterns, several after one flag and several times") {
    Directory directory;
    directory.write("v.txt", "abcdefgh");
    std::string average = folder() + "/average.safetensors", masks = folder() + "/masks.safetensors";
    auto hash = [&](const std::string &weights, const std::string &options) -> std::string {
        return directory.mote_ok(convert(weights) + words(options)).json()["weights_hash"];
    };
    std::string one = hash(masks, "--ignore causal_mask tril position_ids");
    for (const char *options : {"--ignore causal_mask --ignore tril position_ids", "--ignore *mask tri? *_ids",
                                "--ignore tril --ignore tril causal_mask posi*", "--ignore t* p* c*"}) {
        const std::string given = options;
        CAPTURE(given);
        CHECK(hash(masks, given) == one);
    }
    std::string weights = hash(average, "--ignore ema");
    CHECK(hash(average, "--ignore ema.") == weights);
    CHECK(hash(average, "--ignore ema.*") == weights);
    /* The average instead, and no mixture of both. */
    CHECK(hash(average, "--ignore emb rnn out ema.decay ema.updates") != weights);
    for (const char *options : {"--ignore emb ema.rnn ema.out ema.decay ema.updates", "--ignore emb ema.emb",
                                "--ignore nothing", "--ignore ema nothing*", "--ignore ema.decay.x", "--ignore rnn."}) {
        const std::string given = options;
        CAPTURE(given);
        Outcome outcome = directory.mote(convert(average) + words(given));
        CHECK(outcome.exit_code == 1);
        CHECK(outcome.lines_of_err() == 1);
    }
    CHECK(directory.mote(convert(average) + words("--ignore ema nothing*")).err.find("nothing*") != std::string::npos);
}

TEST_CASE("the report names what was left out and the evidence for it") {
    Directory directory;
    directory.write("v.txt", "abcdefgh");
    auto proof = [&](const std::string &name, const std::string &options) -> std::string {
        json report = directory.mote_ok(convert(folder() + "/" + name + ".safetensors") + words(options)).json();
        REQUIRE(report["ignored"].size() == 1);
        return report["ignored"][0]["proof"];
    };
    CHECK(proof("step", "--ignore step") == "does nothing");
    CHECK(proof("row", "--ignore shift --unverified") == "unverified");
    CHECK(proof("scale", "--ignore logit_scale --unverified") == "unverified");
    CHECK(proof("row_that_does_nothing", "--ignore shift --verify " + folder() + "/row_that_does_nothing.verify.npz") ==
          "verified");
    Arguments printed =
        words("convert " + folder() + "/row.safetensors --vocab v.txt -o m.mote --ignore shift --unverified");
    CHECK(directory.mote_ok(printed).out.find("shift, not known: unverified") != std::string::npos);
    CHECK(directory.mote(printed + words("--verify x.npz")).exit_code == 2);
}

TEST_CASE("--verify knows log-probabilities and probabilities, and finds the activation") {
    Directory directory;
    directory.write("v.txt", "abcdefgh");
    auto report = [&](const std::string &name) -> json {
        std::string path = folder() + "/" + name;
        return directory.mote_ok(convert(path + ".safetensors") + Arguments{"--verify", path + ".verify.npz"}).json();
    };
    CHECK(report("rnn")["verify"]["outputs"] == "logits");
    CHECK(report("log_softmax")["verify"]["outputs"] == "log-probabilities (log_softmax)");
    CHECK(report("softmax")["verify"]["outputs"] == "probabilities (softmax)");
    CHECK(report("shifted")["verify"]["outputs"] == "logits less a number for each prediction");
    for (const char *name : {"mlp_relu", "rnn_relu"}) {
        CHECK(report(name)["config"]["activation"] == "relu");
        CHECK(report(name)["activation_from"] == "the comparison");
    }
    /* Outputs of another model are none of these. */
    for (const char *name : {"softmax", "log_softmax"}) {
        const std::string other = name;
        CAPTURE(other);
        std::string weights = folder() + (other == "softmax" ? "/mlp_tanh" : "/rnn") + ".safetensors";
        Outcome outcome =
            directory.mote(convert(weights) + Arguments{"--verify", folder() + "/" + other + ".verify.npz"});
        CHECK(outcome.exit_code == 1);
        CHECK(outcome.err.find("probabilities") != std::string::npos);
    }
}

TEST_CASE("a part that is folded cannot be named in its place") {
    Directory directory;
    directory.write("v.txt", "abcdefgh");
    std::string map = R"({"model": "rnn", "tensors": {"embedding": "emb.weight", "weight_ih_l0": "rnn.weight_ih_l0",
        "weight_hh_l0": {"name": "rnn.weight_hh_l0", "transpose": false},
        "bias_l0": ["rnn.bias_ih_l0", "rnn.bias_hh_l0"], "weight_out": "OUT", "bias_out": "out.bias"}})";
    std::string path = folder() + "/weight_norm";
    auto mapped = [&](const std::string &name) {
        std::string text = map;
        directory.write("map.json", text.replace(text.find("OUT"), 3, name));
        return convert(path + ".safetensors") + words("--map map.json");
    };
    Outcome outcome = directory.mote(mapped("out.weight_v"));
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.err.find("name \"out.weight\" in the map") != std::string::npos);
    CHECK(directory.mote(mapped("out.weight_v") + words("--ignore out.weight_g")).exit_code == 1);
    check_right(directory, mapped("out.weight"), path + ".verify.npz");
}
