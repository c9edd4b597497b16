/* mote convert: whatever form a model is kept in, it gives the same weights; what cannot be read is refused with what
 * it is and what to do (tests/convert/make_readers.py wrote the files). */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>

using namespace mote_test;
using nlohmann::json;

namespace fs = std::filesystem;

namespace {

std::string readers() { return MOTE_READERS_DIR; }

json reader_cases() { return json::parse(read_file(readers() + "/cases.json")); }

/* The command of a case; its files are in the folder, or copied into `folder`. */
Arguments command(const json &listed, const std::string &folder) {
    Arguments arguments = {"convert", folder + "/" + listed["weights"].get<std::string>()};
    for (const json &argument : listed["arguments"]) {
        std::string text = argument;
        bool is_map = text.size() > 9 && text.compare(text.size() - 9, 9, ".map.json") == 0;
        arguments.push_back(is_map ? folder + "/" + text : text);
    }
    return arguments + Arguments{"--vocab", folder + "/letters.txt", "-o", "m.mote"};
}

void check_refused(const Directory &directory, const Arguments &arguments, const std::vector<std::string> &mentions) {
    std::vector<std::string> before = directory.names();
    Outcome outcome = directory.mote(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.lines_of_err() == 1);
    for (const std::string &word : mentions) CHECK_MESSAGE(outcome.err.find(word) != std::string::npos, word);
    CHECK(directory.names() == before);
}

/* A directory with a copy of the files. */
struct Copies : Directory {
    Copies() { fs::copy(readers(), path("r"), fs::copy_options::recursive); }
    void convert_refused(const std::string &weights, const std::vector<std::string> &mentions) const {
        check_refused(*this, words("convert r/" + weights + " --vocab r/letters.txt -o m.mote"), mentions);
    }
    void convert_ok(const std::string &weights) const {
        mote_ok(words("convert r/" + weights + " --vocab r/letters.txt -o m.mote"));
        fs::remove(path("m.mote"));
    }
};

/* The text in UTF-16 or, with four bytes, UTF-32. */
std::string wide(const std::u32string &text, size_t bytes, bool big_endian) {
    std::string encoded;
    for (char32_t c : text) {
        for (size_t i = 0; i < bytes; ++i) {
            size_t byte = big_endian ? bytes - 1 - i : i;
            encoded += static_cast<char>(static_cast<uint32_t>(c) >> (8 * byte) & 0xFF);
        }
    }
    return encoded;
}

} // namespace

TEST_CASE("a model gives the same weights in every form that people keep it in") {
    Directory directory;
    std::map<std::string, std::string> hashes;
    json list = reader_cases();
    REQUIRE(list.size() >= 60);
    for (const json &listed : list) {
        std::string name = listed["weights"], shown = listed.dump();
        CAPTURE(shown);
        if (listed.contains("refused")) {
            check_refused(directory, command(listed, readers()), listed["refused"].get<std::vector<std::string>>());
            continue;
        }
        Arguments convert = command(listed, readers()) + words("--json");
        Outcome outcome = directory.mote(convert);
        /* An MLP's activation is not told by its weights. */
        if (outcome.err.find("--activation") != std::string::npos) convert = convert + words("--activation tanh");
        json report = directory.mote_ok(convert).json();
        fs::remove(directory.path("m.mote"));
        std::string hash = report["weights_hash"], &first = hashes[listed["of"]];
        if (first.empty()) first = hash;
        CHECK(hash == first);
    }
    CHECK(hashes.size() == 10);
}

