/* mote quantize --bits 4: every kind of model, what the other commands make of it, and what is found in a damaged one.
 */
#include "cli_runner.h"

#include "mote.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <memory>

using namespace mote_test;

namespace {

const char *const bits_kinds[] = {"--model bigram --batch 8",
                                  "--model mlp --context 4 --embed 6 --hidden 30 --layers 2",
                                  "--model mlp --context 3 --embed 6 --hidden 30 --activation relu",
                                  "--model rnn --embed 6 --hidden 70 --time 16", "--model gru --hidden 24 --time 16"};

/* M.mote, trained for some steps, and M4.mote. */
nlohmann::json quantize_to_bits(const Directory &directory, const std::string &kind) {
    directory.mote_ok(words("train names --lines --split 80/10/10 --steps 60 -o M.mote --quiet " + kind));
    return directory.mote_ok(words("quantize M.mote -o M4.mote --bits 4 --corpus names --split dev --json")).json();
}

/* Memory of an arena. */
class Memory {
  public:
    explicit Memory(size_t bytes) : bytes_(new unsigned char[bytes + MOTE_ALIGN]) {
        auto *first = bytes_.get();
        first += (MOTE_ALIGN - reinterpret_cast<uintptr_t>(first) % MOTE_ALIGN) % MOTE_ALIGN;
        REQUIRE(mote_arena_init(&arena, first, bytes) == MOTE_OK);
    }
    mote_arena arena{};

  private:
    std::unique_ptr<unsigned char[]> bytes_;
};

/* A model in a file, where the library opens it. */
class OpenFile {
  public:
    explicit OpenFile(const std::string &file) : blob_(file.size() + MOTE_ALIGN), open_(MOTE_OPEN_BYTES) {
        std::memcpy(blob_.arena.base, file.data(), file.size());
        REQUIRE(mote_model_open(&model_, &open_.arena, blob_.arena.base, file.size()) == MOTE_OK);
        REQUIRE(mote_model_config(model_, &config_) == MOTE_OK);
    }
    const mote_model *get() const { return model_; }
    const mote_config &config() const { return config_; }

  private:
    Memory blob_, open_;
    const mote_model *model_ = nullptr;
    mote_config config_{};
};

/* What the library itself makes of the model: its hash. */
uint64_t hash_of_4_bits(const OpenFile &before, const std::vector<float> &largest) {
    mote_config config = before.config();
    config.precision = MOTE_PRECISION_INT4;
    Memory memory(mote_model_bytes(&config));
    mote_model *made = nullptr;
    REQUIRE(mote_model_quantize(&made, &memory.arena, before.get(), MOTE_PRECISION_INT4, largest.data()) == MOTE_OK);
    return mote_weights_hash(made);
}

std::string hex(uint64_t number) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
    return text;
}

} // namespace

TEST_CASE("a model of 4 bits is what the library makes of it, of that size, and its loss close to that before") {
    for (const std::string kind : bits_kinds) {
        CAPTURE(kind);
        const Directory directory;
        const nlohmann::json json = quantize_to_bits(directory, kind);
        const OpenFile before(directory.read("M.mote")), after(directory.read("M4.mote"));
        CHECK(after.config().precision == MOTE_PRECISION_INT4);
        CHECK(json["bytes"] == mote_blob_bytes(&after.config()));
        CHECK(json["bytes_before"] == mote_blob_bytes(&before.config()));
        CHECK(json["bits_per_weight"] ==
              doctest::Approx(8.0 * 4.0 * static_cast<double>(mote_weight_count(&after.config())) /
                              static_cast<double>(mote_param_count(&before.config()))));
        const std::vector<float> largest = json["largest_activations"];
        CHECK(largest.size() == (kind.find("relu") != std::string::npos ? 1 : 0));
        CHECK(json["weights_hash"] == hex(hash_of_4_bits(before, largest)));
        CHECK(std::fabs(json["loss"].get<double>() - json["loss_before"].get<double>()) < 0.05);
        const nlohmann::json evaluated = directory.mote_ok(words("eval M4.mote names --split dev --json")).json();
        CHECK(evaluated["loss"] == json["loss"]);
    }
}

