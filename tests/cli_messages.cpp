/* Messages: how they are read and learned, and how they become packets and messages again. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <sstream>

using namespace mote_test;

namespace {

std::string json_line(const std::string &text) { return nlohmann::json{{"text", text}, {"lang", "xx"}}.dump() + "\n"; }

std::vector<std::string> some_messages() {
    std::vector<std::string> messages = {"two\nlines", "\xf0\x9f\x90\xad \xe5\xb0\x8f", "привет", "\xf4\x8f\xb8\x85"};
    for (int i = 0; i < 60; ++i)
        messages.push_back("node " + std::to_string(i % 7) + " hears you, hop " + std::to_string(i));
    return messages;
}

std::string corpus_of(const std::vector<std::string> &messages) {
    std::string lines;
    for (const std::string &message : messages) lines += json_line(message) + json_line(message);
    return lines;
}

const Arguments quick =
    words("--quiet --vocab-size 60 --hidden 12 --embed 4 --steps 300 --batch 4 --time 16 --split 80/10/10");

/* A directory with messages.jsonl, each message twice, and m.mote, which has learned them. */
struct Trained {
    Trained() {
        directory.write("messages.jsonl", corpus_of(some_messages()));
        directory.mote_ok(Arguments{"train", "messages.jsonl", "-o", "m.mote"} + quick);
    }
    Outcome fails(const Arguments &arguments, const std::string &input, const std::string &message) const {
        Outcome outcome = directory.mote(arguments, input);
        CHECK(outcome.exit_code == 1);
        CHECK(outcome.out.empty());
        CHECK(outcome.err.find(message) != std::string::npos);
        CHECK(outcome.lines_of_err() == 1);
        return outcome;
    }
    Directory directory;
};

std::vector<std::string> split_lines(const std::string &text) {
    std::istringstream stream(text);
    std::vector<std::string> list;
    for (std::string line; std::getline(stream, line);) list.push_back(line);
    return list;
}

} // namespace

TEST_CASE("JSON lines are learned as items, each once, and no message is in two parts") {
    Trained trained;
    std::multiset<std::string> met;
    for (const char *part : {"train", "dev", "test"}) {
        Outcome packets =
            trained.directory.mote_ok({"compress", "--model", "m.mote", "messages.jsonl", "--split", part});
        Outcome back = trained.directory.mote_ok({"decompress", "--model", "m.mote", "--jsonl"}, packets.out);
        for (const std::string &line : split_lines(back.out)) met.insert(nlohmann::json::parse(line)["text"]);
    }
    std::vector<std::string> messages = some_messages();
    CHECK(met == std::multiset<std::string>(messages.begin(), messages.end()));
    trained.directory.mote_ok({"eval", "m.mote", "messages.jsonl", "--split", "dev"});
}

TEST_CASE("a vocabulary that is too small is refused, and the size that the message names will do") {
    Directory directory;
    directory.write("messages.jsonl", corpus_of(some_messages()));
    Arguments train = {"train", "messages.jsonl", "-o", "m.mote", "--steps", "0", "--vocab-size"};
    Outcome refused = directory.mote(train + Arguments{"5"});
    CHECK(refused.exit_code == 2);
    CHECK_FALSE(directory.has("m.mote"));
    size_t at = refused.err.find("needs ");
    REQUIRE(at != std::string::npos);
    directory.mote_ok(train + Arguments{std::to_string(std::stoi(refused.err.substr(at + 6)))});
}

TEST_CASE("a text has no more tokens than asked for, and loses no character") {
    Directory directory;
    std::string text;
    for (int i = 0; i < 128; ++i)
        text += std::string("abc \xe4") + (i < 64 ? "\xb8" : "\xb9") + static_cast<char>(0x80 + i % 64) + " abc\n";
    directory.write("text", text);
    for (const int size : {80, 100, 1000})
        for (const char *lines : {"--lines", "--no-lines"}) {
            Outcome trained = directory.mote_ok({"train", "text", "-o", "m.mote", "--steps", "0", "--json",
                                                 "--vocab-size", std::to_string(size), lines});
            CHECK(trained.json()["vocab"] <= size);
            CHECK(trained.json()["vocab"] >= 70);
            directory.mote_ok({"eval", "m.mote", "text"});
        }
}

