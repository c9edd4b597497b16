/* Texts that stay in their files, held against the same ones in memory. */
#include "corpus.h"
#include "encoded_text.h"
#include "errors.h"
#include "parts.h"
#include "utf8_text.h"

#include "cli_runner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>

using namespace mote_test;
using namespace mote::cli;

namespace {

constexpr size_t block = 4096; /* bytes that are read at once */

/* Characters of 1 to 4 bytes in lines of up to 100, some of them empty. */
std::string mixed_text(size_t bytes, uint32_t seed, bool windows = false) {
    static const char *const characters[] = {"a", "b", "c", " ", "é", "ж", "€", "漢", "😀", "z"};
    std::mt19937 random(seed);
    std::string text;
    while (text.size() < bytes) {
        for (auto i = random() % 100; i > 0; --i) text += characters[random() % 10];
        text += windows && random() % 4 != 0 ? "\r\n" : "\n";
    }
    return text;
}

struct Read {
    Corpus corpus;
    std::vector<uint32_t> code_points;
    std::shared_ptr<const Tokens> tokens;
};

Read read_corpus(const std::vector<std::string> &paths, size_t most_in_memory, bool lines, uint32_t most_tokens = 0) {
    Read read{load_corpus(paths, most_in_memory), {}, nullptr};
    CHECK(read.corpus.text->is_in_memory() == (most_in_memory != 0));
    const uint32_t all = most_tokens != 0 ? most_tokens : MOTE_MAX_VOCAB;
    read.code_points = vocabulary_of(read.corpus, lines);
    /* The rarest are left to a model that has not all of them. */
    if (read.code_points.size() > all) read.code_points.erase(read.code_points.begin() + 2);
    const mote_vocab vocab{read.code_points.data(), static_cast<uint32_t>(read.code_points.size()), lines ? 1u : 0u};
    read.tokens = tokens_of(read.corpus, vocab);
    return read;
}

void check_same(const Read &a, const Read &b) {
    CHECK(a.corpus.hash == b.corpus.hash);
    CHECK(a.code_points == b.code_points);
    REQUIRE(a.tokens->count() == b.tokens->count());
    const std::vector<uint16_t> whole = TokenView::of(*a.tokens).all();
    CHECK(TokenView::of(*b.tokens).all() == whole);
    std::mt19937 random(1);
    for (int i = 0; i < 300; ++i) {
        const size_t first = random() % whole.size(), count = std::min<size_t>(random() % 300, whole.size() - first);
        std::vector<uint16_t> stretch(count);
        b.tokens->read(first, count, stretch.data());
        CHECK(std::equal(stretch.begin(), stretch.end(), whole.begin() + static_cast<ptrdiff_t>(first)));
    }
}

RunRecord run_with(bool lines, uint32_t train) {
    RunRecord run{};
    run.lines = lines ? 1 : 0;
    run.seed = 7;
    run.split[TRAIN] = train;
    run.split[DEV] = (100 - train) / 2;
    run.split[TEST] = 100 - train - run.split[DEV];
    return run;
}

/* What the library arranges in memory, which is the rule. */
std::vector<uint16_t> arranged(const std::vector<uint16_t> &text, const RunRecord &run, Part part, bool passes,
                               uint64_t pass) {
    size_t found = 0, written = 0, bounds[4];
    mote_items_find(text.data(), text.size(), nullptr, 0, &found);
    std::vector<uint32_t> starts(found), order(found), own;
    REQUIRE(mote_items_find(text.data(), text.size(), starts.data(), found, &found) == MOTE_OK);
    std::iota(order.begin(), order.end(), 0u);
    if (run.split[TRAIN] != 100)
        REQUIRE(mote_shuffle(order.data(), static_cast<uint32_t>(found), run.seed, 1ull << 32) == MOTE_OK);
    REQUIRE(mote_split(found, run.split, bounds) == MOTE_OK);
    for (size_t i = bounds[part]; i < bounds[part + 1]; ++i) own.push_back(starts[order[i]]);
    std::vector<uint32_t> in_part(own.size());
    std::iota(in_part.begin(), in_part.end(), 0u);
    if (passes) REQUIRE(mote_shuffle(in_part.data(), static_cast<uint32_t>(own.size()), run.seed, pass) == MOTE_OK);
    std::vector<uint16_t> result(text.size() + 2);
    REQUIRE(mote_items_arrange(text.data(), text.size(), own.data(), in_part.data(), own.size(), result.data(),
                               result.size(), &written) == MOTE_OK);
    result.resize(written);
    return result;
}

} // namespace

