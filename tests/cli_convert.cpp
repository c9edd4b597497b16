/* mote convert: models that PyTorch and NumPy trained (tests/convert/make_models.py) give the same logits; whatever
 * does not fit is refused by name, and nothing is written. */
#include "cli_convert_support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

using namespace mote_test;
using nlohmann::json;

namespace {

/* The models: those that lie beside the tests, or fresh ones. */
std::string models() {
    const char *folder = std::getenv("MOTE_MODELS");
    return folder != nullptr ? folder : MOTE_MODELS_DIR;
}

json cases() { return json::parse(read_file(models() + "/cases.json")); }

/* The arguments of a case, its files with their folder. */
Arguments arguments_of(const json &model) {
    Arguments arguments = {"convert", models() + "/" + model["weights"].get<std::string>()};
    for (const json &argument : model["arguments"]) {
        std::string text = argument;
        bool is_file = text.rfind(model["name"].get<std::string>() + ".", 0) == 0;
        arguments.push_back(is_file ? models() + "/" + text : text);
    }
    return arguments;
}

} // namespace

TEST_CASE("models trained elsewhere give the same logits, whatever the container, kind, layout and type") {
    Directory directory;
    json list = cases();
    REQUIRE(list.size() >= 20);
    for (const json &model : list) {
        std::string name = model["name"];
        CAPTURE(name);
        Arguments convert = arguments_of(model) + words("-o m.mote --json");
        json report = directory.mote_ok(convert + Arguments{"--verify", models() + "/" + name + ".verify.npz"}).json();
        CHECK(report["verify"]["relative"].get<double>() <= 1e-5);
        CHECK(report["verify"]["predictions"].get<int>() >= 6);
        CHECK(report["verify"]["greatest_logit"].get<double>() > 0.1);
        for (const auto &[key, value] : model["config"].items()) CHECK(report["config"][key] == value);
        json inspected = directory.mote_ok(words("inspect m.mote --json")).json();
        CHECK(inspected["weights_hash"] == report["weights_hash"]);
        CHECK(inspected["selftest"] == true);
        CHECK(directory.mote_ok(words("sample m.mote --length 20")).out.size() > 1);
    }
}

TEST_CASE("a comparison that fails says by how much, and writes nothing") {
    Directory directory;
    for (const json &model : cases()) {
        std::string name = model["name"];
        if (name != "rnn_square" && name != "mlp_f32") continue;
        CAPTURE(name);
        Arguments verify = {"-o", "m.mote", "--verify", models() + "/" + name + ".verify.npz"};
        /* A square matrix the wrong way round, another activation: nothing but the logits tells. */
        Arguments wrong = words(name == "mlp_f32" ? "--activation relu" : "--transpose rnn.weight_hh_l0");
        check_refused(directory, arguments_of(model) + verify + wrong, 1,
                      {name + ".verify.npz", "differ by", "prediction"});
        directory.mote_ok(arguments_of(model) + verify + words("--json --tolerance 1e-5"));
        std::filesystem::remove(directory.path("m.mote"));
    }
}

TEST_CASE("tokens come into mote's order, with their rows and columns") {
    Directory directory;
    /* Row = character read, column = the next: after "b" comes "a", after "a" the boundary, after it "b". */
    directory.write("w.safetensors", safetensors({{"embedding.weight", {3, 3}, {0, 9, 0, 0, 0, 9, 9, 0, 0}}}));
    directory.write("v.json", R"({"b": 0, "a": 1, "<end>": 2})");
    json report =
        directory.mote_ok(words("convert w.safetensors --vocab v.json --boundary <end> -o m.mote --json")).json();
    CHECK(report["config"]["model"] == "bigram");
    CHECK(directory.mote_ok(words("sample m.mote --length 9 --temperature 0")).out == "ba\n");
    directory.write("list.json", R"(["b", "a", "c"])");
    directory.mote_ok(words("convert w.safetensors --vocab list.json -o n.mote"));
    CHECK(directory.mote_ok(words("sample n.mote --prompt b --length 5 --temperature 0")).out == "bacbac\n");
    directory.write("v.txt", "bac\n");
    directory.mote_ok(words("convert w.safetensors --vocab v.txt -o o.mote"));
    CHECK(directory.read("o.mote") == directory.read("n.mote"));
    directory.write("corpus.txt", "cabbage");
    check_refused(directory, words("convert w.safetensors --corpus corpus.txt -o p.mote"), 1,
                  {"embedding.weight", "[3, 3]", "5"});
    directory.write("corpus.txt", "cab");
    directory.mote_ok(words("convert w.safetensors --corpus corpus.txt -o p.mote"));
    CHECK(directory.mote_ok(words("sample p.mote --prompt a --length 3 --temperature 0")).out == "abca\n");
}