TEST_CASE("one message of any bytes is a packet and a message again, with and without --text, --id and --check") {
    Trained trained;
    const std::string messages[] = {"", "node 3 hears you, hop 12", std::string("\0\xff\n", 3), "\xd0", "two\nlines\n"};
    for (const std::string &message : messages)
        for (const char *options : {"", "--text", "--id 1 --check 4", "--text --id 2 --check 16"}) {
            const Arguments with = Arguments{"--model", "m.mote"} + words(options);
            Outcome packet = trained.directory.mote_ok(Arguments{"compress"} + with, message);
            CHECK(trained.directory.mote_ok(Arguments{"decompress"} + with, packet.out).out == message);
        }
    CHECK(trained.directory.mote_ok({"compress", "--model", "m.mote"}, messages[1]).out.size() <
          messages[1].size() / 2);
}

TEST_CASE("lines of messages are lines of packets and lines again") {
    Trained trained;
    const std::string lines = "node 1 hears you\n\nпривет\nno newline at the end";
    Outcome packets = trained.directory.mote_ok({"compress", "--model", "m.mote", "--lines"}, lines);
    CHECK(split_lines(packets.out).size() == 4);
    CHECK(trained.directory.mote_ok({"decompress", "--model", "m.mote", "--lines"}, packets.out).out == lines + "\n");
}

TEST_CASE("--stats tells how short the packets are") {
    Trained trained;
    Outcome stats = trained.directory.mote_ok(
        {"compress", "--model", "m.mote", "messages.jsonl", "--split", "train", "--stats", "--json"});
    Outcome packets =
        trained.directory.mote_ok({"compress", "--model", "m.mote", "messages.jsonl", "--split", "train"});
    double bits = stats.json()["bits_per_char"];
    CHECK(bits > 0);
    CHECK(bits < 4);
    CHECK(stats.json()["messages"] == split_lines(packets.out).size());
    CHECK(stats.json()["packet_bytes"].get<double>() * 8 / stats.json()["chars"].get<double>() ==
          doctest::Approx(bits));
    CHECK(stats.json()["worst_bits_per_char"] >= bits);
}

TEST_CASE("packets that are damaged, foreign or none are told, in one line") {
    Trained trained;
    trained.directory.mote_ok(Arguments{"train", "messages.jsonl", "-o", "other.mote", "--seed", "2"} + quick);
    const std::string message = "node 3 hears you, hop 12";
    const Arguments back = {"decompress", "--model", "m.mote"};
    Outcome foreign = trained.directory.mote_ok({"compress", "--model", "other.mote", "--id", "2"}, message);
    trained.fails(back + Arguments{"--id", "2"}, foreign.out, "give the model that made the packet");
    std::string packet = trained.directory.mote_ok({"compress", "--model", "m.mote", "--check", "16"}, message).out;
    packet[1] = static_cast<char>(packet[1] ^ 4);
    trained.fails(back + Arguments{"--check", "16"}, packet,
                  "damaged, or made with another model than m.mote, or other options");
    trained.fails(back + Arguments{"--text"}, "not base64!", "not base64url");
    trained.fails(back + Arguments{"--most", "8"},
                  trained.directory.mote_ok({"compress", "--model", "m.mote"}, message).out,
                  "--most allows longer ones");
    trained.fails(back + Arguments{"--id", "1"}, "", "not a packet of m.mote");
    const Arguments text = {"compress", "--model", "m.mote", "--text"};
    std::string lines = trained.directory.mote_ok(text, "two\nlines").out;
    trained.fails(back + Arguments{"--lines"}, lines, "give --jsonl in place of --lines");
    trained.fails(back + Arguments{"--text"}, lines + lines, "give --lines or --jsonl in place of --text");
    trained.fails(back + Arguments{"--jsonl"}, trained.directory.mote_ok(text, "\xff").out,
                  "give the line alone, with --text");
}