TEST_CASE("a text that stays in its file has the hash, characters and tokens of one in memory") {
    const Directory directory;
    uint32_t seed = 0;
    for (const size_t bytes : {size_t{10}, block - 1, block, block + 1, 3 * block, 40 * block + 17})
        for (const bool windows : {false, true})
            for (const bool marked : {false, true}) {
                directory.write("text", (marked ? "\xEF\xBB\xBF" : "") + mixed_text(bytes, ++seed, windows));
                const std::vector<std::string> paths{directory.path("text")};
                for (const bool lines : {false, true})
                    check_same(read_corpus(paths, SIZE_MAX, lines), read_corpus(paths, 0, lines));
            }
}

TEST_CASE("characters and line ends that lie across the blocks of a file are read whole") {
    const Directory directory;
    for (size_t before = block - 5; before <= block + 1; ++before)
        for (const std::string across : {"é", "€", "😀", "\r\n", "\r", "\n", "\r\r\n"}) {
            directory.write("text",
                            std::string(before, 'a') + across + "b" + across + std::string(block, 'c') + across);
            const std::vector<std::string> paths{directory.path("text")};
            check_same(read_corpus(paths, SIZE_MAX, false), read_corpus(paths, 0, false));
        }
    directory.write("text", std::string(block - 1, 'a') + "\r\nb");
    const Read read = read_corpus({directory.path("text")}, 0, false);
    CHECK(read.tokens->count() == block + 1);
    CHECK(read.code_points == std::vector<uint32_t>{'\n', 'a', 'b'});
}

TEST_CASE("several files are one text, in which each ends its last line") {
    const Directory directory;
    directory.write("one", mixed_text(2 * block, 1) + "no end");
    directory.write("empty", "");
    directory.write("two", "\xEF\xBB\xBF" + mixed_text(block, 2, true));
    directory.write("three", std::string(block, 'x'));
    std::string two = directory.read("two").substr(3);
    for (size_t at; (at = two.find("\r\n")) != std::string::npos;) two.erase(at, 1);
    directory.write("all", directory.read("one") + "\n" + two + directory.read("three"));
    std::vector<std::string> paths;
    for (const char *name : {"one", "empty", "two", "three", "empty"}) paths.push_back(directory.path(name));
    for (const bool lines : {false, true}) {
        const Read whole = read_corpus({directory.path("all")}, SIZE_MAX, lines);
        for (const size_t limit : {size_t{0}, SIZE_MAX}) check_same(whole, read_corpus(paths, limit, lines));
    }
}

TEST_CASE("characters that the vocabulary spells by bytes are spelled in a file as in memory") {
    const Directory directory;
    directory.write("text", mixed_text(9 * block, 3));
    std::vector<std::string> paths{directory.path("text")};
    std::vector<uint32_t> code_points{'\n', ' ', 'a', 'b', 'c', 'z'};
    for (uint32_t byte = 0; byte < 256; ++byte) code_points.push_back(MOTE_BYTE_CODE_POINT(byte));
    const mote_vocab vocab{code_points.data(), static_cast<uint32_t>(code_points.size()), 0};
    Corpus in_memory = load_corpus(paths, SIZE_MAX), in_file = load_corpus(paths, 0);
    const auto expected = tokens_of(in_memory, vocab), found = tokens_of(in_file, vocab);
    CHECK(expected->count() > 9 * block);
    CHECK(TokenView::of(*found).all() == TokenView::of(*expected).all());
    for (size_t first = 0; first < expected->count(); first += 997) {
        uint16_t a = 0, b = 0;
        expected->read(first, 1, &a);
        found->read(first, 1, &b);
        CHECK(a == b);
    }
}