TEST_CASE("whatever does not fit is refused by its name") {
    Directory directory;
    directory.write("v.txt", "abcde");
    float nan = std::nanf("");
    std::vector<Tensor> rnn = small_rnn();
    const std::vector<Refused> all = {
        {with(rnn, {"extra", {2, 2}, {}}), "", {"\"extra\"", "--map"}},
        {with(rnn, {"more.weight", {5, 3}, {}}), "", {"more.weight"}},
        {with(with(rnn, {"more.weight", {5, 3}, {}}), {"more.bias", {5}, {}}), "", {"more.weight", "not used"}},
        {without(rnn, "rnn.weight_hh_l0"), "", {"rnn.weight_hh_l0", "missing"}},
        {without(rnn, "rnn.bias_hh_l0"), "", {"rnn.weight_ih_l0", "second bias", "--map"}},
        {without(rnn, "fc.bias"), "", {"fc.weight", "--zero-bias"}},
        {without(without(rnn, "fc.bias"), "fc.weight"), "", {"linear"}},
        {with(rnn, {"rnn.weight_ih_l0", {3, 4}, {}}), "", {"rnn.weight_ih_l0", "[3, 4]", "[3, 5]"}},
        {with(rnn, {"rnn.bias_hh_l0", {4}, {}}), "", {"rnn.bias_hh_l0", "[4]", "[3]"}},
        {with(rnn, {"fc.bias", {6}, {}}), "", {"fc.bias", "6", "5"}},
        {with(rnn, {"fc.weight", {5, 3}, {0, 0, 0, 0, nan}}), "", {"fc.weight", "NaN", "[1, 1]"}},
        {with(rnn, {"fc.bias", {5}, {0, 0, 0, INFINITY}}), "", {"fc.bias", "infinity", "[3]"}},
        {with(with(rnn, {"rnn.bias_ih_l0", {3}, {3e38f}}), {"rnn.bias_hh_l0", {3}, {3e38f}}),
         "",
         {"rnn.bias_ih_l0", "exceed"}},
        {with(rnn, {"rnn.weight_ih_l0_reverse", {3, 5}, {}}), "", {"rnn.weight_ih_l0_reverse", "bidirectional"}},
        {with(with(rnn, {"rnn.weight_ih_l0", {12, 5}, {}}), {"rnn.weight_hh_l0", {12, 3}, {}}),
         "",
         {"rnn.weight_hh_l0", "LSTM", "nn.RNN", "nn.GRU"}},
        {with(rnn, {"norm.weight", {3}, {}}), "", {"norm.weight", "normalisation"}},
        {with(rnn, {"bn.running_mean", {3}, {}}), "", {"bn.running_mean", "normalisation"}},
        {with(rnn, {"conv1.weight", {3, 3, 3}, {}}), "", {"conv1.weight", "convolution"}},
        {rnn, "--transpose fc.weight", {"--transpose", "fc.weight"}},
        {rnn, "--as-is nothing", {"nothing"}},
        {rnn, "--ignore nothing", {"nothing"}},
        {rnn, "--ignore fc.bias", {"fc.bias", "--verify", "--unverified"}},
        {rnn, "--ignore fc.bias --unverified", {"fc.weight", "--zero-bias"}},
        {{{"a.weight", {5, 5}, {}}}, "", {"a.weight", "square", "--transpose a.weight", "--as-is a.weight"}},
        {{{"emb.weight", {5, 4}, {}}}, "", {"emb.weight"}},
        {{{"emb.weight", {5, 2}, {}}, {"fc.weight", {5, 6}, {}}, {"fc.bias", {5}, {}}}, "", {"fc.weight", "hidden"}},
        {{{"C", {5, 2}, {}}, {"W1", {7, 4}, {}}, {"b1", {4}, {}}, {"W2", {4, 5}, {}}, {"b2", {5}, {}}},
         "",
         {"W1", "7", "2"}},
        {{{"C", {5, 2}, {}},
          {"W1", {4, 6}, {}},
          {"b1", {4}, {}},
          {"W2", {4, 4}, {}},
          {"b2", {4}, {}},
          {"W3", {5, 4}, {}},
          {"b3", {5}, {}}},
         "",
         {"W2", "square", "W3", "--as-is W2"}},
        {{{"e.weight", {5, 5}, {}},
          {"z.weight", {5, 5}, {}},
          {"z.bias", {5}, {}},
          {"a.weight", {5, 5}, {}},
          {"a.bias", {5}, {}}},
         "",
         {"order", "\"a.weight\"", "\"z.weight\"", "--map"}},
        {{{"a_emb.weight", {5, 5}, {}},
          {"hidden.bias", {5}, {}},
          {"hidden.weight", {5, 5}, {}},
          {"input.bias", {5}, {}},
          {"input.weight", {5, 5}, {}},
          {"output.bias", {5}, {}},
          {"output.weight", {5, 5}, {}}},
         "",
         {"order", "hidden.weight", "--map"}},
        {with(with(with(with(rnn, {"rnn.weight_ih_l2", {3, 3}, {}}), {"rnn.weight_hh_l2", {3, 3}, {}}),
                   {"rnn.bias_ih_l2", {3}, {}}),
              {"rnn.bias_hh_l2", {3}, {}}),
         "",
         {"rnn.weight_ih_l1", "missing"}},
        {rnn, "--transpose fc.bias", {"fc.bias", "not a matrix"}},
        {{{"Wxh", {3, 5}, {}}, {"Whh", {3, 3}, {}}, {"Why", {5, 3}, {}}, {"bh", {3, 1}, {}}},
         "",
         {"\"by\"", "missing"}},
        {{{"C", {5, 2}, {}}, {"W1", {6, 4}, {}}, {"W2", {4, 5}, {}}, {"b2", {5}, {}}}, "", {"\"b1\"", "missing"}},
        {{}, "", {"no tensors"}},
    };
    check_all_refused(directory, all);
}