TEST_CASE("a line of JSON without a message is told: what is wrong with it, and where") {
    Trained trained;
    for (const auto &[line, reason] : std::map<std::string, std::string>{
             {"{\"text\": \"a", "not JSON; a line is as {\"text\": \"hello\"} or \"hello\""},
             {"{\"word\": 1}", "a JSON object without \"text\"; a line is as"},
             {"{\"text\": 3}", "its \"text\" is a JSON number; a line is as"},
             {"[\"a\"]", "a JSON array, which is no message; a line is as"}})
        trained.fails({"compress", "--model", "m.mote", "--jsonl"}, "{\"text\": \"a\"}\n\n" + line + "\n",
                      "standard input: line 3: " + reason);
}

TEST_CASE("a line that gives no message is told, and the messages of all others are written") {
    Trained trained;
    const Arguments with = {"--model", "m.mote", "--check", "8"};
    std::vector<std::string> packets =
        split_lines(trained.directory.mote_ok(Arguments{"compress", "--lines"} + with, "node 1\nnode 2\nnode 3\n").out);
    const std::string other = trained.directory.mote_ok(Arguments{"compress", "--text"} + with, "two\nlines").out;
    const std::string lines = "AAAA==\n" + packets[0] + "\n" + packets[1].substr(1) + "\n" + packets[2] + "\n" + other;
    Outcome outcome = trained.directory.mote(Arguments{"decompress", "--lines"} + with, lines);
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.out == "node 1\nnode 3\n");
    const std::vector<std::string> told = split_lines(outcome.err);
    REQUIRE(told.size() == 3);
    CHECK(told[0] == "mote: standard input: line 1: not base64url");
    CHECK(told[1].rfind("mote: standard input: line 3: ", 0) == 0);
    CHECK(told[2].rfind("mote: standard input: line 5: the message has several lines", 0) == 0);
    outcome = trained.directory.mote(Arguments{"decompress", "--jsonl"} + with, lines);
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.out == "{\"text\":\"node 1\"}\n{\"text\":\"node 3\"}\n{\"text\":\"two\\nlines\"}\n");
    CHECK(outcome.lines_of_err() == 2);
}

TEST_CASE("base64url may be padded to a multiple of four characters, and in no other way") {
    Trained trained;
    const Arguments back = {"decompress", "--model", "m.mote", "--text"};
    size_t padded = 0;
    for (const std::string message :
         {"node 1", "node 1 hears", "node 3 hears you", "\xff", "\xff\xfe", "\xff\xfe\xfd"}) {
        std::string packet = trained.directory.mote_ok({"compress", "--model", "m.mote", "--text"}, message).out;
        packet.pop_back();
        const std::string padding((4 - packet.size() % 4) % 4, '=');
        padded += padding.empty() ? 0 : 1;
        CHECK(trained.directory.mote_ok(back, packet + padding + "\n").out == message);
        for (const std::string more : {"=", "==", "===", "===="}) {
            CAPTURE(packet + more);
            if (more != padding) trained.fails(back, packet + more, "not base64url");
        }
    }
    CHECK(padded > 0);
    CHECK(padded < 6);
    trained.fails(back, "=", "not base64url");
}

TEST_CASE("of lines the marks of Windows are dropped, of one message nothing") {
    Trained trained;
    const Arguments compress = {"compress", "--model", "m.mote"};
    const std::string plain = "node 1 hears you\n\nпривет\n", marked = "\xef\xbb\xbfnode 1 hears you\r\n\r\nпривет\r\n";
    CHECK(trained.directory.mote_ok(compress + words("--lines"), marked).out ==
          trained.directory.mote_ok(compress + words("--lines"), plain).out);
    const std::string packet = trained.directory.mote_ok(compress, marked).out;
    CHECK(trained.directory.mote_ok({"decompress", "--model", "m.mote"}, packet).out == marked);
}

TEST_CASE("options of messages that cannot be used are refused") {
    Trained trained;
    for (const char *options :
         {"compress --model m.mote --split dev", "compress --model m.mote --json",
          "compress --model m.mote --text --stats", "compress --model m.mote --check 3",
          "compress --model m.mote --id 3", "compress", "decompress --model m.mote --lines --jsonl"})
        CHECK(trained.directory.mote(words(options)).exit_code == 2);
    trained.fails(
        {"compress", "--model", "m.mote", "messages.jsonl", "--split", "dev", "--stats", "--model", "gone.mote"}, "",
        "gone.mote");
}