TEST_CASE("items are cut, shuffled and read as the library arranges them in memory") {
    const Directory directory;
    for (const std::string &text : {mixed_text(20 * block, 5), std::string("a\n\n\nb\nccc"), std::string("\n\nab\n"),
                                    std::string("abc\nb"), std::string("b\n") + std::string(2 * block, 'a')}) {
        directory.write("text", text);
        for (const uint32_t train : {100u, 80u, 0u}) {
            const RunRecord run = run_with(true, train);
            const Read read = read_corpus({directory.path("text")}, 0, true);
            const std::vector<uint16_t> whole = TokenView::of(*read.tokens).all();
            Parts parts(read.tokens, run);
            for (const Part part : {TRAIN, DEV, TEST}) {
                const std::vector<uint16_t> expected = arranged(whole, run, part, false, 0);
                const TokenView view = parts.read(part);
                REQUIRE(view.all() == expected);
                std::mt19937 random(2);
                for (int i = 0; i < 200; ++i) {
                    const size_t first = random() % expected.size();
                    const size_t count = std::min<size_t>(random() % 40, expected.size() - first);
                    std::vector<uint16_t> stretch(count);
                    view.read(first, count, stretch.data());
                    CHECK(std::equal(stretch.begin(), stretch.end(), expected.begin() + static_cast<ptrdiff_t>(first)));
                }
            }
            for (const uint64_t pass : {uint64_t{0}, uint64_t{3}})
                CHECK(parts.pass(pass).all() == arranged(whole, run, TRAIN, true, pass));
        }
    }
}

TEST_CASE("what is wrong in a file is told with its place, in memory or not") {
    const Directory directory;
    const std::string before = std::string("line\n") + std::string(block + 10, 'a') + "\nnext ";
    const auto message = [&](const std::vector<std::string> &names, size_t limit) {
        std::vector<std::string> paths;
        for (const std::string &name : names) paths.push_back(directory.path(name));
        try {
            load_corpus(paths, limit);
        } catch (const Failure &failure) {
            return std::string(failure.what());
        }
        return std::string();
    };
    directory.write("good", "some text\n");
    directory.write("empty", "");
    for (const std::string bad : {"\xC3", "\xFF", "\x80\x80\x80\x80\x80", "\xE2\x82", "\xF0\x9F\x98\x80\x80"}) {
        CAPTURE(bad.size());
        CAPTURE(static_cast<int>(bad[0]));
        directory.write("bad", before + bad + " and more\n");
        const std::string expected =
            "bad: not UTF-8 at byte " + std::to_string(before.size() + (bad.size() == 5 && bad[0] == '\xF0' ? 5 : 1));
        for (const size_t limit : {size_t{0}, SIZE_MAX}) {
            CHECK(message({"bad"}, limit).find(expected) != std::string::npos);
            CHECK(message({"bad"}, limit).find("line 3, column ") != std::string::npos);
            CHECK(message({"good", "bad"}, limit).find(expected) != std::string::npos);
        }
    }
    /* In every place about the end of a block. */
    for (size_t at = block - 6; at < block + 3; ++at)
        for (const std::string bad : {"\xC3", "\x80", "\xF0\x9F\x98", "\x80\x80\x80\x80\x80\x80\x80\x80"}) {
            directory.write("bad", std::string(at, 'a') + bad + std::string(block, 'b'));
            const std::string expected = "not UTF-8 at byte " + std::to_string(at + 1) + " ";
            for (const size_t limit : {size_t{0}, SIZE_MAX})
                CHECK(message({"bad"}, limit).find(expected) != std::string::npos);
        }
    CHECK(message({"empty", "empty"}, 0).find("empty; give one with text in it") != std::string::npos);
    directory.write("wide", std::string("\xFF\xFE") + std::string("a\0b\0", 4));
    CHECK(message({"good", "wide"}, 0).find("wide: is UTF-16") != std::string::npos);
}

TEST_CASE("a character that the model lacks is told with its file and place") {
    const Directory directory;
    directory.write("one", std::string(2 * block, 'a') + "\nb\n");
    directory.write("two", "a\nab!?\n");
    const std::vector<std::string> paths{directory.path("one"), directory.path("two")};
    const uint32_t code_points[] = {'\n', 'a', 'b'};
    const mote_vocab vocab{code_points, 3, 0};
    for (const size_t limit : {size_t{0}, SIZE_MAX}) {
        Corpus corpus = load_corpus(paths, limit);
        CHECK_THROWS_WITH_AS(tokens_of(corpus, vocab),
                             doctest::Contains(("'!' (" + paths[1] + ":2:3), '?' (" + paths[1] + ":2:4)").c_str()),
                             Failure);
    }
}

