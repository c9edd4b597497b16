/* What the program `mote` promises on good input: the keys, numbers and texts that it gives. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <sstream>

using namespace mote_test;

namespace {

const Arguments small = words("--hidden 12 --batch 2 --time 8 --steps 30 --quiet");

std::string rhyme() {
    std::string text;
    for (int i = 0; i < 12; ++i) text += "the cat sat on the mat and that was that\n";
    return text;
}

size_t characters(const std::string &text) {
    size_t count = 0;
    for (char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0u) != 0x80u;
    return count;
}

/* The elements of an array in C. */
std::string bytes_of(const std::string &header, const std::string &array) {
    size_t at = header.find(" " + array + "[");
    REQUIRE(at != std::string::npos);
    std::istringstream numbers(header.substr(header.find('{', at) + 1));
    std::string bytes;
    char comma = 0;
    for (int number = 0; numbers >> number >> comma;) bytes.push_back(static_cast<char>(number));
    return bytes;
}

std::set<std::string> keys(const nlohmann::json &object) {
    std::set<std::string> list;
    for (const auto &item : object.items()) list.insert(item.key());
    return list;
}

} // namespace

TEST_CASE("train prints one JSON object with the promised keys") {
    Directory directory;
    directory.write("corpus.txt", rhyme());
    Outcome trained = directory.mote_ok(words("train corpus.txt -o m.mote --json --split 80/20") + small);
    nlohmann::json json = trained.json();
    CHECK(keys(json) == std::set<std::string>{"params", "vocab", "steps", "train_loss", "dev_loss", "test_loss",
                                              "smoothed_loss", "epoch_loss", "chars_per_second", "seconds",
                                              "weights_hash", "isa"});
    CHECK(json["steps"] == 30);
    CHECK(json["vocab"] == 13);
    CHECK(json["params"] == 12 * (13 + 12 + 1) + 13 * (12 + 1));
    CHECK(json["dev_loss"].is_number());
    CHECK(json["test_loss"].is_null());
    CHECK(json["train_loss"].get<double>() < std::log(13.0));
    CHECK(json["weights_hash"].get<std::string>().size() == 16);
    CHECK(trained.err.empty());
    CHECK(directory.names() == std::vector<std::string>{"corpus.txt", "m.mote"});
}

TEST_CASE("the same seed gives the same file, another one another") {
    Directory directory;
    directory.write("corpus.txt", rhyme());
    directory.mote_ok(words("train corpus.txt -o a.mote --seed 7") + small);
    directory.mote_ok(words("train corpus.txt -o b.mote --seed 7") + small);
    directory.mote_ok(words("train corpus.txt -o c.mote --seed 8") + small);
    CHECK(directory.read("a.mote") == directory.read("b.mote"));
    CHECK(directory.read("a.mote") != directory.read("c.mote"));
}

TEST_CASE("every instruction set writes the same file") {
    Directory directory;
    directory.write("corpus.txt", rhyme());
    directory.mote_ok(words("train corpus.txt -o least.mote --isa") + Arguments{least_isa()} + small);
    std::string best = directory.mote_ok(words("train corpus.txt -o best.mote --json") + small).json()["isa"];
    MESSAGE(least_isa() << " against " << best);
    CHECK(directory.read("least.mote") == directory.read("best.mote"));
}

TEST_CASE("any number of threads writes the same file, resumed with another number too") {
    Directory directory;
    Arguments train = words("train names --quiet --hidden 70 --layers 2 --batch 24 --time 20 --steps 12");
    directory.mote_ok(train + words("-o one.mote"));
    for (const std::string count : {"2", "3", "16"}) {
        CAPTURE(count);
        directory.mote_ok(train + words("-o many.mote --threads " + count));
        CHECK(directory.read("many.mote") == directory.read("one.mote"));
    }
    directory.mote_ok(train + words("-o half.mote --steps 6 --checkpoint c.mote --threads 2"));
    directory.mote_ok(words("train names -o resumed.mote --resume c.mote --steps 12 --threads 3 --quiet"));
    CHECK(directory.read("resumed.mote") == directory.read("one.mote"));
}

TEST_CASE("eval gives the losses of training to the last bit") {
    Directory directory;
    directory.write("corpus.txt", rhyme());
    for (const std::string kind :
         {"--split 70/20/10", "--split 70/20/10 --lines", "--split 60/30/10 --lines --order random"}) {
        CAPTURE(kind);
        Arguments train = words("train corpus.txt -o m.mote --json --seed 5") + small + words(kind);
        nlohmann::json losses = directory.mote_ok(train).json();
        for (const std::string part : {"train", "dev", "test"}) {
            CAPTURE(part);
            Arguments eval = words("eval m.mote corpus.txt --json --split " + part);
            nlohmann::json measured = directory.mote_ok(eval).json();
            double loss = losses[part + "_loss"];
            CHECK(measured["loss"].get<double>() == loss);
            CHECK(measured["bits_per_char"].get<double>() == doctest::Approx(loss / std::log(2.0)).epsilon(1e-12));
            CHECK(measured["perplexity"].get<double>() == doctest::Approx(std::exp(loss)).epsilon(1e-12));
            CHECK(measured["chars"].get<size_t>() > 0);
        }
    }
}

