/* mote convert --int8: one step for two. */
#include "cli_convert_support.h"
#include "cli_runner.h"

#include <doctest/doctest.h>

using namespace mote_test;

TEST_CASE("a model converted to int8 is the converted model quantized") {
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
        const nlohmann::json report = directory.mote_ok(convert + words("-o m8.mote --int8 --json")).json();
        directory.mote_ok(words("quantize m.mote -o q.mote"));
        CHECK(directory.read("m8.mote") == directory.read("q.mote"));
        CHECK(report["int8"]["bytes"] == directory.read("m8.mote").size());
        relus += report["int8"]["largest_activations"].empty() ? 0 : 1;
    }
    CHECK(relus > 0);
}