TEST_CASE("a graph that computes something else is refused by what does it") {
    Directory directory;
    json list = json::parse(read_file(models() + "/refused.json"));
    REQUIRE(list.size() >= 10);
    std::string letters;
    for (char c = 'a'; c < 'a' + 20; ++c) letters += c;
    directory.write("v.txt", letters);
    for (const json &refused : list) {
        std::string name = refused["weights"];
        CAPTURE(name);
        check_refused(directory, {"convert", models() + "/" + name, "--vocab", "v.txt", "-o", "m.mote"}, 1,
                      {refused["mentions"]});
    }
}

TEST_CASE("what the names leave open is decided by options") {
    Directory directory;
    directory.write("v.txt", "abcde");
    auto hash = [&](const std::vector<Tensor> &tensors, const std::string &options) -> std::string {
        directory.write("w.safetensors", safetensors(tensors));
        return directory.mote_ok(words("convert w.safetensors --vocab v.txt -o m.mote --json " + options))
            .json()["weights_hash"];
    };
    std::vector<Tensor> rnn = with(small_rnn(), {"rnn.weight_hh_l0", {3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}});
    std::vector<Tensor> transposed = with(small_rnn(), {"rnn.weight_hh_l0", {3, 3}, {1, 4, 7, 2, 5, 8, 3, 6, 9}});
    CHECK(hash(rnn, "") == hash(transposed, "--transpose rnn.weight_hh_l0"));
    CHECK(hash(rnn, "") != hash(transposed, ""));
    CHECK(hash(rnn, "") == hash(rnn, "--as-is rnn.weight_hh_l0"));
    CHECK(hash(with(rnn, {"steps", {1}, {60}}), "--ignore steps") == hash(rnn, ""));
    CHECK(hash(rnn, "--activation relu") == hash(rnn, ""));
    CHECK(hash(with(rnn, {"fc.bias", {5}, {0, 0, 0, 0, 0}}), "") == hash(without(rnn, "fc.bias"), "--zero-bias"));
    /* The one bias is the sum of PyTorch's two. */
    std::vector<Tensor> summed =
        with(with(rnn, {"rnn.bias_ih_l0", {3}, {0.5f, 0.5f, 0.5f}}), {"rnn.bias_hh_l0", {3}, {0, 0, 0}});
    CHECK(hash(summed, "") == hash(rnn, ""));
    /* Weights too small for mote become 0, and are counted. */
    directory.write("w.safetensors", safetensors(with(rnn, {"fc.bias", {5}, {1e-13f, -1e-30f, 0, 1, 2}})));
    json report = directory.mote_ok(words("convert w.safetensors --vocab v.txt -o m.mote --json")).json();
    CHECK(report["notes"].dump().find("2 weights smaller than 2^-40") != std::string::npos);
}

