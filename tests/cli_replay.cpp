/* mote replay: a checkpoint that follows from an earlier one does so anywhere; one that does not is found out. */
#include "cli_runner.h"

#include "changed_byte.h"

#include <doctest/doctest.h>

#include <cstring>

using namespace mote_test;

namespace {

constexpr size_t crc_at = 12, vocab_at = 24, section_count_at = 48, table_at = 128;

uint32_t number_at(const std::string &blob, size_t at) {
    uint32_t number = 0;
    std::memcpy(&number, blob.data() + at, sizeof number);
    return number;
}

/* The place of a section in the table of sections. */
size_t entry_of(const std::string &blob, const std::string &id) {
    for (uint32_t i = 0; i < number_at(blob, section_count_at); ++i)
        if (blob.compare(table_at + 16 * i, 4, id) == 0) return table_at + 16 * i;
    FAIL("no section " << id);
    return 0;
}

struct Trainings : Directory {
    /* A training of so many steps from the beginning. */
    void begin(const std::string &name, int steps, const std::string &options) const {
        mote_ok(
            words("train -o model --quiet --steps " + std::to_string(steps) + " --checkpoint " + name + " " + options));
    }
    void go_on(const std::string &from, const std::string &name, int steps, const std::string &options) const {
        mote_ok(words("train -o model --quiet --resume " + from + " --steps " + std::to_string(steps) +
                      " --checkpoint " + name + " " + options));
    }
    nlohmann::json follows(const std::string &before, const std::string &after, const std::string &options) const {
        const nlohmann::json json =
            mote_ok(words("replay " + before + " " + after + " --json --quiet " + options)).json();
        CHECK(json["follows"] == true);
        CHECK(json["weights_hash"] == mote_ok(words("inspect " + after + " --json")).json()["weights_hash"]);
        return json;
    }
    nlohmann::json differs(const std::string &before, const std::string &after, const std::string &options,
                           const std::vector<std::string> &reasons) const {
        const Outcome outcome = mote(words("replay " + before + " " + after + " --json --quiet " + options));
        CAPTURE(outcome.err);
        CHECK(outcome.exit_code == 1);
        CHECK(outcome.lines_of_err() == 1);
        CHECK(outcome.err.find(after + ": does not follow from " + before) != std::string::npos);
        for (const std::string &reason : reasons) CHECK(outcome.err.find(reason) != std::string::npos);
        CHECK(outcome.json()["follows"] == false);
        return outcome.json();
    }
    void check_refused(const std::string &arguments, int code, const std::vector<std::string> &reasons) const {
        CAPTURE(arguments);
        const Outcome outcome = mote(words("replay " + arguments + " --quiet"));
        CAPTURE(outcome.err);
        CHECK(outcome.exit_code == code);
        CHECK(outcome.lines_of_err() == 1);
        CHECK(outcome.err.find("does not follow") == std::string::npos);
        for (const std::string &reason : reasons) CHECK(outcome.err.find(reason) != std::string::npos);
    }
    /* A copy whose byte, of a section, has one bit changed, and its checksum made right. */
    void tamper(const std::string &name, const std::string &made, const std::string &section, size_t at,
                unsigned bit) const {
        std::string blob = read(name);
        const size_t place = number_at(blob, entry_of(blob, section) + 8) + at;
        blob[place] = static_cast<char>(static_cast<unsigned char>(blob[place]) ^ bit);
        write_right(made, blob);
    }
    /* A copy as a program writes it that knows of no chains. */
    void without_chain(const std::string &name, const std::string &made) const {
        std::string blob = read(name);
        blob.replace(entry_of(blob, "chn1"), 4, "xchn");
        write_right(made, blob);
    }

  private:
    void write_right(const std::string &name, std::string blob) const {
        const uint32_t crc =
            mote::cli::blob_checksum(reinterpret_cast<const unsigned char *>(blob.data()), blob.size());
        std::memcpy(blob.data() + crc_at, &crc, sizeof crc);
        write(name, blob);
    }
};

const std::string replayed_shape = "--hidden 12 --batch 3 --time 7 --seed 11";

} // namespace

