/* The limits that a refusal of a number prints are the true ones: typed, they are accepted. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <regex>

using namespace mote_test;

namespace {

const char *const commands[] = {"train",          "lr-find",     "eval",      "sample",        "score",
                                "complete",       "export",      "inspect",   "plot lr",       "plot bigrams",
                                "plot embedding", "plot hidden", "plot loss", "plot surprise",
#if defined(MOTE_CONVERT)
                                "convert",
#endif
                                "recipes",        "corpora"};

struct NumberOption {
    std::string name;
    bool whole;
};

/* What --help shows with N, a whole number, or X, any number. */
std::vector<NumberOption> number_options(const std::string &help) {
    static const std::regex shown(R"((?:^|\n) +(?:-\w,)?(--[a-z0-9-]+)(?:,--[a-z0-9-]+)* (N|X)(?=[|= \n]))");
    std::vector<NumberOption> options;
    for (std::sregex_iterator at(help.begin(), help.end(), shown), last; at != last; ++at)
        options.push_back({(*at)[1], (*at)[2] == "N"});
    return options;
}

/* The command's required arguments are missing, so it never runs: what it says is about the number, or about those. */
Outcome typed(const Directory &directory, const std::string &command, const std::string &option,
              const std::string &value) {
    Arguments number = value.empty() ? Arguments{option, ""} : Arguments{option + "=" + value};
    Outcome outcome = directory.mote(words(command) + number);
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.lines_of_err() == 1);
    return outcome;
}

bool is_refused(const Outcome &outcome, const std::string &option) {
    return outcome.err.rfind("mote: " + option + " ", 0) == 0 && outcome.err.find("must be") != std::string::npos;
}

struct Limits {
    std::string low, high;
    bool zero_too;
};

Limits printed_limits(const std::string &message) {
    static const std::regex range(R"(from (\S+) to ([^\s,]+))");
    std::smatch found;
    CAPTURE(message);
    REQUIRE(std::regex_search(message, found, range));
    return {found[1], found[2], message.find("0 or from") != std::string::npos};
}

const char *const no_whole_numbers[] = {
    "18446744073709551616", "-1", "1.5", "1e3", "+1", " 1", "1 ", "1x", "", "nan", "0x10"};
const char *const no_numbers[] = {"1e30", "-1e30", "1e-400", "1e400", "nan",  "inf",
                                  "+1",   " 1",    "1x",     "",      "0x10", "1,5"};

void check_limits(const Directory &directory, const std::string &command, const NumberOption &option) {
    CAPTURE(command);
    CAPTURE(option.name);
    Limits limits{};
    auto check_bad = [&](const char *value) {
        CAPTURE(value);
        Outcome outcome = typed(directory, command, option.name, value);
        CAPTURE(outcome.err);
        CHECK(is_refused(outcome, option.name));
        limits = printed_limits(outcome.err);
    };
    if (option.whole) {
        for (const char *value : no_whole_numbers) check_bad(value);
    } else {
        for (const char *value : no_numbers) check_bad(value);
    }
    for (const std::string &limit : {limits.low, limits.high, limits.zero_too ? std::string("0") : limits.low}) {
        CAPTURE(limit);
        CHECK_FALSE(is_refused(typed(directory, command, option.name, limit), option.name));
    }
}

} // namespace

TEST_CASE("the limits of every number of every command are printed as they are taken") {
    Directory directory;
    size_t checked = 0;
    for (const std::string command : commands) {
        std::string help = directory.mote_ok(words(command) + words("--help")).out;
        for (const NumberOption &option : number_options(help)) {
            check_limits(directory, command, option);
            ++checked;
        }
    }
    CHECK_MESSAGE(checked >= 55, checked << " options");
}

TEST_CASE("a whole number's range is told to its end") {
    Directory directory;
    Outcome seed = directory.mote(words("sample m.mote --seed 18446744073709551616"));
    CHECK(seed.err.find("from 0 to 18446744073709551615") != std::string::npos);
    Outcome steps = directory.mote(words("train rhyme -o m.mote --steps 4294967296"));
    CHECK(steps.err.find("from 0 to 4294967295") != std::string::npos);
    CHECK(directory.mote(words("train rhyme -o m.mote --batch 0")).err.find("full or a whole number from 1 to 65536") !=
          std::string::npos);
}

TEST_CASE("the library takes the limits that the program prints") {
    Directory directory;
    directory.mote_ok(words("train rhyme -o m.mote --hidden 5 --steps 1 --quiet"));
    for (const char *temperature : {"9.536743e-07", "9.53674e-07", "1048576", "1.04858e+06", "0"})
        directory.mote_ok(words("sample m.mote --length 3 --seed 18446744073709551615 --temperature") +
                          Arguments{temperature});
    CHECK(directory.mote(words("sample m.mote --length 3 --temperature 9.5e-07")).exit_code == 2);
    const char *const limits[] = {"--lr 9.094947e-13",
                                  "--lr 65536 --decay 0",
                                  "--eps 9.094947e-13",
                                  "--eps 1",
                                  "--clip-value 1.0995116e+12",
                                  "--clip-norm 4.2949673e+09",
                                  "--beta1 0.99999994",
                                  "--beta2 9.094947e-13",
                                  "--init-scale 65536",
                                  "--init he --init-scale 65536",
                                  "--init-bias 9.094947e-13",
                                  "--warmup 4294967295",
                                  "--optimizer momentum --momentum 0.99999994",
                                  "--model bigram --no-count --init-scale 9.094947e-13"};
    for (const char *limit : limits) {
        CAPTURE(limit);
        directory.mote_ok(words("train rhyme -o n.mote --steps 1 --quiet") + words(limit));
    }
    for (const char *smoothing : {"9.536743e-07", "1048576"})
        directory.mote_ok(words("train rhyme -o n.mote --model bigram --count --quiet --smoothing") +
                          Arguments{smoothing});
}