TEST_CASE("a text that is not UTF-8 is refused with the byte, another encoding by its name") {
    Directory directory;
    const std::vector<std::pair<std::string, std::vector<std::string>>> texts = {
        {"abcdefg\xE9", {"v.txt", "byte 8", "line 1, column 8", "0xE9", "UTF-8"}},
        {"\xEF\xBB\xBF"
         "abc\ndef\xFC",
         {"byte 11", "line 2, column 4", "0xFC"}},
        {"\x80"
         "bcdefgh",
         {"byte 1", "0x80"}},
        {"abcdefg\xC3", {"byte 8", "0xC3"}},
        {"abcdef\xED\xA0\x80", {"byte 7", "0xED"}},
        {wide(U"abcdefgh", 2, false), {"UTF-16"}},
        {wide(U"abcdefgh", 2, true), {"UTF-16"}},
        {wide(U"\uFEFFabcdefgh", 2, false), {"UTF-16"}},
        {wide(U"\uFEFFabcdefgh", 2, true), {"UTF-16"}},
        {wide(U"\u0430\u0431\u0432\u0433\u0434\u0435\u0436\u0437", 2, false), {"UTF-16"}},
        {wide(U"abcdefgh", 4, false), {"UTF-32"}},
        {wide(U"abcdefgh", 4, true), {"UTF-32"}},
        {wide(U"\uFEFFabcdefgh", 4, false), {"UTF-32"}}};
    for (const auto &[content, mentions] : texts) {
        directory.write("v.txt", content);
        check_refused(directory, {"convert", readers() + "/rnn.pt", "--vocab", "v.txt", "-o", "m.mote"}, mentions);
        if (content.find("UTF") == std::string::npos)
            check_refused(directory, {"convert", readers() + "/rnn.pt", "--corpus", "v.txt", "-o", "m.mote"}, mentions);
    }
    const std::string list = R"(["a", "b", "c", "d", "e", "f", "g", "h"])";
    directory.write("v.json", wide({list.begin(), list.end()}, 2, false));
    check_refused(directory, {"convert", readers() + "/rnn.pt", "--vocab", "v.json", "-o", "m.mote"},
                  {"v.json", "UTF-16"});
    directory.write("v.json", "[\"a\", \"\xE9\", \"c\"]");
    check_refused(directory, {"convert", readers() + "/rnn.pt", "--vocab", "v.json", "-o", "m.mote"},
                  {"v.json", "byte 8", "0xE9"});
    directory.write("map.json", "{\"model\": \"caf\xE9\"}");
    check_refused(
        directory,
        {"convert", readers() + "/rnn.pt", "--vocab", readers() + "/letters.txt", "--map", "map.json", "-o", "m.mote"},
        {"map.json", "byte 15", "0xE9"});
}

TEST_CASE("a byte order mark of UTF-8 is dropped, control characters are tokens like others") {
    Directory directory;
    const std::string list = R"(["a", "b", "c", "d", "e", "f", "g", "h"])";
    directory.write("mark.txt", "\xEF\xBB\xBF"
                                "abcdefgh\n");
    directory.write("mark.json", "\xEF\xBB\xBF" + list);
    directory.write("controls.txt", std::string("\0a\1b\2c\3d", 8));
    for (const char *name : {"mark.txt", "mark.json", "controls.txt"}) {
        CAPTURE(name);
        directory.mote_ok({"convert", readers() + "/rnn.pt", "--vocab", name, "-o", "m.mote"});
    }
}

