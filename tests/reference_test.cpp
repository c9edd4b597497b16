/* The reference systems on their real texts, as a user would run them. The texts are not part of the project; where
 * they are not to be found, in the environment variable MOTE_DATA or beside the project, that is said. MOTE_LONG=1 runs
 * what takes minutes. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

using namespace mote_test;

namespace {

/* Empty: not there, which is said. */
std::string data_file(const std::string &name) {
    const char *folder = std::getenv("MOTE_DATA");
    std::string path = std::string(folder != nullptr ? folder : MOTE_DATA_DIR) + "/" + name;
    if (std::filesystem::exists(path)) return std::filesystem::absolute(path).string();
    MESSAGE("SKIPPED: there is no " << path);
    return "";
}

bool asked_for_long() {
    const char *asked = std::getenv("MOTE_LONG");
    return asked != nullptr && std::string(asked) == "1";
}

/* A recipe on its text with the seed that users get, and the range of what the reference reached over its seeds. */
struct Reference {
    std::string text, options, figure;
    double low, high;
};

const std::vector<Reference> references = {
    {"names.txt", "--recipe bigram-counts", "train_loss", 2.45455, 2.45465},
    {"tinyshakespeare.txt", "--recipe bigram-embedding --eval-every 0", "train_loss", 2.553, 2.568},
    {"tinyshakespeare.txt", "--recipe bigram-embedding --eval-every 0", "dev_loss", 2.566, 2.582},
    {"names.txt", "--recipe trigram-mlp", "dev_loss", 2.92, 3.25},
    {"names.txt", "--recipe bengio-mlp", "train_loss", 2.294, 2.309},
    {"names.txt", "--recipe bengio-mlp", "dev_loss", 2.305, 2.320},
    {"quotes.txt", "--recipe charlm", "epoch_loss", 2.86, 2.93},
};
const std::vector<Reference> longer_references = {
    {"names.txt", "--recipe bigram-softmax", "train_loss", 2.4622, 2.4628},
    {"names.txt", "--recipe bengio-mlp-wide", "train_loss", 2.148, 2.175},
    {"names.txt", "--recipe bengio-mlp-wide", "dev_loss", 2.210, 2.228},
};

/* One seed may lie as far outside the range as the range is wide. */
void check_reference(const Reference &reference) {
    std::string text = data_file(reference.text);
    if (text.empty()) return;
    Directory directory;
    CAPTURE(reference.options);
    CAPTURE(reference.figure);
    Arguments train = {"train", text, "-o", "m.mote", "--json", "--quiet"};
    double reached = directory.mote_ok(train + words(reference.options)).json()[reference.figure];
    double width = reference.high - reference.low;
    MESSAGE(reference.options << ": " << reference.figure << " " << reached);
    CHECK(reached > reference.low - width);
    CHECK(reached < reference.high + width);
}

double smoothed_loss(const Directory &directory, const std::string &poem, int seed, const char *steps) {
    Arguments train = {"train",  poem,      "--recipe", "rnn-by-heart",       "-o",      "poem.mote",
                       "--json", "--quiet", "--seed",   std::to_string(seed), "--steps", steps};
    return directory.mote_ok(train).json()["smoothed_loss"];
}

} // namespace

/* From seed to seed the losses have a heavy tail, in min-char-rnn written in NumPy too, which reaches 0.03 … 0.47 after
 * 10,000 steps over eight seeds and 0.004 … 0.02 after 50,000; and a rounding anywhere makes another seed of each. So
 * the bounds are wide, and that every seed has learned the poem by heart is what counts. */
TEST_CASE("rnn-by-heart comes near to what min-char-rnn reaches on the poem, and recites it with every seed") {
    std::string poem = data_file("poem.txt");
    if (poem.empty()) return;
    Directory directory;
    double mean = 0;
    for (int seed = 1; seed <= 5; ++seed) {
        double early = smoothed_loss(directory, poem, seed, "10000"),
               late = smoothed_loss(directory, poem, seed, "50000");
        MESSAGE("seed " << seed << ": " << early << " after 10,000 steps, " << late << " after 50,000");
        CHECK(early > 0.022);
        CHECK(early < 0.47);
        CHECK(late > 0.004);
        CHECK(late < 0.02);
        mean += late / 5;
        Outcome recited = directory.mote_ok(words("sample poem.mote --prompt T --length 110 --temperature 0"));
        CHECK(recited.out == read_file(poem) + "\n");
    }
    CHECK(mean < 0.015);
}

