/* mote train --shards: the weights depend on the number of shards alone; a checkpoint remembers it. */
#include "cli_runner.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

const Arguments shape = words("--hidden 16 --batch 12 --time 7 --seed 11 --quiet --split 80/10/10 --steps 20 --json");

std::string hash(const Directory &directory, const Arguments &arguments) {
    return directory.mote_ok(arguments).json()["weights_hash"];
}

} // namespace

TEST_CASE("one shard is training without the option, others have weights of their own, with any threads") {
    Directory directory;
    const std::string kinds[] = {"train rhyme -o a.mote --optimizer adamw --clip-norm 0.5",
                                 "train names -o a.mote --lines --model mlp --optimizer adagrad --clip-value 0.01",
                                 "train rhyme -o a.mote --model gru --optimizer momentum --order random"};
    for (const std::string &kind : kinds) {
        CAPTURE(kind);
        const std::string plain = hash(directory, words(kind) + shape);
        CHECK(hash(directory, words(kind) + shape + words("--shards 1")) == plain);
        const std::string three = hash(directory, words(kind) + shape + words("--shards 3"));
        CHECK(three != plain);
        CHECK(hash(directory, words(kind) + shape + words("--shards 3 --threads 2")) == three);
        CHECK(hash(directory, words(kind) + shape + words("--shards 3 --isa") + Arguments{least_isa()}) == three);
        CHECK(hash(directory, words(kind) + shape + words("--shards 12")) != three);
    }
}

TEST_CASE("a training in shards that is resumed has the bits of a straight run") {
    Directory directory;
    const Arguments run = words("train rhyme -o a.mote --shards 5 --optimizer adamw --checkpoint");
    const std::string straight = hash(directory, run + words("whole.mote") + shape);
    for (const std::string stop : {"1", "7", "20"}) {
        CAPTURE(stop);
        directory.mote_ok(
            words("train rhyme -o partial.mote --shards 5 --optimizer adamw --checkpoint c.mote --hidden 16 "
                  "--batch 12 --time 7 --seed 11 --quiet --split 80/10/10 --steps") +
            Arguments{stop});
        CHECK(hash(directory, words("train rhyme -o b.mote --resume c.mote --checkpoint c.mote --steps 20 --quiet "
                                    "--json")) == straight);
        CHECK(directory.read("c.mote") == directory.read("whole.mote"));
        CHECK(directory.read("b.mote") == directory.read("a.mote"));
    }
}

TEST_CASE("early stopping, teachers and a base go with shards") {
    Directory directory;
    directory.mote_ok(words("train rhyme -o base.mote --hidden 24") + words("--steps 30 --quiet"));
    const std::string kinds[] = {"--eval-every 5 --patience 2 --lr 0.05", "--teacher base.mote"};
    for (const std::string &kind : kinds) {
        CAPTURE(kind);
        const Arguments run = words("train rhyme -o a.mote --shards 4") + shape + words(kind);
        CHECK(hash(directory, run) == hash(directory, run));
    }
    CHECK(directory.mote(words("train rhyme -o a.mote --base base.mote --learn all --shards 4 --steps 5 --quiet"))
              .exit_code == 0);
}

TEST_CASE("shards that cannot be are refused with advice") {
    Directory directory;
    directory.mote_ok(words("train rhyme -o a.mote --checkpoint c.mote --shards 3") + shape);
    const std::pair<std::string, std::string> refused[] = {
        {"train rhyme -o a.mote --batch 12 --shards 13 --steps 1", "--shards 12 or less"},
        {"train rhyme -o a.mote --shards 0 --steps 1", "--shards"},
        {"train rhyme -o a.mote --shards 4 --quantize 8 --steps 1", "leave --shards out"},
        {"train rhyme -o a.mote --model bigram --count --shards 4", "--shards"},
        {"train rhyme -o a.mote --resume c.mote --shards 4", "--shards cannot be given with --resume"},
        {"train rhyme -o a.mote --base a.mote --learn output --shards 4", "--shards"}};
    for (const auto &[command, advice] : refused) {
        CAPTURE(command);
        const Outcome outcome = directory.mote(words(command));
        CHECK(outcome.exit_code == 2);
        CHECK(outcome.lines_of_err() == 1);
        CHECK(outcome.err.find(advice) != std::string::npos);
    }
    const Outcome resumed = directory.mote(words("train rhyme -o a.mote --resume c.mote --steps 30 --quantize 8"));
    CHECK(resumed.exit_code == 2);
    CHECK(resumed.err.find("--quantize") != std::string::npos);
}
