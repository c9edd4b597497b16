/* mote train --vocab-size: which characters become tokens, and what becomes of the others. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

using namespace mote_test;

namespace {

/* Characters, each so often. Those of three bytes are made of four different ones. */
const std::map<std::string, int> counts = {{"a", 90},
                                           {"\n", 80},
                                           {"\xc3\xa9", 60},
                                           {"z", 9},
                                           {"\xe5\xb0\xb0", 7},
                                           {"\xe5\xb0\xb1", 2},
                                           {"\xe5\xb0\xb2", 11},
                                           {"\xe5\xb1\xb0", 1},
                                           {"\xe5\xb1\xb1", 10},
                                           {"\xe5\xb1\xb2", 5},
                                           {"\xe5\xb2\xb0", 8},
                                           {"\xe5\xb2\xb1", 3},
                                           {"\xe5\xb2\xb2", 6}};

std::string text_of_counts() {
    std::string text;
    for (int round = 0; round < 90; ++round)
        for (const auto &[character, count] : counts)
            if (round < count) text += character;
    return text;
}

/* The commonest characters, and the bytes of all others, so that they are no more than `most`. */
std::pair<std::set<std::string>, std::set<char>> expected(size_t most) {
    std::vector<std::pair<int, std::string>> rarest;
    for (const auto &[character, count] : counts) rarest.emplace_back(count, character);
    std::sort(rarest.begin(), rarest.end());
    std::set<std::string> kept;
    for (const auto &[count, character] : rarest) kept.insert(character);
    std::set<char> bytes;
    for (const auto &[count, character] : rarest) {
        if (kept.size() + bytes.size() <= most) break;
        kept.erase(character);
        bytes.insert(character.begin(), character.end());
    }
    return {kept, bytes};
}

} // namespace

TEST_CASE("--vocab-size keeps the commonest characters, and gives the others by bytes that are all there") {
    const Directory directory;
    directory.write("text", text_of_counts());
    for (const size_t most : {10u, 11u}) {
        CAPTURE(most);
        const auto [kept, bytes] = expected(most);
        CHECK(kept.size() >= 4);
        CHECK(bytes.size() >= 4);
        const Outcome outcome = directory.mote_ok({"train", "text", "--model", "bigram", "--steps", "0", "-o", "m.mote",
                                                   "--vocab-size", std::to_string(most)});
        std::string shown;
        for (const std::string &character : kept) shown += character == "\n" ? "\\n" : character;
        const std::string wanted = "vocabulary: " + std::to_string(kept.size()) + " characters, " +
                                   std::to_string(bytes.size()) + " bytes: \"" + shown + "\"";
        CAPTURE(outcome.err);
        CHECK(outcome.err.find(wanted) != std::string::npos);
        size_t tokens = 0;
        for (const auto &[character, count] : counts)
            tokens += static_cast<size_t>(count) * (kept.count(character) != 0 ? 1 : character.size());
        CHECK(directory.mote_ok(words("eval m.mote text --json")).json()["chars"] == tokens - 1);
    }
}

TEST_CASE("a text with nothing to tell apart is refused the same way with --vocab-size and without") {
    const Directory directory;
    directory.write("aaaa", "aaaa");
    directory.write("ends", "\n\n\n");
    for (const std::string size : {"", " --vocab-size 10"}) {
        CAPTURE(size);
        for (const auto &[arguments, reason] :
             std::map<std::string, std::string>{{"aaaa", "aaaa: nothing to learn, its only character is 'a'"},
                                                {"ends", "ends: nothing to learn, its only character is U+000A"},
                                                {"ends --lines", "ends: no line with a character in it"}}) {
            const Outcome outcome =
                directory.mote(words("train " + arguments + " -o y.mote --steps 1 --model bigram" + size));
            CAPTURE(outcome.err);
            CHECK(outcome.exit_code == 1);
            CHECK(outcome.err == "mote: " + reason + "\n");
        }
    }
    CHECK_FALSE(directory.has("y.mote"));
    directory.mote_ok(words("train aaaa -o y.mote --lines --steps 1 --model bigram --vocab-size 10"));
}
