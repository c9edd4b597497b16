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

/* What others reached over some seeds. */
struct Reached {
    double low, high;
    double width() const { return high - low; }
};

/* The mean over five seeds in the range widened by half its width, each seed within twice that. */
void check_reached(const std::vector<double> &losses, Reached reached) {
    double sum = 0;
    for (double loss : losses) {
        CHECK(loss > reached.low - reached.width());
        CHECK(loss < reached.high + reached.width());
        sum += loss;
    }
    double mean = sum / static_cast<double>(losses.size());
    MESSAGE("mean " << mean << ", others reached " << reached.low << " … " << reached.high);
    CHECK(mean > reached.low - reached.width() / 4);
    CHECK(mean < reached.high + reached.width() / 4);
}

} // namespace

TEST_CASE("rnn-by-heart reaches what min-char-rnn reaches on the poem, and recites it") {
    std::string poem = data_file("poem.txt");
    if (poem.empty()) return;
    Directory directory;
    std::vector<double> early, late;
    for (int seed = 1; seed <= 5; ++seed) {
        early.push_back(smoothed_loss(directory, poem, seed, "10000"));
        late.push_back(smoothed_loss(directory, poem, seed, "50000"));
        Outcome recited = directory.mote_ok(words("sample poem.mote --prompt T --length 110 --temperature 0"));
        CHECK(recited.out == read_file(poem) + "\n");
    }
    check_reached(early, {0.022, 0.057});
    check_reached(late, {0.004, 0.009});
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