TEST_CASE("a file that changes under its reader is an error, not other tokens") {
    const Directory directory;
    directory.write("text", mixed_text(9 * block, 8));
    const Read read = read_corpus({directory.path("text")}, 0, false);
    std::vector<uint16_t> all(read.tokens->count());
    REQUIRE(shell(directory, "head -c 20000 text > cut && cat cut > text"));
    CHECK_THROWS_WITH_AS(read.tokens->read(0, all.size(), all.data()), doctest::Contains("has become shorter"),
                         Failure);
    REQUIRE(shell(directory, "head -c 40000 /dev/zero > text"));
    CHECK_THROWS_WITH_AS(read.tokens->read(0, all.size(), all.data()), doctest::Contains("has changed"), Failure);
}

TEST_CASE("a training on a long file has the weights of one that read it from the standard input") {
    const Directory directory;
    /* More than what is kept in memory. */
    std::string text = mixed_text(1u << 20, 9);
    while (text.size() <= most_bytes_in_memory) text += text;
    directory.write("long", text);
    const char *asked = std::getenv("MOTE_LONG");
    const bool long_form = asked != nullptr && std::string(asked) == "1";
    std::vector<std::string> kinds{"--model mlp --context 4", "--model gru --lines --split 80/10/10 --seed 3"};
    if (long_form) kinds.insert(kinds.end(), {"--model rnn --split 90/5/5", "--model rnn --order random"});
    for (const std::string &kind : kinds) {
        const Arguments rest =
            words(kind + " --hidden 16 --steps 30 --eval-limit 2000 --json --quiet --batch 8 --time 20");
        const Outcome in_file = directory.mote_ok(words("train long -o a.mote") + rest);
        const Outcome in_memory = directory.mote_ok(words("train - -o b.mote") + rest, text);
        CHECK(in_file.json()["weights_hash"] == in_memory.json()["weights_hash"]);
        for (const char *loss : {"train_loss", "dev_loss", "test_loss"})
            CHECK(in_file.json()[loss] == in_memory.json()[loss]);
        CHECK(directory.read("a.mote") == directory.read("b.mote"));
    }
}

TEST_CASE("several files on the command line") {
    const Directory directory;
    directory.write("one", "abc abd\nabe\n");
    directory.write("two", "cab dab\n");
    directory.write("both", "abc abd\nabe\ncab dab\n");
    directory.write("m.jsonl", "{\"text\": \"abc\"}\n");
    directory.write("n.jsonl", "{\"text\": \"abd\"}\n{\"text\": \"abc\"}\n");
    const Arguments rest = words("--model bigram --steps 5 --batch 2 --time 4 --split 50/50 --json --quiet");
    const Outcome parts = directory.mote_ok(words("train one two -o a.mote --checkpoint a.ck") + rest);
    const Outcome whole = directory.mote_ok(words("train both -o b.mote") + rest);
    CHECK(parts.json()["weights_hash"] == whole.json()["weights_hash"]);
    CHECK(directory.read("a.mote") == directory.read("b.mote"));
    directory.mote_ok(words("train one two -o c.mote --resume a.ck --steps 9 --quiet"));
    CHECK(directory.mote_ok(words("eval a.mote one two --split dev --json")).json()["loss"] ==
          parts.json()["dev_loss"]);
    directory.mote_ok(words("train m.jsonl n.jsonl -o d.mote --model bigram --count --quiet"));
    check_refused(directory, words("train one m.jsonl -o x.mote"), 2, {"m.jsonl", "one", "files of one kind"});
    check_refused(directory, words("train one two -o two"), 2, {"--output two: is the corpus"});
    check_refused(directory, words("train one lacking -o x.mote"), 1, {"cannot read lacking"});
    check_refused(directory, words("train - - -o x.mote"), 2, {"once"});
    check_refused(directory, words("train two one -o x.mote --resume a.ck"), 1, {"two and one: not the corpus"});
}

TEST_CASE("--max-vocab is another name of --vocab-size") {
    const Directory directory;
    directory.write("text", mixed_text(2000, 4) + "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const std::string rest = " --model bigram --count --json --quiet";
    const auto vocab = [&](const std::string &option) {
        return directory.mote_ok(words("train text -o a.mote" + option + rest)).json()["vocab"];
    };
    CHECK(vocab(" --max-vocab 37") == vocab(" --vocab-size 37"));
    CHECK(vocab(" --max-vocab 37") == 37);
    check_refused(directory, words("train text -o x.mote --max-vocab 1"), 2, {"--vocab-size 1: must be"});
}
