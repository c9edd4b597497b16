/* The losses that a training ends with: calculated a second time from the model that it saved, to the last bit. */
#include "cli_runner.h"
#include "mote.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

using namespace mote_test;

namespace {

struct Free {
    void operator()(void *memory) const { std::free(memory); }
};

/* Zeroed, and aligned as the library wants it. */
std::unique_ptr<void, Free> aligned(size_t bytes) {
    const size_t whole = (bytes + MOTE_ALIGN - 1) / MOTE_ALIGN * MOTE_ALIGN;
    return std::unique_ptr<void, Free>(std::aligned_alloc(MOTE_ALIGN, whole));
}

/* A saved model that scores one text after the other with mote_score. */
class Saved {
  public:
    explicit Saved(const std::string &bytes) : blob_(aligned(bytes.size())), memory_(aligned(1 << 20)) {
        bytes.copy(static_cast<char *>(blob_.get()), bytes.size());
        mote_arena arena;
        REQUIRE(mote_arena_init(&arena, memory_.get(), 1 << 20) == MOTE_OK);
        REQUIRE(mote_model_open(&model_, &arena, blob_.get(), bytes.size()) == MOTE_OK);
        REQUIRE(mote_state_init(&state_, &arena, model_) == MOTE_OK);
    }

    std::vector<uint16_t> encode(const std::string &text) const {
        mote_vocab vocab;
        REQUIRE(mote_model_vocab(model_, &vocab) == MOTE_OK);
        std::vector<uint16_t> tokens(text.size());
        size_t count = 0;
        REQUIRE(mote_encode(&vocab, text.data(), text.size(), tokens.data(), tokens.size(), &count) == MOTE_OK);
        tokens.resize(count);
        return tokens;
    }

    /* Nats of the tokens from first + 1 to end, read from the zero state, which begins at `first`. */
    double sum(const std::vector<uint16_t> &tokens, size_t first, size_t end) {
        if (first == end) return 0;
        std::vector<float> nats(end - first);
        mote_state_reset(state_);
        REQUIRE(mote_score(state_, tokens.data() + first, end - first + 1, nats.data(), nullptr) == MOTE_OK);
        double sum = 0;
        for (float one : nats) sum += static_cast<double>(one);
        return sum;
    }

    double mean(const std::vector<uint16_t> &tokens, size_t rows) {
        const size_t predicted = tokens.size() - 1;
        double total = 0;
        for (size_t i = 0; i < rows; ++i) total += sum(tokens, predicted * i / rows, predicted * (i + 1) / rows);
        return total / static_cast<double>(predicted);
    }

  private:
    std::unique_ptr<void, Free> blob_, memory_;
    const mote_model *model_ = nullptr;
    mote_state *state_ = nullptr;
};

const std::string verse = "a mote of dust that learns to sing\nof wind and rain and everything\n";

std::string text_of(size_t characters) {
    std::string text;
    for (size_t i = 0; text.size() < characters; ++i) text += verse.substr(i * 7 % verse.size()) + verse;
    return text.substr(0, characters);
}

const char *const models[] = {
    "--model rnn --hidden 20 --time 8", "--model rnn --hidden 20 --embed 5 --layers 2 --time 8",
    "--model mlp --context 5 --hidden 20", "--model bigram", "--model gru --hidden 20 --embed 5 --layers 2 --time 8"};

double loss_of(const Directory &directory, const std::string &options) {
    return directory.mote_ok(words("eval m.mote " + options + " --json")).json()["loss"];
}

} // namespace

TEST_CASE("the train loss is that of 64 rows cut by hand, each read from the zero state") {
    Directory directory;
    for (size_t characters : {9000u, 200u, 65u, 50u}) { /* of the last, some rows are empty */
        const std::string text = text_of(characters);
        directory.write("corpus.txt", text);
        for (const std::string model : models) {
            CAPTURE(characters);
            CAPTURE(model);
            Arguments train = words("train corpus.txt -o m.mote --json --quiet --steps 20 --batch 4 " + model);
            double loss = directory.mote_ok(train).json()["train_loss"];
            Saved saved(directory.read("m.mote"));
            const std::vector<uint16_t> tokens = saved.encode(text);
            CHECK(loss == saved.mean(tokens, 64));
            if (model != "--model bigram") CHECK(loss != saved.mean(tokens, 1));
            const Arguments others = {"--threads 2", "--threads 3 --isa " + least_isa(), "--threads 16"};
            for (const std::string &more : others)
                CHECK(directory.mote_ok(train + words(more)).json()["train_loss"] == loss);
            CHECK(loss_of(directory, "corpus.txt") == loss);
            CHECK(loss_of(directory, "corpus.txt --rows 1") == saved.mean(tokens, 1));
            CHECK(loss_of(directory, "corpus.txt --rows 5") == saved.mean(tokens, 5));
        }
    }
}