TEST_CASE("a checkpoint follows from an earlier one, with any instruction set and threads") {
    for (const std::string kind :
         {"rhyme --optimizer adagrad --lr 0.1", "rhyme --clip-norm 0 --optimizer sgd", "rhyme --model gru --embed 4",
          "rhyme --model mlp --context 3", "rhyme --optimizer momentum --order random", "rhyme --quantize 8",
          "names --lines --shards 3 --optimizer adamw --split 80/10/10 --eval-every 4 --patience 9",
          "names --lines --schedule step --period 5 --warmup 3 --split 80/10/10 --eval-every 4 --patience 9"}) {
        CAPTURE(kind);
        const Trainings trainings;
        const std::string corpus = words(kind)[0];
        trainings.begin("c9", 9, kind + " " + replayed_shape);
        trainings.go_on("c9", "c30", 30, corpus);
        trainings.begin("straight", 30, kind + " " + replayed_shape);
        for (const std::string after : {"c30", "straight"})
            for (const std::string &options : {std::string(), " --threads 2 --isa " + least_isa()}) {
                const nlohmann::json json = trainings.follows("c9", after, "--data " + corpus + options);
                CHECK(json["chain"] == true);
                CHECK(json["from"] == 9);
                CHECK(json["to"] == 30);
                CHECK(json["links"] == 21);
            }
        CHECK(trainings.follows("c30", "straight", "--data " + corpus)["links"] == 0);
        const Outcome outcome = trainings.mote_ok(words("replay c9 c30 --data " + corpus));
        CHECK(outcome.out.find("c30 follows from c9: 21 steps, from 9 to 30, with the same chain") == 0);
    }
}

TEST_CASE("a checkpoint follows from the model that it began with") {
    const Trainings trainings;
    trainings.begin("before", 20, "names --lines " + replayed_shape);
    trainings.mote_ok({"average", "before", "-o", "base"});
    for (const std::string kind :
         {"--optimizer adagrad --lr 0.1 --batch 4", "--schedule cosine --warmup 4 --time 9 --loss sum --clip-value 2",
          "--order shuffled --optimizer momentum --shards 2",
          "--split 80/10/10 --eval-every 5 --patience 1 --seed 9 --lr 0.5"}) {
        CAPTURE(kind);
        trainings.begin("after", 25, "names --base base " + kind);
        const nlohmann::json json = trainings.follows("base", "after", "--data names --isa " + least_isa());
        CHECK(json["from"] == 0);
        CHECK(json["links"] == json["to"]);
    }
    trainings.begin("other", 21, "names --lines " + replayed_shape);
    trainings.differs("other", "after", "--data names", {"step 1 is the first that differs"});
    trainings.tamper("base", "wrong", "DATA", 2, 1);
    CHECK(trainings.differs("wrong", "after", "--data names", {"step 1 is"})["first_different_step"] ==
          nlohmann::json({1, 1}));
}

