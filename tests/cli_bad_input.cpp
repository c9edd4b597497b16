/* Bad input: one clear line that says what and where, the right exit code, and no file left behind. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <unistd.h>

using namespace mote_test;

namespace {

struct Bad {
    Arguments arguments;
    int exit_code;
    std::vector<std::string> mentions;
};

const std::vector<Bad> bad_arguments = {
    {{}, 2, {"--help"}},
    {words("frobnicate"), 2, {"frobnicate"}},
    {words("--frobnicate"), 2, {"--frobnicate"}},
    {words("train good.txt"), 2, {"--output"}},
    {words("train -o m.mote"), 2, {"CORPUS"}},
    {words("train good.txt -o m.mote --frobnicate"), 2, {"--frobnicate"}},
    {words("train good.txt -o m.mote --hidden"), 2, {"--hidden"}},
    {words("train good.txt -o m.mote --hidden 0"), 2, {"--hidden", "0", "from 1"}},
    {words("train good.txt -o m.mote --hidden -5"), 2, {"--hidden", "-5"}},
    {words("train good.txt -o m.mote --hidden 12x"), 2, {"--hidden", "12x"}},
    {words("train good.txt -o m.mote --hidden 1e3"), 2, {"--hidden", "1e3"}},
    {words("train good.txt -o m.mote --hidden 99999999999999999999"), 2, {"--hidden"}},
    {{"train", "good.txt", "-o", "m.mote", "--hidden", ""}, 2, {"--hidden"}},
    {words("train good.txt -o m.mote --hidden 65536"), 2, {"--hidden", "4 GiB"}},
    {words("train good.txt -o m.mote --layers 17"), 2, {"--layers", "16"}},
    {words("train good.txt -o m.mote --lr nan"), 2, {"--lr", "nan"}},
    {words("train good.txt -o m.mote --lr inf"), 2, {"--lr", "inf"}},
    {words("train good.txt -o m.mote --lr 0"), 2, {"--lr"}},
    {words("train good.txt -o m.mote --lr=-0.1"), 2, {"--lr", "-0.1"}},
    {words("train good.txt -o m.mote --lr 1e-30"), 2, {"--lr"}},
    {words("train good.txt -o m.mote --beta1 1"), 2, {"--beta1", "below 1"}},
    {words("train good.txt -o m.mote --momentum 1"), 2, {"--momentum", "below 1"}},
    {words("train good.txt -o m.mote --eps 0"), 2, {"--eps"}},
    {words("train good.txt -o m.mote --decay 60000"), 2, {"--decay"}},
    {words("train good.txt -o m.mote --clip-norm -1"), 2, {"--clip-norm"}},
    {words("train good.txt -o m.mote --split 80/30"), 2, {"--split", "80/30", "100"}},
    {words("train good.txt -o m.mote --split 0/100"), 2, {"--split"}},
    {words("train good.txt -o m.mote --split 50/25/25/0"), 2, {"--split"}},
    {words("train good.txt -o m.mote --split 4294967295/1/100"), 2, {"--split"}},
    {words("train good.txt -o m.mote --split a/b"), 2, {"--split", "a/b"}},
    {words("train good.txt -o m.mote --steps -1"), 2, {"--steps"}},
    {words("train good.txt -o m.mote --model bigram --hidden 3"), 2, {"--hidden", "bigram"}},
    {words("train good.txt -o m.mote --model rnn --context 3"), 2, {"--context", "mlp"}},
    {words("train good.txt -o m.mote --model gru --activation relu"), 2, {"--activation", "gru", "tanh"}},
    {words("train good.txt -o m.mote --model gru --context 3"), 2, {"--context", "mlp"}},
    {words("train good.txt -o m.mote --model mlp --context 0"), 2, {"--context"}},
    {words("train good.txt -o m.mote --model mlp --embed 0"), 2, {"--embed", "mlp"}},
    {words("train good.txt -o m.mote --count"), 2, {"--count", "bigram"}},
    {words("train good.txt -o m.mote --model bigram --count --lr 0.1"), 2, {"--lr", "--count"}},
    {words("train good.txt -o m.mote --model bigram --count --smoothing -1"), 2, {"--smoothing"}},
    {words("train good.txt -o m.mote --batch full"), 2, {"--batch full", "rnn"}},
    {words("train good.txt -o m.mote --batch ful"), 2, {"--batch", "full"}},
    {words("train good.txt -o m.mote --order shuffled --state carry"), 2, {"--state"}},
    {words("train good.txt -o m.mote --patience 2 --eval-every 5"), 2, {"--patience", "dev"}},
    {words("train good.txt -o m.mote --patience 2 --split 90/10"), 2, {"--eval-every"}},
    {words("train good.txt -o m.mote --recipe bengio-mlp --model rnn"), 2, {"--context"}},
    {words("lr-find good.txt --from 0 --to -3"), 2, {"--from"}},
    {words("lr-find good.txt --steps 1"), 2, {"--steps"}},
    {words("train good.txt -o m.mote --threads 0"), 2, {"--threads"}},
    {words("train good.txt -o m.mote --threads 17"), 2, {"--threads"}},
    {words("lr-find good.txt --log good.txt"), 2, {"good.txt", "corpus"}},
    {words("lr-find good.txt --model bigram --count"), 2, {"--count"}},
    {words("train good.txt -o m.mote --steps 3 --epochs 3"), 2, {"--steps", "--epochs"}},
    {words("train good.txt -o m.mote --seed -1"), 2, {"--seed"}},
    {words("train good.txt -o m.mote --model lstm"), 2, {"--model", "lstm", "rnn"}},
    {words("train good.txt -o m.mote --activation sine"), 2, {"--activation", "tanh"}},
    {words("train good.txt -o m.mote --optimizer adam"), 2, {"--optimizer", "adamw"}},
    {words("train good.txt -o m.mote --recipe nothing"), 2, {"--recipe", "nothing", "rnn-by-heart"}},
    {words("train good.txt -o m.mote --isa z80"), 2, {"--isa", "z80", least_isa()}},
    {words("train good.txt -o m.mote --schedule step"), 2, {"--period"}},
    {words("train good.txt -o m.mote --schedule cosine --warmup 9 --steps 9"), 2, {"--warmup"}},
    {words("train good.txt -o m.mote --order random --state carry"), 2, {"--state"}},
    {words("train good.txt -o m.mote --checkpoint-every 3"), 2, {"--checkpoint"}},
    {words("train good.txt -o good.txt"), 2, {"good.txt", "corpus"}},
    {words("train good.txt -o m.mote --log ./m.mote"), 2, {"m.mote"}},
    {{"train", "good.txt", "-o", ""}, 2, {"--output", "name of a file"}},
    {{"train", "", "-o", "m.mote"}, 2, {"CORPUS"}},
    {words("sample m0.mote --temperature nan"), 2, {"--temperature", "nan"}},
    {words("sample m0.mote --temperature -1"), 2, {"--temperature"}},
    {words("sample m0.mote --length -1"), 2, {"--length"}},
    {words("sample m0.mote --count 0"), 2, {"--count"}},
    {{"sample", "m0.mote", "--prompt", "ж"}, 2, {"--prompt", "'ж'"}},
    {{"sample", "m0.mote", "--prompt", "a\xFF"}, 2, {"--prompt", "UTF-8", "2"}},
    {{"sample", "m0.mote", "--prompt", "\x80"}, 2, {"--prompt", "UTF-8"}},
    {{"score", "m0.mote", ""}, 2, {"TEXT"}},
    {{"score", "m0.mote", "a"}, 2, {"TEXT"}},
    {words("eval m0.mote good.txt --split valid"), 2, {"--split", "dev"}},
    {words("inspect m0.mote --batch 0"), 2, {"--batch"}},
    {words("export m0.mote -o m.h --name 1x"), 2, {"--name", "1x"}},
};

const std::vector<Bad> bad_files = {
    {words("train missing.txt -o m.mote"), 1, {"missing.txt", "No such file"}},
    {words("train folder -o m.mote"), 1, {"folder", "directory"}},
    {words("train empty.txt -o m.mote"), 1, {"empty.txt", "empty"}},
    {words("train bom.txt -o m.mote"), 1, {"bom.txt", "empty"}},
    {words("train one.txt -o m.mote"), 1, {"one.txt", "'a'"}},
    {words("train short.txt -o m.mote"), 1, {"short.txt", "too short"}},
    {words("train short.txt -o m.mote --batch 1 --time 2 --split 80/20"), 1, {"short.txt", "too short", "dev"}},
    {words("train short.txt -o m.mote --batch 1 --time 9 --order random"), 1, {"short.txt", "too short"}},
    {words("train newlines.txt -o m.mote --lines"), 1, {"newlines.txt", "no line"}},
    {words("train latin1.txt -o m.mote"), 1, {"latin1.txt", "UTF-8", "byte 12", "line 2", "column 4"}},
    {words("train surrogate.txt -o m.mote"), 1, {"surrogate.txt", "UTF-8", "byte 3"}},
    {words("train - -o m.mote"), 1, {"standard input", "empty"}},
    {words("train good.txt -o nowhere/m.mote"), 1, {"nowhere/m.mote", "No such file"}},
    {words("train good.txt -o folder"), 1, {"folder", "directory"}},
    {words("train good.txt -o m.mote --checkpoint nowhere/c.mote"), 1, {"nowhere/c.mote"}},
    {words("train good.txt -o m.mote --log nowhere/run.csv"), 1, {"nowhere/run.csv"}},
    {words("train good.txt -o m.mote --resume missing.mote"), 1, {"missing.mote", "No such file"}},
    {words("train good.txt -o m.mote --resume good.txt"), 1, {"good.txt", "checkpoint"}},
    {words("train good.txt -o m.mote --resume m0.mote"), 1, {"m0.mote", "checkpoint"}},
    {words("train good.txt -o /dev/full --quiet --steps 2"), 1, {"/dev/full", "No space"}},
    {words("train good.txt -o m.mote --checkpoint /dev/full --quiet --steps 2"), 1, {"/dev/full", "No space"}},
    {words("train good.txt -o m.mote --log /dev/full --quiet --steps 2"), 1, {"/dev/full", "No space"}},
    {words("eval missing.mote good.txt"), 1, {"missing.mote"}},
    {words("eval empty.txt good.txt"), 1, {"empty.txt", "not a mote model"}},
    {words("eval good.txt good.txt"), 1, {"good.txt", "not a mote model"}},
    {words("eval cut.mote good.txt"), 1, {"cut.mote"}},
    {words("eval flipped.mote good.txt"), 1, {"flipped.mote", "damaged"}},
    {words("eval m0.mote russian.txt"), 1, {"russian.txt", "'ж' (2:3)", "U+0009 (2:4)"}},
    {words("eval m0.mote empty.txt"), 1, {"empty.txt", "empty"}},
    {words("eval m0.mote good.txt --split test"), 1, {"m0.mote", "test"}},
    {words("sample cut.mote"), 1, {"cut.mote"}},
    {words("export m0.mote -o nowhere/m.h"), 1, {"nowhere/m.h"}},
    {words("export m0.mote --c-header -o /dev/full"), 1, {"/dev/full", "No space"}},
    {words("export missing.mote -o m.h"), 1, {"missing.mote"}},
    {words("inspect missing.mote"), 1, {"missing.mote", "No such file"}},
};

void prepare(const Directory &directory) {
    std::string good;
    for (int i = 0; i < 40; ++i) good += "a stitch in time saves nine\n";
    directory.write("good.txt", good);
    directory.write("empty.txt", "");
    directory.write("bom.txt", "\xEF\xBB\xBF");
    directory.write("one.txt", std::string(500, 'a'));
    directory.write("short.txt", "abcab");
    directory.write("newlines.txt", std::string(500, '\n'));
    directory.write("latin1.txt", "na\xC3\xAFve\r\ncaf\xE9 noir\n");
    directory.write("surrogate.txt", "ab\xED\xA0\x80");
    directory.write("russian.txt", "nine\nin\u0436\t");
    directory.mote_ok(words("train good.txt -o m0.mote --hidden 5 --batch 2 --time 5 --steps 3 --split 90/10 --quiet"));
    std::string model = directory.read("m0.mote");
    directory.write("cut.mote", model.substr(0, model.size() - 1));
    model[model.size() / 2] = static_cast<char>(model[model.size() / 2] ^ 1);
    directory.write("flipped.mote", model);
    REQUIRE(::symlink("/", directory.path("folder").c_str()) == 0);
}

} // namespace

TEST_CASE("arguments that cannot be used: exit 2, one line that names them, no file") {
    Directory directory;
    prepare(directory);
    for (const Bad &bad : bad_arguments)
        CHECK(check_refused(directory, bad.arguments, bad.exit_code, bad.mentions).out.empty());
}

TEST_CASE("files that cannot be used: exit 1, one line that says which and why, no file") {
    Directory directory;
    prepare(directory);
    for (const Bad &bad : bad_files)
        CHECK(check_refused(directory, bad.arguments, bad.exit_code, bad.mentions).out.empty());
}

TEST_CASE("a standard output that is full is an error") {
    Directory directory;
    prepare(directory);
    for (const char *command : {"sample m0.mote", "eval m0.mote good.txt", "inspect m0.mote", "recipes", "--help",
                                "score m0.mote nine", "train good.txt -o m.mote --steps 2 --quiet --json"}) {
        CAPTURE(command);
        Outcome outcome = directory.mote(words(command), "", "/dev/full");
        CHECK(outcome.exit_code == 1);
        CHECK(outcome.lines_of_err() == 1);
        CHECK(outcome.err.find("standard output") != std::string::npos);
    }
}

TEST_CASE("a read-only directory is refused before training, and an old output stays as it was") {
    Directory directory;
    prepare(directory);
    directory.write("old.mote", "old");
    Outcome outcome = directory.mote(words("train one.txt -o old.mote --quiet"));
    CHECK(outcome.exit_code == 1);
    CHECK(directory.read("old.mote") == "old");
    if (::geteuid() != 0) {
        REQUIRE(::symlink("/proc/1", directory.path("locked").c_str()) == 0);
        CHECK(directory.mote(words("train good.txt -o locked/m.mote --steps 1000000")).exit_code == 1);
    }
}

TEST_CASE("an output that is not a regular file is written through") {
    Directory directory;
    prepare(directory);
    Arguments train = words("train good.txt --hidden 5 --batch 2 --time 5 --steps 3 --split 90/10 --quiet -o");
    directory.mote_ok(train + words("/dev/null"));
    Outcome outcome = directory.mote_ok(train + words("/dev/stdout --json"));
    std::string model = directory.read("m0.mote");
    CHECK(outcome.out.substr(0, model.size()) == model);
    CHECK(outcome.json()["steps"] == 3);
}