TEST_CASE("the bits a weight count all that its tensors take") {
    const Directory directory;
    directory.mote_ok(words("train rhyme --model gru --hidden 512 --batch 1 --time 2 --steps 1 -o M.mote --quiet"));
    const double bits4 =
                     directory.mote_ok(words("quantize M.mote -o Q.mote --bits 4 --json")).json()["bits_per_weight"],
                 bits8 =
                     directory.mote_ok(words("quantize M.mote -o Q.mote --bits 8 --json")).json()["bits_per_weight"];
    CHECK(bits4 > 4.25);
    CHECK(bits4 < 4.6);
    CHECK(bits8 > 8.1);
    CHECK(bits8 < 8.5);
    char line[40];
    std::snprintf(line, sizeof line, "bits           %.2f a weight", bits4);
    CHECK(directory.mote_ok(words("quantize M.mote -o Q.mote --bits 4")).out.find(line) != std::string::npos);
}

TEST_CASE("the commands that run a model take one of 4 bits") {
    for (const std::string kind : bits_kinds) {
        CAPTURE(kind);
        const Directory directory;
        const nlohmann::json made = quantize_to_bits(directory, kind);
        const std::string one = directory.mote_ok(words("sample M4.mote --length 30 --seed 2")).out;
        CHECK(one == directory.mote_ok(words("sample M4.mote --length 30 --seed 2")).out);
        directory.mote_ok(words("score M4.mote anna"));
        const nlohmann::json report = directory.mote_ok(words("inspect M4.mote --json")).json();
        CHECK(report["damaged"] == false);
        CHECK(report["selftest"] == true);
        CHECK(report["format"] == "1.1");
        CHECK(report["config"]["precision"] == "int4");
        CHECK(report["weights_hash"] == made["weights_hash"]);
        CHECK(report["tensors"][0]["max"].is_number());
        CHECK(report["multiply_adds"] == directory.mote_ok(words("inspect M.mote --json")).json()["multiply_adds"]);
        CHECK(report["memory"]["training"].empty());
        directory.mote_ok(words("inspect M4.mote"));
        directory.mote_ok(words("export M4.mote -o m.h"));
        CHECK(directory.read("m.h").find("MOTE_SHAPE_INT4(MOTE_SHAPE_") != std::string::npos);
        directory.mote_ok(words("export M4.mote -o m.bin"));
        CHECK(directory.read("m.bin") == directory.read("M4.mote").substr(0, directory.read("m.bin").size()));
        directory.mote_ok(words("profile M4.mote --seconds 0.01"));
    }
}

TEST_CASE("of 4 bits a changed byte is told of by the weight, the group, the scale or the padding") {
    const Directory directory;
    quantize_to_bits(directory, bits_kinds[3]);
    const std::string whole = directory.read("M4.mote");
    const nlohmann::json tensor = directory.mote_ok(words("inspect M4.mote --json")).json()["tensors"][2];
    REQUIRE(tensor["name"] == "weight_hh_l0");
    /* 16 outputs of 70 inputs: the scales, three groups and room for a fourth, eight inputs in each 64 bytes. */
    const size_t groups = 64, weights = groups + 32, panel = weights + 9 * 64;
    const struct {
        size_t at;
        unsigned kept, set; /* bits of the byte */
        const char *found;
    } changes[] = {{weights + 2 * 64 + 4 * 3 + 1, 0xF0, 0, "[3][17] is -8"},
                   {weights + 2 * 64 + 4 * 3 + 1, 0x0F, 0, "[3][21] is -8"},
                   {panel + weights + 4 * 15 + 2, 0x0F, 0, "[31][6] is -8"},
                   {groups + 8 + 3, 0xF0, 0, "the group of [3][32] is 0"},
                   {groups + 8 + 3, 0x0F, 0, "the group of [11][32] is 0"},
                   {groups + 24, 0, 1, "its padding is 1"},
                   {4 * 5 + 3, 0, 0xFF, "the scale of [5] is NaN"},
                   {weights + 8 * 64 + 3, 0x0F, 0x90, "its padding is 1"},
                   {4 * panel + weights + 4 * 7, 0, 0x87, "its padding is -1"},
                   {4 * panel + groups + 7, 0, 0x10, "its padding is 1"}};
    for (const auto &change : changes) {
        CAPTURE(change.found);
        std::string bytes = whole;
        const size_t at = tensor["offset"].get<size_t>() + change.at;
        const unsigned before = static_cast<unsigned char>(bytes[at]);
        bytes[at] = static_cast<char>((before & change.kept) | change.set);
        directory.write("D.mote", bytes);
        const Outcome outcome = directory.mote(words("inspect D.mote"));
        CHECK(outcome.exit_code == 1);
        CAPTURE(outcome.out);
        CHECK(outcome.out.find(change.found) != std::string::npos);
        CHECK(directory.mote(words("eval D.mote names")).exit_code == 1);
    }
}