TEST_CASE("dev and test losses are those of the parts read once in order, whoever reads beside them") {
    Directory directory;
    const std::string text = text_of(5000);
    directory.write("corpus.txt", text);
    for (const std::string model : models) {
        CAPTURE(model);
        Arguments train =
            words("train corpus.txt -o m.mote --json --quiet --steps 20 --batch 4 --split 70/20/10 " + model);
        nlohmann::json losses = directory.mote_ok(train).json();
        Saved saved(directory.read("m.mote"));
        const std::vector<uint16_t> tokens = saved.encode(text);
        auto part = [&](size_t first, size_t end) {
            return std::vector<uint16_t>(tokens.begin() + static_cast<std::ptrdiff_t>(first),
                                         tokens.begin() + static_cast<std::ptrdiff_t>(end));
        };
        CHECK(losses["train_loss"] == saved.mean(part(0, 3500), 64));
        CHECK(losses["dev_loss"] == saved.mean(part(3500, 4500), 1));
        CHECK(losses["test_loss"] == saved.mean(part(4500, 5000), 1));
        nlohmann::json shared = directory.mote_ok(train + words("--threads 2")).json();
        for (const std::string name : {"train", "dev", "test"}) {
            CHECK(shared[name + "_loss"] == losses[name + "_loss"]);
            CHECK(loss_of(directory, "corpus.txt --split " + name) == losses[name + "_loss"]);
        }
        /* Another text, and a corpus of which only a part was learned, is read in order. */
        CHECK(loss_of(directory, "corpus.txt") == saved.mean(tokens, 1));
        directory.write("other.txt", text.substr(3500, 1000));
        CHECK(loss_of(directory, "other.txt") == losses["dev_loss"]);
    }
}

TEST_CASE("rows of items are cut where they come to be cut, between boundaries or not") {
    Directory directory;
    const std::string text = text_of(3000);
    directory.write("corpus.txt", text);
    for (const std::string model : models) {
        CAPTURE(model);
        Arguments train = words("train corpus.txt --lines -o m.mote --json --quiet --steps 20 --batch 4 " + model);
        double loss = directory.mote_ok(train).json()["train_loss"];
        Saved saved(directory.read("m.mote"));
        std::vector<uint16_t> tokens = saved.encode("\n" + text + "\n");
        auto is_empty_line = [](uint16_t before, uint16_t token) { return before == 0 && token == 0; };
        tokens.erase(std::unique(tokens.begin(), tokens.end(), is_empty_line), tokens.end());
        CHECK(loss == saved.mean(tokens, 64));
        CHECK(loss_of(directory, "corpus.txt") == loss);
    }
}

TEST_CASE("--eval-limit reads the first characters of each part, and says so") {
    Directory directory;
    const std::string text = text_of(4000);
    directory.write("corpus.txt", text);
    for (const std::string lines : {"", "--lines"}) {
        CAPTURE(lines);
        Arguments train = words("train corpus.txt -o m.mote --quiet --hidden 12 --steps 20 --batch 4 --time 8 "
                                "--split 80/10/10 --eval-limit 300 " +
                                lines);
        nlohmann::json json = directory.mote_ok(train + words("--json --checkpoint c.mote")).json();
        CHECK(json["eval_limit"] == 300);
        for (const std::string part : {"train", "dev", "test"}) {
            CAPTURE(part);
            const std::string split = "corpus.txt --split " + part;
            nlohmann::json measured = directory.mote_ok(words("eval m.mote --json --limit 300 " + split)).json();
            CHECK(measured["loss"] == json[part + "_loss"]);
            CHECK(measured["chars"] == 300);
            CHECK(json[part + "_loss"] != loss_of(directory, split));
        }
        CHECK(directory.mote_ok(train).out.find("first 300 characters") != std::string::npos);
        Arguments resume = words("train corpus.txt --resume c.mote -o r.mote --quiet --json --eval-limit 300");
        CHECK(directory.mote_ok(resume).json()["dev_loss"] == json["dev_loss"]);
    }
    Arguments counted = words("train corpus.txt --model bigram --count -o m.mote --quiet --json --eval-limit");
    CHECK(directory.mote_ok(counted + words("1")).json()["eval_limit"] == 1);
    /* More than there is: the whole part. */
    nlohmann::json whole = directory.mote_ok(counted + words("4000000000")).json();
    CHECK(whole["train_loss"] == loss_of(directory, "corpus.txt"));
    CHECK(whole["eval_limit"] == 4000000000u);
}

TEST_CASE("limits and rows that are no number of characters are refused before anything is trained") {
    Directory directory;
    directory.write("corpus.txt", text_of(500));
    for (const std::string bad : {"0", "-1", "1.5", "many", "4294967296"}) {
        CAPTURE(bad);
        Outcome outcome = directory.mote(words("train corpus.txt -o m.mote --eval-limit " + bad));
        CHECK(outcome.exit_code == 2);
        CHECK(outcome.lines_of_err() == 1);
        CHECK(outcome.err.find("--eval-limit " + bad) != std::string::npos);
        CHECK(!directory.has("m.mote"));
    }
    CHECK(directory.mote(words("lr-find corpus.txt --eval-limit 5")).exit_code == 2);
    directory.mote_ok(words("train corpus.txt -o m.mote --quiet --hidden 8 --steps 1"));
    for (const std::string bad : {"--limit 0", "--limit x", "--rows 0", "--rows 4097", "--rows -3"})
        CHECK(directory.mote(words("eval m.mote corpus.txt " + bad)).exit_code == 2);
}