TEST_CASE("without a split, eval of the whole corpus is the training loss") {
    Directory directory;
    directory.write("corpus.txt", rhyme());
    for (const std::string kind : {"", "--lines"}) {
        nlohmann::json trained =
            directory.mote_ok(words("train corpus.txt -o m.mote --json") + small + words(kind)).json();
        nlohmann::json measured = directory.mote_ok(words("eval m.mote corpus.txt --json")).json();
        CHECK(measured["loss"] == trained["train_loss"]);
    }
}

TEST_CASE("a sample is the prompt and exactly as many further characters, then a newline") {
    Directory directory;
    directory.write("corpus.txt", rhyme());
    directory.mote_ok(words("train corpus.txt -o m.mote") + small);
    for (size_t length : {0u, 1u, 57u}) {
        Arguments sample = words("sample m.mote --prompt the --length " + std::to_string(length));
        std::string text = directory.mote_ok(sample).out;
        CHECK(text.rfind("the", 0) == 0);
        CHECK(text.back() == '\n');
        CHECK(characters(text) == 3 + length + 1);
        CHECK(directory.mote_ok(sample + words("--json")).json()["text"].get<std::string>() + "\n" == text);
    }
    CHECK(characters(directory.mote_ok(words("sample m.mote --length 20")).out) == 21);
}

TEST_CASE("a sample depends on its seed, and at temperature 0 on nothing") {
    Directory directory;
    directory.write("corpus.txt", rhyme());
    directory.mote_ok(words("train corpus.txt -o m.mote") + small);
    auto sample = [&](const char *options) { return directory.mote_ok(words("sample m.mote") + words(options)).out; };
    CHECK(sample("--seed 1") == sample("--seed 1"));
    CHECK(sample("--seed 1") != sample("--seed 2"));
    CHECK(sample("--seed 1 --temperature 0") == sample("--seed 2 --temperature 0"));
    CHECK(sample("--seed 1 --top-k 1") == sample("--temperature 0"));
    CHECK(sample("--seed 3 --count 3").rfind(sample("--seed 3"), 0) == 0);
}

TEST_CASE("a model of items ends a sample at the boundary and never writes it") {
    Directory directory;
    directory.write("corpus.txt", "anna\nbert\ncarl\ndora\nemil\nfritz\n");
    directory.mote_ok(words("train corpus.txt -o m.mote --lines --hidden 16 --batch 1 --time 8 --steps 300 --quiet"));
    std::string many = directory.mote_ok(words("sample m.mote --count 20")).out;
    CHECK(std::count(many.begin(), many.end(), '\n') == 20);
    CHECK(many.size() < 20 * 40);
    std::string capped = directory.mote_ok(words("sample m.mote --length 2 --count 5")).out;
    CHECK(capped.size() <= 5 * 3);
}

TEST_CASE("texts of other scripts are learned, written and scored by character") {
    Directory directory;
    const char *texts[] = {"шла Саша по шоссе и сосала сушку. ", "τὸν δ᾿ ἀπαμειβόμενος προσέφη πόδας ὠκὺς. ",
                           "道可道，非常道。名可名，非常名。", "🐁🐈🐕🐁🐈 e\u0301 \u200D"};
    for (const std::string text : texts) {
        CAPTURE(text);
        std::string corpus;
        for (int i = 0; i < 9; ++i) corpus += text;
        directory.write("corpus.txt", corpus);
        directory.mote_ok(words("train corpus.txt -o m.mote") + small);
        std::string sample = directory.mote_ok(words("sample m.mote --length 40")).out;
        CHECK(characters(sample) == 41);
        nlohmann::json score = directory.mote_ok({"score", "m.mote", text, "--json"}).json();
        CHECK(score["bits"].size() == characters(text));
        CHECK(score["text"] == text);
    }
}

TEST_CASE("the standard input, CR LF and a byte order mark make no difference") {
    Directory directory;
    std::string text = rhyme(), dos = "\xEF\xBB\xBF";
    for (char c : text) dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
    directory.write("corpus.txt", text);
    directory.write("dos.txt", dos);
    directory.mote_ok(words("train corpus.txt -o a.mote") + small);
    directory.mote_ok(words("train dos.txt -o b.mote") + small);
    directory.mote_ok(words("train - -o c.mote") + small, text);
    CHECK(directory.read("a.mote") == directory.read("b.mote"));
    CHECK(directory.read("a.mote") == directory.read("c.mote"));
}

TEST_CASE("a text larger than what is encoded at once keeps every character, wherever the pieces are cut") {
    const Directory directory;
    std::string text = "a"; /* then two bytes a character: each boundary in 4 MiB would cut one */
    while (text.size() < (9u << 20)) text += "é";
    directory.write("large.txt", text);
    directory.mote_ok(words("train large.txt --model bigram --count -o m.mote"));
    const nlohmann::json json = directory.mote_ok(words("eval m.mote large.txt --json")).json();
    CHECK(json.at("chars") == (text.size() - 1) / 2); /* scored: all but the first */
    /* One wrong character, at a cut, would cost a nat or more of a mean of so many. */
    CHECK(json.at("loss").get<double>() * static_cast<double>(text.size() / 2) < 3);
}