TEST_CASE("of 4 bits a changed byte is told of though its weights could be") {
    const Directory directory;
    quantize_to_bits(directory, bits_kinds[3]);
    std::string bytes = directory.read("M4.mote");
    const nlohmann::json tensor = directory.mote_ok(words("inspect M4.mote --json")).json()["tensors"][2];
    char &byte = bytes[tensor["offset"].get<size_t>() + 64 + 32 + 2 * 64 + 4 * 3 + 1];
    byte = static_cast<char>(byte ^ ((byte & 15) == 1 ? 2 : 1)); /* never to a half of 0 */
    directory.write("D.mote", bytes);
    const Outcome outcome = directory.mote(words("inspect D.mote"));
    CHECK(outcome.exit_code == 1);
    CAPTURE(outcome.err);
    CHECK(outcome.err.find("tensor weight_hh_l0, [3][17] and [3][21]: one changed byte") != std::string::npos);
}

TEST_CASE("of 4 bits a tensor that begins at no multiple of 16 is told of") {
    const Directory directory;
    quantize_to_bits(directory, bits_kinds[3]);
    std::string bytes = directory.read("M4.mote");
    const size_t entry = bytes.find("weight_hh_l0");
    bytes[entry + 40] = static_cast<char>(bytes[entry + 40] ^ 8);
    directory.write("D.mote", bytes);
    const Outcome outcome = directory.mote(words("inspect D.mote"));
    CHECK(outcome.exit_code == 1);
    CAPTURE(outcome.out);
    CHECK(outcome.out.find("no multiple of 16") != std::string::npos);
}

TEST_CASE("what has weights of 4 bits is not quantized again, and does not learn") {
    const Directory directory;
    directory.mote_ok(words("train rhyme --model rnn --hidden 8 --steps 3 -o M.mote --quiet"));
    directory.mote_ok(words("quantize M.mote -o M4.mote --bits 4"));
    const std::pair<const char *, const char *> refusals[] = {
        {"quantize M4.mote -o N.mote --bits 8", "has weights of 4 bits already; quantize the model"},
        {"train rhyme --resume M4.mote -o N.mote", "M4.mote: has weights of 4 bits, which do not learn"},
        {"export M4.mote -o N.safetensors", "export the model of float32"},
        {"profile M4.mote --train", "profile without --train"}};
    for (const auto &[arguments, reason] : refusals) {
        const Outcome outcome = directory.mote(words(arguments));
        CHECK(outcome.exit_code == 1);
        CHECK(outcome.lines_of_err() == 1);
        CAPTURE(outcome.err);
        CHECK(outcome.err.find(reason) != std::string::npos);
        CHECK(directory.names() == std::vector<std::string>{"M.mote", "M4.mote"});
    }
}

TEST_CASE("pictures are drawn of a model of 4 bits") {
    const Directory directory;
    directory.mote_ok(words("train rhyme --model bigram --steps 3 -o M.mote --quiet"));
    directory.mote_ok(words("quantize M.mote -o B4.mote --bits 4"));
    directory.mote_ok(words("train rhyme --embed 6 --hidden 8 --steps 3 -o M.mote --quiet"));
    directory.mote_ok(words("quantize M.mote -o M4.mote --bits 4"));
    for (const std::string picture :
         {"bigrams B4.mote", "embedding M4.mote", "hidden M4.mote --prompt the", "surprise M4.mote the"}) {
        CAPTURE(picture);
        const Outcome outcome = directory.mote(words("plot " + picture + " -o p.svg"));
        if (outcome.err.find("there is no gnuplot") != std::string::npos) {
            MESSAGE("SKIPPED: there is no gnuplot");
            return;
        }
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        CHECK(directory.read("p.svg").find("</svg>") != std::string::npos);
    }
}