TEST_CASE("shards: one that is missing, twice or elsewhere is told") {
    const std::string first = "shards/model-00001-of-00003.safetensors", index = "shards/model.safetensors.index.json",
                      second = "shards/model-00002-of-00003.safetensors";
    Copies copies;
    const std::string map = copies.read("r/" + index);
    fs::rename(copies.path("r/" + second), copies.path("r/second"));
    for (const std::string &given : {first, index})
        copies.convert_refused(given, {"model-00002-of-00003.safetensors", "missing", "put"});
    fs::copy(copies.path("r/" + first), copies.path("r/" + second));
    copies.convert_refused(first, {"00002", "\"embedding.weight\"", "00001"});
    copies.convert_refused(index, {"\"embedding.weight\"", "00001"});
    fs::remove(copies.path("r/" + second));
    fs::rename(copies.path("r/second"), copies.path("r/" + second));
    copies.convert_ok(first);
    json changed = json::parse(map);
    changed["weight_map"]["nowhere.weight"] = "model-00001-of-00003.safetensors";
    copies.write("r/" + index, changed.dump());
    copies.convert_refused(index, {"\"nowhere.weight\"", "missing"});
    fs::rename(copies.path("r/" + second), copies.path("r/shards/model-00004-of-00003.safetensors"));
    copies.convert_refused("shards/model-00004-of-00003.safetensors", {"shard 4 of 3"});
    copies.write("r/shards/model-00002-of-00003.safetensors",
                 "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    copies.convert_refused(first, {"00002", "git lfs pull"});
}

TEST_CASE("shards: an index leads to no file outside its folder") {
    Copies copies;
    const std::string index = "r/shards/model.safetensors.index.json";
    const std::string outside = copies.path("r/rnn.pt");
    for (const std::string &place : {std::string("../rnn.pt"), outside, std::string("..\\rnn.pt"), std::string("link"),
                                     std::string("a/../../rnn.pt"), std::string("folder")}) {
        CAPTURE(place);
        fs::remove(copies.path("r/shards/link"));
        fs::create_symlink(outside, copies.path("r/shards/link"));
        fs::create_directories(copies.path("r/shards/folder"));
        copies.write(index, json{{"weight_map", {{"head.bias", place}}}}.dump());
        check_refused(copies, words("convert " + index + " --vocab r/letters.txt -o m.mote"), {"names the file"});
    }
    copies.write(index, "{\"weight_map\": {}}");
    check_refused(copies, words("convert " + index + " --vocab r/letters.txt -o m.mote"), {"empty"});
    copies.write(index, "{\"weights\": {}}");
    check_refused(copies, words("convert " + index + " --vocab r/letters.txt -o m.mote"), {"weight_map"});
}

TEST_CASE("shards: links of a cache, which lie beside the link of the index, are followed") {
    Copies copies;
    fs::create_directories(copies.path("r/snapshot"));
    for (const fs::directory_entry &entry : fs::directory_iterator(copies.path("r/shards")))
        fs::create_symlink(entry.path(), copies.path("r/snapshot/" + entry.path().filename().string()));
    copies.convert_ok("snapshot/model.safetensors.index.json");
    copies.convert_ok("snapshot/pytorch_model-00002-of-00003.bin");
}

TEST_CASE("ONNX: values in another file that is short, changed or elsewhere are refused") {
    Copies copies;
    const std::string values = copies.read("r/external.onnx.data");
    copies.write("r/external.onnx.data", values.substr(0, values.size() - 1));
    copies.convert_refused("external.onnx", {"\"bo\"", "bytes from byte", "is it of this model?"});
    copies.write("r/external.onnx.data", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    copies.convert_refused("external.onnx", {"git lfs pull"});
    fs::remove(copies.path("r/external.onnx.data"));
    copies.convert_refused("external.onnx", {"\"external.onnx.data\"", "missing", "same folder"});
    copies.write("outside", values);
    fs::create_symlink(copies.path("outside"), copies.path("r/external.onnx.data"));
    copies.convert_refused("external.onnx", {"a link out of its folder"});
    std::string changed = copies.read("r/external_checked.onnx.data");
    changed[0] = static_cast<char>(changed[0] ^ 1);
    copies.write("r/external_checked.onnx.data", changed);
    copies.convert_refused("external_checked.onnx", {"\"embedding\"", "checksum"});
}

TEST_CASE("a folder without arrays is told what to give instead") {
    Copies copies;
    copies.convert_refused("shards", {"no .npy file", "model.safetensors.index.json"});
    fs::create_directories(copies.path("r/saved"));
    copies.write("r/saved/saved_model.pb", "");
    copies.convert_refused("saved", {"TensorFlow SavedModel", "numpy.savez"});
}
