/* Logs as streams: files of any bytes there and back, and what is said of those that are damaged, foreign or cut. */
#include "cli_runner.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

std::string log_of(int lines) {
    std::string text;
    for (int i = 0; i < lines; ++i)
        text += "12:" + std::to_string(10 + i / 60 % 50) + ":" + std::to_string(10 + i % 50) + " node " +
                std::to_string(i % 7) + " hears you, hop " + std::to_string(i % 3) + "\n";
    return text;
}

const Arguments quick = words("--quiet --lines --hidden 12 --embed 4 --steps 300 --batch 4 --time 16");
const Arguments pack = {"compress", "--model", "m.mote"}, unpack = {"decompress", "--model", "m.mote"};

/* A directory with app.log, m.mote, which has learned it, and app.log.mz. */
struct Trained {
    Trained() {
        directory.write("app.log", log_of(1200));
        directory.mote_ok(Arguments{"train", "app.log", "-o", "m.mote", "--json"} + quick);
        directory.mote_ok(pack + words("app.log -o app.log.mz"));
        stream = directory.read("app.log.mz");
    }
    /* One line, the exit status, and no file more or less than before. */
    void fails(const Arguments &arguments, int code, const std::string &message) const {
        CAPTURE(message);
        const std::vector<std::string> before = directory.names();
        const Outcome outcome = directory.mote(arguments);
        CHECK(outcome.exit_code == code);
        CHECK(outcome.err == "mote: " + message + "\n");
        CHECK(directory.names() == before);
    }
    Directory directory;
    std::string stream;
};

} // namespace

TEST_CASE("a log is a file of a third of its size, and the log again, by names, by --stream and through pipes") {
    const Trained trained;
    const std::string text = trained.directory.read("app.log");
    CHECK(trained.stream.size() < text.size() / 3);
    CHECK(trained.directory.mote_ok(unpack + words("app.log.mz")).out == text);
    trained.directory.mote_ok(unpack + words("app.log.mz -o back"));
    CHECK(trained.directory.read("back") == text);
    CHECK(trained.directory.mote_ok(pack + words("--stream"), text).out == trained.stream);
    CHECK(trained.directory.mote_ok(unpack + words("--stream -"), trained.stream + trained.stream).out == text + text);
    CHECK(trained.directory.mote_ok(pack + words("--stream rhyme")).out.size() > 25);
}

TEST_CASE("a file of any bytes comes back, and its stream is hardly longer") {
    const Trained trained;
    std::string bytes;
    for (uint32_t i = 0, x = 1; i < 40000; ++i, x = x * 1664525 + 1013904223) bytes += static_cast<char>(x >> 24);
    for (const std::string &text : {bytes, std::string(), std::string(1, '\0'), std::string("\r\n\xff\n\n")}) {
        trained.directory.write("any", text);
        trained.directory.mote_ok(pack + words("any -o any.mz"));
        CHECK(trained.directory.read("any.mz").size() <= text.size() + 25 + 8 * (text.size() / 16000 + 1));
        CHECK(trained.directory.mote_ok(unpack + words("any.mz")).out == text);
    }
}

TEST_CASE("--stats of a stream are those of the file that is written") {
    const Trained trained;
    const nlohmann::json stats = trained.directory.mote_ok(pack + words("--stream app.log --stats --json")).json();
    CHECK(stats["stream_bytes"] == trained.stream.size());
    CHECK(stats["bytes"] == trained.directory.read("app.log").size());
    CHECK(stats["bits_per_char"] ==
          doctest::Approx(8.0 * static_cast<double>(trained.stream.size()) / stats["chars"].get<double>()));
    CHECK(trained.directory.mote_ok(pack + words("--stream app.log --stats")).out.find("bits a character") !=
          std::string::npos);
}

TEST_CASE("another model's stream is refused, with both hashes") {
    const Trained trained;
    const auto hash = [&](const char *seed, const char *name) {
        const Outcome outcome =
            trained.directory.mote_ok(Arguments{"train", "app.log", "-o", name, "--json", "--seed", seed} + quick);
        return outcome.json()["weights_hash"].get<std::string>();
    };
    const std::string mine = hash("1", "same.mote"), yours = hash("2", "other.mote");
    trained.fails({"decompress", "--model", "other.mote", "app.log.mz", "-o", "back"}, 1,
                  "app.log.mz: made with the model " + mine + ", and other.mote is " + yours +
                      "; give the model that made it");
}