TEST_CASE("what was changed in a checkpoint after its last step is named") {
    const Trainings trainings;
    trainings.begin("c9", 9, "rhyme " + replayed_shape);
    trainings.begin("c20", 20, "rhyme " + replayed_shape);
    const size_t moments = 128 + 64 * 3; /* behind the settings and a panel of three rows */
    const struct {
        std::string section;
        size_t at;
        std::string what;
    } places[] = {{"DATA", 1, "these differ: the weights (hash "},
                  {"TRNR", 60, "the trainer's settings"},
                  {"TRNR", 129, "these differ: the hidden state"},
                  {"TRNR", moments + 1, "these differ: the moments"},
                  {"run1", 48, "these differ: the record of the run"}};
    for (const auto &place : places) {
        CAPTURE(place.what);
        trainings.tamper("c20", "changed", place.section, place.at, 1);
        const nlohmann::json json =
            trainings.differs("c9", "changed", "--data rhyme", {"all 11 steps are the same", place.what});
        CHECK(json["links"] == 11);
        CHECK_FALSE(json.contains("first_different_step"));
    }
    /* Of the chain itself, the value after step 15. */
    trainings.tamper("c20", "changed", "chn1", 8 * (4 + 14), 1);
    trainings.differs("c9", "changed", "--data rhyme", {"step 15 is the first that differs"});
    trainings.tamper("c20", "changed", "chn1", 0, 1);
    trainings.check_refused("c9 changed --data rhyme", 1, {"changed: its chain of steps is not one"});
    /* What later steps depend on: shards, and what 127 stands for. */
    trainings.begin("s9", 9, "rhyme --shards 3 " + replayed_shape);
    trainings.begin("s20", 20, "rhyme --shards 3 " + replayed_shape);
    trainings.tamper("s20", "changed", "shrd", 0, 1);
    trainings.differs("s9", "changed", "--data rhyme", {"these differ: the number of shards", "--shards"});
    trainings.begin("r5", 5, "rhyme --activation relu " + replayed_shape);
    trainings.go_on("r5", "r9", 9, "rhyme --quantize 8");
    trainings.go_on("r9", "r20", 20, "rhyme");
    trainings.tamper("r20", "changed", "relu", 1, 1);
    trainings.differs("r9", "changed", "--data rhyme", {"these differ: the activations that 127 stands for"});
}

TEST_CASE("the first step that differs is named") {
    const Trainings trainings;
    trainings.begin("c5", 5, "rhyme " + replayed_shape);
    trainings.begin("c10", 10, "rhyme " + replayed_shape);
    /* Somebody changed a weight after step 10 and went on. */
    trainings.tamper("c10", "changed", "DATA", 2, 32);
    trainings.go_on("changed", "after", 30, "rhyme");
    const nlohmann::json json = trainings.differs("c5", "after", "--data rhyme", {"step 11 is the first that differs"});
    CHECK(json["first_different_step"] == nlohmann::json({11, 11}));
    CHECK(json["links"] == 5);
    trainings.follows("changed", "after", "--data rhyme");
    /* Another learning rate, with weights of integers, after step 10. */
    trainings.go_on("c10", "after", 30, "rhyme --quantize 8 --lr 0.01");
    trainings.differs("c5", "after", "--data rhyme",
                      {"step 11 is the first that differs", "learned with another --lr, --schedule", "--quantize"});
    trainings.follows("c10", "after", "--data rhyme");
    trainings.go_on("after", "further", 40, "rhyme");
    trainings.follows("c10", "further", "--data rhyme");
    trainings.follows("after", "further", "--data rhyme");
}

TEST_CASE("of two chains that differ from an earlier step on, nothing is learned again") {
    const Trainings trainings;
    trainings.begin("c20", 20, "rhyme " + replayed_shape);
    trainings.begin("c10", 10, "rhyme " + replayed_shape);
    trainings.tamper("c10", "changed", "DATA", 2, 32);
    trainings.go_on("changed", "other", 18, "rhyme");
    const nlohmann::json json = trainings.differs(
        "other", "c20", "--data rhyme", {"step 11 is the first that differs, before step 18, at which other is"});
    CHECK(json["links"] == 0);
}

TEST_CASE("of more than 65,536 steps two are named, and checkpoints stay small") {
    const Trainings trainings;
    const std::string tiny = "rhyme --hidden 2 --batch 1 --time 2 --seed 3";
    trainings.begin("c65000", 65000, tiny);
    trainings.begin("c65800", 65800, tiny);
    const size_t bias =
        number_at(trainings.read("c65800"), vocab_at) * 64 + 128; /* behind the two matrices before it */
    trainings.tamper("c65800", "changed", "DATA", bias + 2, 32);
    trainings.go_on("changed", "after", 66000, "rhyme");
    CHECK(trainings.read("after").size() < trainings.read("c65000").size());
    trainings.differs("c65000", "after", "--data rhyme", {"the first step that differs is one of 65801 to 65802"});
    trainings.go_on("c65800", "after", 66001, "rhyme");
    CHECK(trainings.follows("c65000", "after", "--data rhyme")["links"] == 501);
}

