/* Which files hold messages, by name and by option, and their parts. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

using namespace mote_test;

namespace {

const char *const training = " --model bigram --steps 5 --quiet --json -o ";

std::string json_messages() {
    std::string lines;
    for (int i = 0; i < 40; ++i) lines += "{\"text\": \"hop " + std::to_string(i * i) + "\"}\n";
    return lines;
}

void check_refused(const Directory &directory, const std::string &arguments, int code, const std::string &reason) {
    CAPTURE(arguments);
    const std::vector<std::string> before = directory.names();
    const Outcome outcome = directory.mote(words(arguments));
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == code);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == "mote: " + reason + "\n");
    CHECK(directory.names() == before);
}

std::vector<std::string> sorted_lines(const std::string &text) {
    std::istringstream stream(text);
    std::vector<std::string> list;
    for (std::string line; std::getline(stream, line);) list.push_back(line);
    std::sort(list.begin(), list.end());
    return list;
}

} // namespace

TEST_CASE("the name says that a file is JSON lines, in capitals or not; by another name it is text, and so is -") {
    const Directory directory;
    for (const char *name : {"k.jsonl", "K.JSONL", "k.txt"}) directory.write(name, json_messages());
    auto hash = [&](const std::string &arguments, const std::string &input = "") {
        return directory.mote_ok(words("train " + arguments + training + "m.mote"), input).json()["weights_hash"];
    };
    CHECK(hash("K.JSONL") == hash("k.jsonl"));
    CHECK(hash("k.jsonl --lines") == hash("k.jsonl"));
    CHECK(hash("k.txt --lines") != hash("k.jsonl"));
    CHECK(hash("- --lines", json_messages()) == hash("k.txt --lines"));
    directory.mote_ok(words("compress --model m.mote --jsonl -"), json_messages());
    const std::string refusal =
        "--no-lines: the messages of K.JSONL are items, as its name says; leave the option out, "
        "or rename the file to learn it as text";
    check_refused(directory, std::string("train K.JSONL --no-lines") + training + "n.mote", 2, refusal);
    check_refused(directory, "lr-find K.JSONL --no-lines --model bigram", 2, refusal);
}

TEST_CASE("a part of a file is read as in training, and options that say otherwise are refused") {
    const Directory directory;
    directory.write("k.jsonl", json_messages());
    directory.write("k.txt", json_messages());
    directory.mote_ok(words(std::string("train k.jsonl --split 80/10/10") + training + "json.mote"));
    directory.mote_ok(words(std::string("train k.txt --lines --split 80/10/10") + training + "text.mote"));
    directory.mote_ok(words("compress --model json.mote k.jsonl --split dev"));
    directory.mote_ok(words("compress --model json.mote k.jsonl --jsonl --split dev"));
    directory.mote_ok(words("compress --model text.mote k.txt --lines --split dev"));
    check_refused(directory, "compress --model json.mote --lines k.jsonl --split dev", 2,
                  "--lines: with --split k.jsonl is read as in training, as JSON lines by its name; leave --lines out");
    check_refused(directory, "compress --model text.mote --jsonl k.txt --split dev", 2,
                  "--jsonl: with --split k.txt is read as in training, as text by its name; give --lines in place of "
                  "--jsonl");
}

TEST_CASE("a part that the model does not have is refused, with its name and the reason") {
    const Directory directory;
    directory.write("k.jsonl", json_messages());
    directory.write("other.jsonl", json_messages() + "\"one more\"\n");
    directory.mote_ok(words(std::string("train k.jsonl --vocab-size 60 --split 90/10") + training + "m.mote"));
    directory.mote_ok(words(std::string("train names --split 90/10") + training + "stream.mote"));
    check_refused(directory, "compress --model m.mote k.jsonl --split test", 1, "m.mote: trained without a test part");
    check_refused(directory, "compress --model stream.mote --lines names --split dev", 1,
                  "stream.mote: trained on a text without items, --split cannot be used; train one with --lines");
    check_refused(directory, "compress --model m.mote other.jsonl --split dev", 1,
                  "other.jsonl: not the corpus of m.mote, whose parts it does not have; give that one, or leave "
                  "--split out");
}

TEST_CASE("the name of a built-in text is that text, with --split and without") {
    const Directory directory;
    directory.mote_ok(words(std::string("train names --lines --split 80/10/10") + training + "m.mote"));
    const std::string compress = "compress --model m.mote --lines names";
    std::string parts;
    for (const char *part : {"train", "dev", "test"})
        parts += directory.mote_ok(words(compress + " --split " + part)).out;
    const std::vector<std::string> packets = sorted_lines(directory.mote_ok(words(compress)).out);
    CHECK(packets.size() > 1000);
    CHECK(packets == sorted_lines(parts));
}