TEST_CASE("damage and a missing end are told, nothing is written, and --partial keeps what came before") {
    const Trained trained;
    const std::string text = trained.directory.read("app.log");
    REQUIRE(text.size() > 2 * 16384);
    std::string damaged = trained.stream;
    damaged[damaged.size() - 40] ^= 8;
    trained.directory.write("damaged.mz", damaged);
    trained.directory.write("cut.mz", trained.stream.substr(0, trained.stream.size() - 1));
    trained.directory.write("end.mz", trained.stream.substr(0, trained.stream.size() - 1) + "\x55");
    trained.directory.write("more.mz", trained.stream + "more");
    const std::string all = std::to_string(text.size()), end = std::to_string(trained.stream.size() - 9);
    const std::string keeps = "; --partial keeps the " + all + " bytes of text before it";
    trained.fails(unpack + words("cut.mz -o back"), 1,
                  "cut.mz: byte " + end + ": cut short: the end of the stream is missing" + keeps);
    trained.fails(unpack + words("end.mz -o back"), 1,
                  "end.mz: byte " + end + ": damaged: the CRC-32 or the size at the end is not that of the text" +
                      keeps);
    trained.fails(unpack + words("more.mz -o back"), 1,
                  "more.mz: byte " + std::to_string(trained.stream.size()) +
                      ": what follows the end of the stream is not another stream" + keeps);
    const Outcome outcome = trained.directory.mote(unpack + words("damaged.mz -o back --partial"));
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.err.find("damaged: ") != std::string::npos);
    CHECK(outcome.err.find(" bytes of text before it are written\n") != std::string::npos);
    const std::string kept = trained.directory.read("back");
    CHECK(kept.size() >= 16384);
    CHECK(kept == text.substr(0, kept.size()));
    trained.directory.write("none.mz", "");
    trained.fails(unpack + words("none.mz -o none --partial"), 1,
                  "none.mz: not a stream, which mote compress --stream makes, or cut short within its first bytes");
    std::string version = trained.stream;
    version[4] = 2;
    trained.directory.write("version.mz", version);
    trained.fails(unpack + words("version.mz"), 1,
                  "version.mz: a stream of another version than 1; decompress it with the mote that made it");
}

TEST_CASE("--most bounds the text of a stream") {
    const Trained trained;
    const std::string size = std::to_string(trained.directory.read("app.log").size());
    trained.directory.mote_ok(unpack + words("app.log.mz --most " + size));
    trained.fails(unpack + words("app.log.mz -o back --most 100"), 1,
                  "app.log.mz: a text of more than 100 bytes; --most allows longer ones");
}

TEST_CASE("packets go to -o as to the standard output, whole or not at all") {
    const Trained trained;
    const std::string lines = "node 1 hears you\nnode 2 hears you\n";
    trained.directory.write("lines", lines);
    trained.directory.mote_ok(pack + words("--lines lines -o packets"));
    CHECK(trained.directory.read("packets") == trained.directory.mote_ok(pack + words("--lines lines")).out);
    trained.directory.mote_ok(unpack + words("--lines packets -o back"));
    CHECK(trained.directory.read("back") == lines);
    trained.directory.write("packet", trained.directory.mote_ok(pack, "node 1 hears you").out);
    trained.fails(
        unpack + words("packet -o none --most 1"), 1,
        "packet: a message of more than 1 bytes, or a packet that is damaged or of another model; --most allows "
        "longer ones");
}

TEST_CASE("options that a stream has no use for are refused") {
    const Trained trained;
    const auto refused = [&](const char *options, const std::string &reason) {
        trained.fails(words(options), 2, reason);
    };
    const std::string leave = "; leave the option out";
    refused("compress --model m.mote app.log --lines -o out.mz", "--lines: a stream holds lines as they are" + leave);
    refused("compress --model m.mote app.log --jsonl --stream", "--jsonl: a stream holds lines as they are" + leave);
    refused("compress --model m.mote app.log --text --stream", "--text: a stream is bytes" + leave);
    refused("decompress --model m.mote app.log.mz --id 1", "--id: a stream has the whole hash of its model" + leave);
    refused("decompress --model m.mote app.log.mz --check 4", "--check: a stream has checks of its own" + leave);
    refused("compress --model m.mote app.log --stream --split dev",
            "--split: goes with packets; a stream is all of FILE");
    refused("compress --model m.mote app.log --stream --stats -o out", "--output: --stats writes nothing but figures");
    refused("compress --model m.mote app.log -o app.log",
            "--output: app.log is the file that is read; give another one");
    refused("compress --model m.mote app.log -o m.mote", "--output: m.mote is the model; give another file");
    refused("decompress --model m.mote app.log --partial", "--partial: goes with --stream");
    refused("decompress --model m.mote app.log --most 16777217",
            "--most 16777217: must be at most 16777216, but of a stream");
}