TEST_CASE("the recipes reach what the reference systems reached") {
    for (const Reference &reference : references) check_reference(reference);
}

TEST_CASE("the longer recipes reach what the reference systems reached") {
    if (!asked_for_long()) {
        MESSAGE("SKIPPED: takes half a minute, MOTE_LONG=1 runs it");
        return;
    }
    for (const Reference &reference : longer_references) check_reference(reference);
}

TEST_CASE("a quotation is learned by heart in fifty epochs") {
    std::string text = data_file("quotes.txt");
    if (text.empty()) return;
    Directory directory;
    nlohmann::json json =
        directory.mote_ok({"train", text, "--recipe", "charlm", "--epochs", "50", "-o", "m.mote", "--json", "--quiet"})
            .json();
    CHECK(json["params"] == 54560);
    CHECK(json["epoch_loss"].get<double>() < 0.03);
}

TEST_CASE("a learning rate for the Bengio MLP on names is found where its author found it") {
    std::string text = data_file("names.txt");
    if (text.empty()) return;
    Directory directory;
    for (int seed = 1; seed <= 3; ++seed) {
        Arguments find = {"lr-find", text,      "--recipe", "bengio-mlp",
                          "--json",  "--quiet", "--seed",   std::to_string(seed)};
        double rate = directory.mote_ok(find).json()["rate"];
        CHECK(rate > 0.05);
        CHECK(rate < 0.4);
    }
}

namespace {

/* A recipe on names.txt: its dev loss after a tenth of its steps, and after all of them, is at most so much. */
struct OwnRecipe {
    std::string name, tenth;
    double early, late;
};

} // namespace

/* The full recipes reach 1.97, and take more time than a short test has. */
TEST_CASE("names-best and names-gru beat the references in a tenth of their steps already") {
    std::string text = data_file("names.txt");
    if (text.empty()) return;
    Directory directory;
    for (const OwnRecipe &recipe :
         {OwnRecipe{"names-best", "--steps 400", 2.2, 2.05}, OwnRecipe{"names-gru", "--steps 800", 2.2, 2.0}}) {
        Arguments train = {"train", text, "--recipe", recipe.name, "-o", "m.mote", "--json", "--quiet"};
        Outcome trained = directory.mote_ok(train + words(asked_for_long() ? "" : recipe.tenth));
        double loss = trained.json()["dev_loss"];
        MESSAGE(recipe.name << ": dev loss " << loss);
        CHECK(loss <= (asked_for_long() ? recipe.late : recipe.early));
    }
}

/* shakespeare-best has 230,465 parameters and reaches 1.576. */
TEST_CASE("shakespeare-gru is as good as shakespeare-best with three fifths of its parameters") {
    if (!asked_for_long()) {
        MESSAGE("SKIPPED: takes a minute, MOTE_LONG=1 runs it");
        return;
    }
    std::string text = data_file("tinyshakespeare.txt");
    if (text.empty()) return;
    Directory directory;
    Arguments train = {"train", text, "--recipe", "shakespeare-gru", "-o", "s.mote", "--json", "--quiet"};
    nlohmann::json json = directory.mote_ok(train).json();
    MESSAGE("dev loss " << json["dev_loss"]);
    CHECK(json["params"].get<double>() <= 0.6 * 230465);
    CHECK(json["dev_loss"].get<double>() <= 1.576);
}

TEST_CASE("tinyshakespeare at scale reaches 1.76 nats a character") {
    if (!asked_for_long()) {
        MESSAGE("SKIPPED: takes a minute, MOTE_LONG=1 runs it");
        return;
    }
    std::string text = data_file("tinyshakespeare.txt");
    if (text.empty()) return;
    Directory directory;
    Arguments train = {"train", text, "-o", "s.mote", "--json", "--quiet"};
    Outcome trained = directory.mote_ok(train + words("--model rnn --hidden 256 --batch 32 --time 64 --steps 3000 "
                                                      "--optimizer adamw --lr 0.002 --clip-norm 1 --split 90/10"));
    double loss = trained.json()["dev_loss"];
    MESSAGE("dev loss " << loss);
    CHECK(loss <= 1.76);
    Outcome measured = directory.mote_ok({"eval", "s.mote", text, "--split", "dev", "--json"});
    CHECK(measured.json()["loss"].get<double>() == loss);
}