TEST_CASE("arguments and vocabularies that do not fit are refused") {
    Directory directory;
    directory.write("w.safetensors", safetensors(small_rnn()));
    directory.write("good.txt", "abcde");
    directory.write("windows.txt", "abcd\r\n");
    const std::vector<std::pair<std::string, std::vector<std::string>>> vocabularies = {
        {"[\"a\", \"b\", \"c\", \"d\"]", {"4", "5"}},
        {"[\"a\", \"b\", \"c\", \"d\", \"th\"]", {"\\\"th\\\"", "--boundary"}},
        {"[\"a\", \"b\", \"c\", \"d\", \"a\"]", {"two tokens", "'a'"}},
        {"[\"a\", \"b\", \"c\", \"d\", \"\"]", {"empty"}},
        {"[\"a\", \"b\", \"c\", \"d\", 5]", {"token 4", "number"}},
        {"{\"a\": 0, \"b\": 1, \"c\": 2, \"d\": 3, \"e\": 5}", {"\"e\"", "5"}},
        {"{\"a\": 0, \"b\": 1, \"c\": 2, \"d\": 3, \"e\": 3}", {"\"d\"", "\"e\"", "3"}},
        {"{\"0\": \"a\", \"x\": \"b\"}", {"\"x\""}},
        {"{\"stoi\": {\"a\": 0, \"b\": 1}, \"itos\": {\"0\": \"b\", \"1\": \"a\"}}", {"itos"}},
        {"{\"a\": 0", {"JSON"}},
        {"{\"a\": 0, \"b\": 1, \"a\": 2}", {"two values", "\\\"a\\\""}},
        {"3", {"number"}},
        {"[\"\xff\"]", {"UTF-8"}},
    };
    for (const auto &[content, mentions] : vocabularies) {
        const std::string &text = content;
        CAPTURE(text);
        directory.write("v.json", text);
        std::vector<std::string> shown;
        for (std::string word : mentions) {
            for (size_t at; (at = word.find("\\\"")) != std::string::npos;) word.replace(at, 2, "\"");
            shown.push_back(word);
        }
        check_refused(directory, words("convert w.safetensors --vocab v.json -o m.mote"), 1, shown);
    }
    const std::vector<std::tuple<std::string, int, std::vector<std::string>>> arguments = {
        {"convert w.safetensors -o m.mote", 2, {"--vocab", "--corpus"}},
        {"convert w.safetensors --vocab good.txt --corpus good.txt -o m.mote", 2, {"--vocab", "--corpus"}},
        {"convert w.safetensors --vocab good.txt --lines -o m.mote", 2, {"--lines"}},
        {"convert w.safetensors --corpus good.txt --boundary a -o m.mote", 2, {"--boundary"}},
        {"convert w.safetensors --vocab good.txt", 2, {"--output"}},
        {"convert w.safetensors --vocab good.txt -o w.safetensors", 2, {"w.safetensors"}},
        {"convert nothing.pt --vocab good.txt -o m.mote", 1, {"nothing.pt"}},
        {"convert w.safetensors --vocab nothing.txt -o m.mote", 1, {"nothing.txt"}},
        {"convert w.safetensors --vocab good.txt --boundary z -o m.mote", 1, {"good.txt", "\"z\""}},
        {"convert w.safetensors --vocab good.txt --as-is fc.weight --transpose fc.weight -o m.mote", 2, {"fc.weight"}},
        {"convert w.safetensors --vocab windows.txt -o m.mote", 1, {"windows.txt", "CR LF"}},
        {"convert w.safetensors --vocab good.txt --activation sigmoid -o m.mote", 2, {"--activation", "tanh"}},
        {"convert w.safetensors --vocab good.txt --verify nothing.npz -o m.mote", 1, {"nothing.npz"}},
        {"convert good.txt --vocab good.txt -o m.mote", 1, {"good.txt"}},
        {"convert w.safetensors --vocab good.txt -o nowhere/m.mote", 1, {"nowhere"}},
    };
    for (const auto &[command, exit_code, mentions] : arguments) {
        const std::string &line = command;
        CAPTURE(line);
        check_refused(directory, words(line), exit_code, mentions);
    }
}

