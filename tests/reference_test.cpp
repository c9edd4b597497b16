/* The reference systems on their real texts, as a user would run them. The texts are no part of the project; where they
 * are not to be found, in the environment variable MOTE_DATA or beside the project, that is said. MOTE_LONG=1 runs what
 * takes minutes. */
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

double smoothed_loss(const Directory &directory, const std::string &poem, int seed, const char *steps) {
    Arguments train = {"train",  poem,      "--recipe", "rnn-by-heart",       "-o",      "poem.mote",
                       "--json", "--quiet", "--seed",   std::to_string(seed), "--steps", steps};
    return directory.mote_ok(train).json()["smoothed_loss"];
}

} // namespace

/* Others reached 0.022 … 0.057 after 10,000 steps and 0.004 … 0.009 after 50,000 with their few seeds. Over many seeds
 * the losses have a heavy tail, in min-char-rnn written in NumPy too (0.03 … 0.47 after 10,000 over eight), so that
 * only the seed that users get is held to the range; that every seed learns the poem, all of them. */
TEST_CASE("rnn-by-heart reaches what min-char-rnn reaches on the poem, and recites it with every seed") {
    std::string poem = data_file("poem.txt");
    if (poem.empty()) return;
    Directory directory;
    double early = smoothed_loss(directory, poem, 1, "10000");
    CHECK(early > 0.022);
    CHECK(early < 0.057);
    for (int seed = 1; seed <= 5; ++seed) {
        double late = smoothed_loss(directory, poem, seed, "50000");
        MESSAGE("seed " << seed << ": " << late);
        CHECK(late > 0.004);
        CHECK(late < (seed == 1 ? 0.009 : 0.02));
        Outcome recited = directory.mote_ok(words("sample poem.mote --prompt T --length 110 --temperature 0"));
        CHECK(recited.out == read_file(poem) + "\n");
    }
}

TEST_CASE("tinyshakespeare at scale reaches 1.76 nats a character") {
    const char *asked = std::getenv("MOTE_LONG");
    if (asked == nullptr || std::string(asked) != "1") {
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