TEST_CASE("a checkpoint without a chain goes on, and is compared at its end") {
    const Trainings trainings;
    trainings.begin("c9", 9, "rhyme " + replayed_shape);
    trainings.go_on("c9", "c20", 20, "rhyme");
    trainings.without_chain("c9", "old9");
    trainings.without_chain("c20", "old20");
    for (const std::string before : {"c9", "old9"})
        CHECK(trainings.follows(before, "old20", "--data rhyme")["chain"] == false);
    const Outcome outcome = trainings.mote_ok(words("replay c9 old20 --data rhyme --quiet"));
    CHECK(outcome.out.find("old20 has no chain of these steps, so that only its end was compared") !=
          std::string::npos);
    trainings.tamper("old20", "changed", "DATA", 1, 1);
    trainings.differs("c9", "changed", "--data rhyme", {"after the last step these differ: the weights"});
    /* A chain begins where the checkpoint was; before that nothing is compared. */
    trainings.go_on("old9", "later", 20, "rhyme");
    CHECK(trainings.read("later") != trainings.read("c20"));
    CHECK(trainings.follows("c9", "later", "--data rhyme")["links"] == 11);
    trainings.begin("c4", 4, "rhyme " + replayed_shape);
    CHECK(trainings.follows("c4", "later", "--data rhyme")["links"] == 11);
    /* The other way round, the recorded value after step 9 is taken as it is. */
    CHECK(trainings.follows("old9", "c20", "--data rhyme")["links"] == 11);
}

TEST_CASE("teachers are those of the training") {
    const Trainings trainings;
    trainings.begin("teacher", 30, "rhyme " + replayed_shape);
    trainings.begin("c9", 9, "rhyme --teacher teacher --teacher-share 0.3 " + replayed_shape);
    trainings.go_on("c9", "c20", 20, "rhyme --teacher teacher");
    trainings.follows("c9", "c20", "--data rhyme --teacher teacher");
    trainings.check_refused("c9 c20 --data rhyme", 1, {"c20: learned from 1 --teacher"});
    trainings.check_refused("teacher teacher --data rhyme --teacher teacher", 1,
                            {"teacher: learned from its text alone"});
}

TEST_CASE("what cannot be compared is refused in a line") {
    const Trainings trainings;
    trainings.begin("c9", 9, "rhyme " + replayed_shape);
    trainings.begin("c20", 20, "rhyme " + replayed_shape);
    trainings.check_refused("c9 c20 --data names", 1, {"names: not the corpus that c20 learned from"});
    trainings.check_refused("c20 c9 --data rhyme", 1, {"c9: is at step 9, before c20 at step 20"});
    trainings.check_refused("c9 model --data rhyme", 1, {"model: not a checkpoint"});
    trainings.check_refused("c9 none --data rhyme", 1, {"none"});
    trainings.check_refused("c9 c20", 2, {"--data"});
    trainings.begin("wider", 9, "rhyme --hidden 13 --batch 3 --time 7");
    trainings.check_refused("wider c20 --data rhyme", 1, {"c20: is another model than wider", "--hidden 12"});
    trainings.mote_ok(words("train rhyme --base model --learn output --steps 3 -o adapter --quiet"));
    trainings.check_refused("c9 adapter --data rhyme", 1, {"adapter: an adapter"});
    /* A chain that no program wrote: links of more steps than there were. */
    trainings.tamper("c20", "changed", "chn1", 16, 1);
    trainings.check_refused("c9 changed --data rhyme", 1, {"changed: its chain of steps is not one"});
    trainings.tamper("c20", "changed", "chn1", 24, 2);
    trainings.check_refused("c9 changed --data rhyme", 1, {"changed: its chain of steps is not one"});
    const Outcome resumed = trainings.mote(words("train rhyme --resume changed -o M --quiet"));
    CHECK(resumed.exit_code == 1);
    CHECK(resumed.err.find("its chain of steps is not one") != std::string::npos);
}