TEST_CASE("a map says what is what, and is refused where it does not") {
    Directory directory;
    directory.write("v.txt", "abcde");
    directory.write("w.safetensors", safetensors({{"in", {5, 3}, {}},
                                                  {"loop", {3, 3}, {1, 2}},
                                                  {"one", {3}, {}},
                                                  {"two", {3}, {}},
                                                  {"out", {3, 5}, {}},
                                                  {"end", {5}, {}},
                                                  {"steps", {1}, {60}}}));
    json good = json::parse(R"({"model": "rnn", "ignore": ["steps"], "tensors": {"weight_ih_l0": "in",
        "weight_hh_l0": {"name": "loop", "transpose": true}, "bias_l0": ["one", "two"], "weight_out": "out", "bias_out": "end"}})");
    Arguments convert = words("convert w.safetensors --vocab v.txt --map map.json -o m.mote");
    directory.write("map.json", good.dump());
    json report = directory.mote_ok(convert + words("--json")).json();
    CHECK(report["config"] ==
          json::parse(R"({"model": "rnn", "vocab": 5, "activation": "tanh", "embed": 0, "hidden": 3, "layers": 1})"));
    CHECK(report["tensors"][0]["from"][0]["transposed"] == true);
    std::filesystem::remove(directory.path("m.mote"));

    auto refuse = [&](const std::string &pointer, const json &value, const std::vector<std::string> &mentions) {
        json changed = good;
        if (value.is_discarded()) {
            changed = changed.patch({{{"op", "remove"}, {"path", pointer}}});
        } else {
            changed[json::json_pointer(pointer)] = value;
        }
        directory.write("map.json", changed.dump());
        CAPTURE(pointer);
        check_refused(directory, convert, 1, mentions);
    };
    const json gone(json::value_t::discarded);
    refuse("/model", "lstm", {"map.json", "lstm", "rnn"});
    refuse("/model", gone, {"map.json", "model"});
    refuse("/model", "mlp", {"map.json", "weight_l0"});
    refuse("/tensors/bias_out", gone, {"map.json", "bias_out", "missing"});
    refuse("/tensors/bias_out", "nowhere", {"nowhere"});
    refuse("/tensors/bias_out", 3, {"map.json", "bias_out", "number"});
    refuse("/tensors/bias_out", json::array(), {"map.json", "bias_out", "empty"});
    refuse("/tensors/bias_l1", "one", {"map.json", "bias_l1"});
    refuse("/tensors/weight_hh_l0", "loop", {"loop", "square", "--transpose loop"});
    refuse("/tensors/weight_hh_l0/transpose", "yes", {"map.json", "transpose"});
    refuse("/tensors/weight_hh_l0/third", 0, {"map.json", "third"});
    refuse("/tensors/weight_hh_l0/third", 4, {"map.json", "third"});
    refuse("/tensors/weight_hh_l0/third", 1, {"loop", "[3, 3]", "[9, 3]"});
    refuse("/tensors/weight_hh_l0/turn", true, {"map.json", "turn"});
    refuse("/ignore", gone, {"steps", "not used"});
    refuse("/ignore", "steps", {"map.json", "ignore"});
    refuse("/activation", "gelu", {"map.json", "gelu"});
    refuse("/context", 0, {"map.json", "context"});
    refuse("/other", 1, {"map.json", "other"});
}

TEST_CASE("what mote exports it reads back, to the last bit") {
    Directory directory;
    for (const std::string kind :
         {"bigram", "mlp --context 3 --layers 2", "rnn --embed 5 --hidden 9 --layers 2 --activation relu",
          "rnn --hidden 27", "gru --embed 5 --hidden 9 --layers 2", "gru --hidden 27"}) {
        CAPTURE(kind);
        directory.mote_ok(words("train names --lines --steps 5 --quiet -o m.mote --model " + kind));
        json before = directory.mote_ok(words("inspect m.mote --json")).json();
        for (const std::string form : {"safetensors", "npz"}) {
            directory.mote_ok(words("export m.mote --vocab v.json -o w." + form));
            /* .npz does not tell the activation. */
            std::string told = form == "npz" && before["config"].contains("activation")
                                   ? " --activation " + before["config"]["activation"].get<std::string>()
                                   : "";
            json after = directory
                             .mote_ok(words("convert w." + form +
                                            " --vocab v.json --boundary <boundary> -o n.mote --json" + told))
                             .json();
            CHECK(after["weights_hash"] == before["weights_hash"]);
            CHECK(after["config"].value("activation", "") == before["config"].value("activation", ""));
            CHECK(directory.mote_ok(words("sample n.mote --length 30")).out ==
                  directory.mote_ok(words("sample m.mote --length 30")).out);
        }
    }
}

TEST_CASE("of JSON lines of messages --corpus gives the tokens of training, the boundary with them") {
    const Directory directory;
    directory.write("k.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n\"\\u0007\"\n");
    directory.mote_ok(words("train k.jsonl --model bigram --steps 5 --quiet -o m.mote"));
    directory.mote_ok(words("export m.mote -o w.safetensors"));
    const nlohmann::json report =
        directory.mote_ok(words("convert w.safetensors --corpus k.jsonl -o n.mote --json")).json();
    CHECK(report["weights_hash"] == directory.mote_ok(words("inspect m.mote --json")).json()["weights_hash"]);
    CHECK(directory.mote_ok(words("sample n.mote --length 30")).out ==
          directory.mote_ok(words("sample m.mote --length 30")).out);
}
