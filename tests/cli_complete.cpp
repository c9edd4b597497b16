/* `mote complete`: likely endings, and what is said where there can be none. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

using namespace mote_test;

namespace {

/* A directory with m.mote, which has learned items of words, and text.mote, which has learned one text. */
struct Trained {
    Trained() {
        std::string text;
        for (int i = 0; i < 200; ++i) text += i % 4 == 0 ? "the node is down\n" : "the node is up\n";
        directory.write("lines.txt", text);
        directory.write("plain.txt", "one two three four five six seven eight nine ten one two three four five six");
        directory.write("letters.txt", "abababbbababaaababababbabababababbabab");
        const Arguments quick = words("--quiet --hidden 16 --steps 400 --batch 4 --time 16 --lr 0.01");
        directory.mote_ok(words("train lines.txt --lines -o m.mote") + quick);
        directory.mote_ok(words("train plain.txt -o text.mote --quiet --model bigram --count"));
        directory.mote_ok(words("train letters.txt -o letters.mote --quiet --model bigram --count"));
    }
    std::string endings(const Arguments &arguments) const {
        return directory.mote_ok(Arguments{"complete", "m.mote"} + arguments).out;
    }
    void fails(const Arguments &arguments, int exit_code, const std::string &message) const {
        Outcome outcome = directory.mote(Arguments{"complete"} + arguments);
        CAPTURE(outcome.err);
        CHECK(outcome.exit_code == exit_code);
        CHECK(outcome.out.empty());
        CHECK(outcome.err.find(message) != std::string::npos);
        CHECK(outcome.lines_of_err() == 1);
    }
    Directory directory;
};

std::string first_line(const std::string &text) { return text.substr(0, text.find('\n')); }

} // namespace

TEST_CASE("endings are lines, the likeliest first, of the word or of the line") {
    Trained trained;
    CHECK(first_line(trained.endings({"the no"})) == "de");
    CHECK(first_line(trained.endings({"the no", "--until", "line"})) == "de is up");
    CHECK(trained.endings({"the node is u", "--count", "1"}) == "p\n");
    CHECK(trained.endings({"the node is up", "--count", "1"}) == "\n");
    CHECK(first_line(trained.endings({"", "--until", "line"})) == "the node is up");
    std::istringstream two(trained.endings({"the node is ", "--count", "2"}));
    std::string first, second, third;
    std::getline(two, first);
    std::getline(two, second);
    CHECK(first == "up");
    CHECK(second == "down");
    CHECK(!std::getline(two, third));
    CHECK(trained.endings({"of another line\nthe no"}) == trained.endings({"the no"}));
}

TEST_CASE("JSON has the probabilities, which fall, and no ending twice") {
    Trained trained;
    const nlohmann::json json =
        trained.directory.mote_ok({"complete", "m.mote", "the node is ", "--json", "--count", "20"}).json();
    CHECK(json["prefix"] == "the node is ");
    REQUIRE(json["endings"].size() > 2);
    CHECK(json["endings"][0]["text"] == "up");
    double sum = 0, before = 1;
    for (const nlohmann::json &ending : json["endings"]) {
        const double probability = ending["probability"];
        CHECK(probability == doctest::Approx(std::exp(ending["log_probability"].get<double>())));
        CHECK(probability <= before);
        before = probability;
        sum += probability;
    }
    CHECK(sum <= 1.0001);
}

TEST_CASE("the endings of a quantized model are found, too") {
    Trained trained;
    trained.directory.mote_ok(words("quantize m.mote -o m4.mote --bits 4"));
    CHECK(first_line(trained.directory.mote_ok({"complete", "m4.mote", "the no"}).out) == "de");
}

TEST_CASE("what cannot be completed is named, with what to do") {
    Trained trained;
    trained.fails({"m.mote", "the ж"}, 2, "PREFIX: the model does not have 'ж' (character 5)");
    trained.fails({"m.mote", "the no\xFF"}, 2, "PREFIX: not UTF-8 at byte 7");
    trained.fails({"m.mote", "ж\nthe ж"}, 2, "(character 7)");
    trained.fails({"text.mote", "one", "--until", "line"}, 2, "text.mote: has no line ends");
    trained.fails({"letters.mote", "ab"}, 2, "letters.mote: has no blank");
    trained.fails({"m.mote", "the", "--width", "0"}, 2, "--width");
    trained.fails({"m.mote", "the", "--until", "page"}, 2, "--until");
    trained.fails({"missing.mote", "the"}, 1, "missing.mote");
    trained.fails({"m.mote"}, 2, "PREFIX");
    /* The advice works. */
    CHECK(!trained.directory.mote_ok({"complete", "text.mote", "on", "--until", "word"}).out.empty());
    CHECK(first_line(trained.endings({"the node is ", "--length", "2"})) == "up");
}

TEST_CASE("characters that a model lacks are read as bytes, and their bytes are no ending") {
    Directory directory;
    std::string lines;
    for (const char *begun : {"\xE5\xB0", "\xE5\xB1"})
        for (int last = 0x80; last < 0xC0; ++last) lines += begun + std::string(1, static_cast<char>(last)) + " node\n";
    directory.write("text", lines);
    directory.mote_ok(words("train text --lines -o m.mote --vocab-size 80 --quiet --model bigram --count"));
    CHECK(first_line(directory.mote_ok({"complete", "m.mote", "小 no"}).out) == "de");
    CHECK(directory.mote_ok({"complete", "m.mote", "", "--count", "1"}).out.size() == 4);
    /* Within two bytes no character is whole. */
    const Arguments two = {"complete", "m.mote", "", "--width", "1", "--length", "2"};
    Outcome none = directory.mote(two);
    CHECK(none.exit_code == 1);
    CHECK(none.out.empty());
    CHECK(none.err.find("--length") != std::string::npos);
    CHECK(directory.mote_ok(two + Arguments{"--json"}).json()["endings"].empty());
    CHECK(directory.mote_ok(two + Arguments{"--length", "3"}).out.size() == 4);
}
