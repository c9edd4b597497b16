/* mote convert --int8 and --int4: one step for two. */
#include "cli_convert_support.h"
#include "cli_runner.h"

#include <doctest/doctest.h>

using namespace mote_test;

TEST_CASE("a model converted to integers is the converted model quantized") {
    const Directory directory;
    const std::string models = MOTE_MODELS_DIR;
    size_t relus = 0;
    for (const nlohmann::json &model : nlohmann::json::parse(read_file(models + "/cases.json"))) {
        const std::string name = model["name"];
        CAPTURE(name);
        Arguments convert = {"convert", models + "/" + model["weights"].get<std::string>()};
        for (const std::string argument : model["arguments"])
            convert.push_back(argument.rfind(name + ".", 0) == 0 ? models + "/" + argument : argument);
        convert.insert(convert.end(), {"--verify", models + "/" + name + ".verify.npz"});
        directory.mote_ok(convert + words("-o m.mote"));
        for (const std::string bits : {"8", "4"}) {
            CAPTURE(bits);
            const Arguments integers = words("-o i.mote --json --int" + bits);
            const nlohmann::json report = directory.mote_ok(convert + integers).json()["int" + bits];
            directory.mote_ok(words("quantize m.mote -o q.mote --bits " + bits));
            CHECK(directory.read("i.mote") == directory.read("q.mote"));
            CHECK(report["bytes"] == directory.read("i.mote").size());
            relus += report["largest_activations"].empty() ? 0 : 1;
        }
    }
    CHECK(relus > 0);
}

TEST_CASE("--int8 measures on --corpus, which may be the standard input, as mote quantize does") {
    const Directory directory;
    std::string text;
    for (int i = 0; i < 300; ++i) text += "hop " + std::to_string(i * i % 977) + "\n";
    directory.write("text", text);
    for (const std::string lines : {"", " --lines"}) {
        CAPTURE(lines);
        directory.mote_ok(words("train text --model mlp --context 3 --embed 5 --hidden 16 --layers 2 --activation relu "
                                "--steps 60 --quiet -o M.mote" +
                                lines));
        directory.mote_ok(words("export M.mote -o w.safetensors"));
        const nlohmann::json wanted = directory.mote_ok(words("quantize M.mote -o Q.mote --corpus text --json")).json();
        directory.mote_ok(words("convert w.safetensors --corpus text -o m.mote" + lines));
        directory.mote_ok(words("quantize m.mote -o q.mote --corpus text"));
        for (const std::string corpus : {"text", "-"}) {
            CAPTURE(corpus);
            const Outcome outcome = directory.mote_ok(
                words("convert w.safetensors --int8 --json -o m8.mote --corpus " + corpus + lines), text);
            CHECK(directory.read("m8.mote") == directory.read("q.mote"));
            const nlohmann::json report = outcome.json()["int8"];
            CHECK(report["largest_activations"] == wanted["largest_activations"]);
            CHECK(report["loss"] == wanted["loss"]);
            CHECK(report["chars"] == wanted["chars"]);
        }
    }
}

TEST_CASE("a network that grows on what it writes itself can be measured on a text, as it is told") {
    const Directory directory;
    std::vector<Tensor> doubling = with(small_rnn(), {"rnn.weight_hh_l0", {3, 3}, {2, 0, 0, 0, 2, 0, 0, 0, 2}});
    directory.write("w.safetensors", safetensors(doubling));
    directory.write("v.txt", "abcde");
    const std::string convert = "convert w.safetensors --activation relu -o m.mote --vocab v.txt";
    check_refused(directory, words(convert + " --int8"), 1,
                  {"w.safetensors: grows beyond all numbers",
                   "leave --int8 out, and give mote quantize the model and a text by --corpus"});
    check_refused(directory, words(convert + " --int4"), 1, {"leave --int4 out"});
    directory.mote_ok(words(convert));
    check_refused(directory, words("quantize m.mote -o q.mote"), 1,
                  {"m.mote: grows beyond all numbers", "give a text by --corpus"});
    directory.mote_ok(words("quantize m.mote -o q.mote --corpus v.txt"));
    for (const size_t times : {9u, 60u}) {
        std::string text;
        for (size_t i = 0; i < times; ++i) text += "abcde";
        directory.write("long.txt", text);
        check_refused(directory, words("quantize m.mote -o p.mote --corpus long.txt"), 1,
                      {"m.mote: activations grow above 2^40", "give mote quantize another text by --corpus"});
    }
}

TEST_CASE("--int8 and --int4 exclude each other") {
    const Directory directory;
    directory.write("w.safetensors", safetensors(small_rnn()));
    directory.write("v.txt", "abcde");
    check_refused(directory, words("convert w.safetensors -o m.mote --vocab v.txt --int8 --int4"), 2,
                  {"--int8", "--int4"});
}