TEST_CASE("a built-in name is the built-in corpus, ./name the file") {
    Directory directory;
    directory.write("names", "abcabcabcabcabcabcabcabcabcabcabcabc");
    std::string built_in = directory.mote_ok(words("train names -o a.mote --json") + small).json()["vocab"].dump();
    std::string file = directory.mote_ok(words("train ./names -o b.mote --json") + small).json()["vocab"].dump();
    CHECK(std::stoi(built_in) > 20);
    CHECK(file == "3");
    std::string list = directory.mote_ok(words("corpora")).out;
    CHECK(list.find("names") != std::string::npos);
    CHECK(list.find("rhyme") != std::string::npos);
}

TEST_CASE("score of items counts from the boundary, of a text from its second character") {
    Directory directory;
    directory.write("corpus.txt", rhyme());
    directory.mote_ok(words("train corpus.txt -o text.mote") + small);
    directory.mote_ok(words("train corpus.txt -o items.mote --lines") + small);
    nlohmann::json text = directory.mote_ok(words("score text.mote that --json")).json();
    nlohmann::json items = directory.mote_ok(words("score items.mote that --json")).json();
    CHECK(text["bits"][0].is_null());
    CHECK(items["bits"][0].is_number());
    double sum = 0;
    for (const auto &bits : items["bits"]) sum += bits.get<double>();
    CHECK(items["total_bits"].get<double>() == doctest::Approx(sum));
    CHECK(items["bits_per_char"].get<double>() == doctest::Approx(sum / 4));
}

TEST_CASE("epochs are passes: with one pass of one row a step is a stretch of the text") {
    Directory directory;
    directory.write("corpus.txt", rhyme());
    Arguments train = words("train corpus.txt -o m.mote --hidden 4 --batch 1 --time 10 --epochs 3 --quiet --json");
    size_t passed = rhyme().size() - 1;
    CHECK(directory.mote_ok(train).json()["steps"] == 3 * ((passed + 9) / 10));
}

TEST_CASE("an option overrides the recipe's, wherever it stands") {
    Directory directory;
    Arguments recipe = words("train rhyme -o m.mote --json --quiet --recipe rnn-by-heart --steps 5");
    nlohmann::json plain = directory.mote_ok(recipe).json();
    CHECK(plain["steps"] == 5);
    nlohmann::json wider = directory
                               .mote_ok(words("train --hidden 31 rhyme -o m.mote --json --quiet "
                                              "--recipe=rnn-by-heart --epochs 1"))
                               .json();
    CHECK(wider["params"] > plain["params"]);
    CHECK(wider["steps"] != 5);
}

TEST_CASE("inspect knows what training reported and passes the self-test") {
    Directory directory;
    directory.write("corpus.txt", rhyme());
    Arguments train = words("train corpus.txt -o m.mote --json --embed 5 --layers 2 --checkpoint c.mote") + small;
    nlohmann::json trained = directory.mote_ok(train).json();
    for (const std::string file : {"m.mote", "c.mote"}) {
        nlohmann::json report = directory.mote_ok({"inspect", file, "--json"}).json();
        CHECK(report["weights_hash"] == trained["weights_hash"]);
        CHECK(report["params"] == trained["params"]);
        CHECK(report["selftest"] == true);
        CHECK(report["tensors"].size() == 9);
        CHECK(report["memory"]["training"].size() == 4);
        CHECK(report["checkpoint"] == (std::string(file) == "c.mote"));
    }
    CHECK(directory.mote_ok(words("inspect m.mote")).out.find("weight_hh_l1") != std::string::npos);
}

TEST_CASE("an exported header holds the model, without the trainer of a checkpoint") {
    Directory directory;
    directory.write("corpus.txt", rhyme());
    directory.mote_ok(words("train corpus.txt -o m.mote --checkpoint c.mote") + small);
    std::string model = directory.read("m.mote");
    CHECK(directory.read("c.mote").size() > model.size());
    for (const std::string file : {"m.mote", "c.mote"}) {
        directory.mote_ok({"export", file, "-o", "my-model.h"});
        CHECK(bytes_of(directory.read("my-model.h"), "my_model_blob") == model);
    }
    directory.mote_ok(words("export m.mote -o my-model.h --name other"));
    CHECK(bytes_of(directory.read("my-model.h"), "other_blob") == model);
}

TEST_CASE("help names the commands, help of each and the version are there") {
    Directory directory;
    std::string help = directory.mote_ok({"--help"}).out;
    for (const char *command :
         {"train", "eval", "sample", "score", "complete", "export", "inspect", "recipes", "corpora"}) {
        CHECK(help.find(command) != std::string::npos);
        CHECK(!directory.mote_ok({command, "--help"}).out.empty());
    }
    CHECK(directory.mote_ok({"--version"}).out.rfind("mote ", 0) == 0);
    CHECK(directory.mote_ok({"recipes"}).out.find("--clip-value 5") != std::string::npos);
}
