/* mote train --teacher: learning from another model beside the text. */
#include "cli_runner.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

const std::string student =
    "train few.txt --model rnn --hidden 48 --lines --split 80/20 --batch 16 --time 16 --lr 0.005 "
    "--quiet --json ";

/* A corpus so small that it is soon known by heart, and a model of it that has stopped before. */
void make_teacher(const Directory &directory) {
    directory.mote_ok(words("train names --lines --hidden 32 --steps 600 --quiet -o names.mote"));
    directory.write("few.txt", directory.mote_ok(words("sample names.mote --count 500")).out);
    directory.mote_ok(words(student + "--steps 150 -o teacher.mote"));
}

std::string hash_of(const Directory &directory, const std::string &options) {
    return directory.mote_ok(words(student + options)).json()["weights_hash"];
}

void check_refused(const Directory &directory, const std::string &arguments, int code, const std::string &reason) {
    CAPTURE(arguments);
    const std::vector<std::string> before = directory.names();
    const Outcome outcome = directory.mote(words(arguments));
    CHECK(outcome.exit_code == code);
    CHECK(outcome.lines_of_err() == 1);
    CAPTURE(outcome.err);
    CHECK(outcome.err.find(reason) != std::string::npos);
    CHECK(directory.names() == before);
}

} // namespace

TEST_CASE("command line: train --teacher keeps a student from learning a small text by heart") {
    const Directory directory;
    make_teacher(directory);
    auto dev_loss = [&](const std::string &options) {
        return directory.mote_ok(words(student + "--steps 1500 -o student.mote " + options))
            .json()["dev_loss"]
            .get<double>();
    };
    const double alone = dev_loss(""), taught = dev_loss("--teacher teacher.mote");
    MESSAGE("dev loss of the text alone ", alone, ", with a teacher ", taught);
    CHECK(taught < alone - 0.2);
}

TEST_CASE("command line: train --teacher has the same bits for any number of threads and after a resume") {
    const Directory directory;
    make_teacher(directory);
    for (const std::string order : {"stream", "random", "shuffled"}) {
        CAPTURE(order);
        const std::string options = "--state reset --order " + order + " --teacher teacher.mote --teacher-share 0.7 ";
        const std::string straight = hash_of(directory, options + "--steps 160 -o a.mote");
        CHECK(straight != hash_of(directory, "--state reset --order " + order + " --steps 160 -o b.mote"));
        CHECK(straight == hash_of(directory, options + "--steps 160 --threads 3 -o b.mote"));
        hash_of(directory, options + "--steps 75 --checkpoint half.checkpoint -o b.mote");
        const Outcome resumed = directory.mote_ok(words("train few.txt --resume half.checkpoint --steps 160 --teacher "
                                                        "teacher.mote --quiet --json -o b.mote"));
        CHECK(straight == resumed.json()["weights_hash"]);
    }
}

TEST_CASE("command line: train --teacher takes several models, and a text that is not cut into lines") {
    const Directory directory;
    make_teacher(directory);
    directory.mote_ok(words(student + "--steps 300 --hidden 24 -o other.mote"));
    const std::string both = "--steps 40 -o a.mote --teacher teacher.mote --teacher other.mote",
                      other_order = "--steps 40 -o b.mote --teacher other.mote --teacher teacher.mote";
    CHECK(hash_of(directory, both) != hash_of(directory, other_order));

    const std::string mlp =
        "--model mlp --context 2 --embed 4 --time 1 --batch 64 --epochs 3 -o c.mote --teacher teacher.mote ";
    CHECK(hash_of(directory, mlp + "--teacher other.mote") != hash_of(directory, mlp + "--teacher teacher.mote"));

    const std::string text = "train rhyme --split 90/10 --hidden 16 --quiet --json --steps 30 ";
    directory.mote_ok(words(text + "-o rhyme.mote"));
    const Outcome taught = directory.mote_ok(words(text + "--teacher rhyme.mote -o taught.mote"));
    CHECK(taught.json()["weights_hash"] != directory.mote_ok(words(text + "-o alone.mote")).json()["weights_hash"]);
    CHECK(taught.err.empty());
}

TEST_CASE("command line: train --teacher tells of a teacher that may know the dev part") {
    const Directory directory;
    make_teacher(directory);
    const Outcome outcome = directory.mote_ok(words("train few.txt --lines --split 80/20 --seed 2 --steps 3 --teacher "
                                                    "teacher.mote -o a.mote"));
    CHECK(outcome.err.find("was not trained with this --split and --seed") != std::string::npos);
}

TEST_CASE("command line: train --teacher is refused where it cannot be followed") {
    const Directory directory;
    make_teacher(directory);
    directory.mote_ok(words("train names --hidden 8 --steps 1 --quiet --no-lines -o text.mote"));
    hash_of(directory, "--steps 3 --checkpoint taught.checkpoint --teacher teacher.mote -o a.mote");
    hash_of(directory, "--steps 3 --checkpoint alone.checkpoint -o a.mote");
    check_refused(directory, student + "-o b.mote --teacher text.mote", 1,
                  "--teacher text.mote: knows other characters");
    check_refused(directory, student + "-o b.mote --teacher few.txt", 1, "few.txt: not a mote model");
    check_refused(directory, student + "-o b.mote --teacher missing.mote", 1, "missing.mote");
    check_refused(directory, student + "-o b.mote --teacher-share 0.5", 2, "--teacher");
    check_refused(directory, student + "-o b.mote --teacher teacher.mote --teacher-share 1.5", 2, "--teacher-share");
    check_refused(directory, student + "-o teacher.mote --teacher teacher.mote", 2, "is a --teacher");
    const std::string resume = "train few.txt --steps 9 --quiet -o b.mote --resume ";
    check_refused(directory, resume + "taught.checkpoint", 2, "give the same again");
    check_refused(directory, resume + "taught.checkpoint --teacher a.mote", 2, "give the same again");
    check_refused(directory, resume + "taught.checkpoint --teacher teacher.mote --teacher-share 0.4", 2,
                  "give the same again");
    check_refused(directory, resume + "alone.checkpoint --teacher teacher.mote", 2, "leave the option out");
    /* A training that goes on with weights of integers begins anew, with a teacher too. */
    directory.mote_ok(words(resume + "alone.checkpoint --teacher teacher.mote --quantize 8"));
    hash_of(directory, "--steps 3 --quantize 8 --checkpoint integers.checkpoint -o a.mote");
    check_refused(directory, resume + "integers.checkpoint --quantize 8 --teacher teacher.mote", 2,
                  "leave the option out");
}
