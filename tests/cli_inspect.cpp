/* What `mote inspect` promises: the numbers of a model, and of a damaged file what is wrong with it and where. The
 * places in the format are written down here once more, so that a change of the format is seen. */
#include "cli_runner.h"
#include "opened_model.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>

using namespace mote_test;

namespace {

const std::string kinds[] = {"bigram", "mlp --context 3 --embed 5 --hidden 18 --layers 2", "rnn --hidden 20",
                             "rnn --embed 5 --hidden 17 --layers 2 --activation relu",
                             "gru --embed 5 --hidden 17 --layers 2"};

/* m.mote, and where `more` asks for one a checkpoint. */
std::string train(const Directory &directory, const std::string &kind, const std::string &more = "") {
    directory.mote_ok(
        words("train names --lines --steps 4 --batch 2 --time 8 --quiet -o m.mote --model " + kind + " " + more));
    return directory.read("m.mote");
}

uint32_t get(const std::string &file, size_t at) {
    uint32_t number;
    std::memcpy(&number, file.data() + at, sizeof number);
    return number;
}

void put(std::string &file, size_t at, uint32_t number) { std::memcpy(&file[at], &number, sizeof number); }

void put(std::string &file, size_t at, float number) { std::memcpy(&file[at], &number, sizeof number); }

constexpr size_t crc_at = 12, section_count_at = 48;

/* Bit by bit, the field itself read as zero. */
void repair_crc(std::string &file) {
    uint32_t crc = ~0u;
    for (size_t i = 0; i < get(file, 8); ++i) {
        crc ^= i >= crc_at && i < crc_at + 4 ? 0 : static_cast<unsigned char>(file[i]);
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
    }
    put(file, crc_at, ~crc);
}

/* The place of a section's line in the section table. */
size_t line_of(const std::string &file, const std::string &name) {
    for (size_t at = 128; at < 128 + 16 * size_t{get(file, section_count_at)}; at += 16)
        if (file.substr(at, 4) == name) return at;
    FAIL("no section " << name);
    return 0;
}
size_t section(const std::string &file, const std::string &name) { return get(file, line_of(file, name) + 8); }

/* The report on a file with these bytes, damaged or not. */
struct Report {
    int exit_code;
    std::string err;
    nlohmann::json json;
};
Report inspect(const Directory &directory, const std::string &bytes) {
    directory.write("d.mote", bytes);
    Outcome outcome = directory.mote(words("inspect d.mote --json"));
    Report report{outcome.exit_code, outcome.err, outcome.json()};
    CHECK(outcome.lines_of_err() == (report.exit_code == 0 ? 0 : 1));
    CHECK(report.json["findings"].empty() == (report.exit_code == 0));
    return report;
}

/* The first finding is of this part and says this, and so does the line of the error. */
void check_finding(const Report &report, const std::string &part, const std::string &what) {
    CAPTURE(part);
    CHECK(report.exit_code == 1);
    REQUIRE(!report.json["findings"].empty());
    const nlohmann::json first = report.json["findings"][0];
    INFO(report.json["findings"].dump());
    CHECK(first["part"].get<std::string>().find(part) != std::string::npos);
    CHECK(first["what"].get<std::string>().find(what) != std::string::npos);
    CHECK(report.err.find(first["what"].get<std::string>()) != std::string::npos);
    CHECK(report.json["damage"].get<std::string>().find(what) != std::string::npos);
}

} // namespace

TEST_CASE("inspect knows every tensor's place, shape and numbers") {
    for (const std::string &kind : kinds) {
        CAPTURE(kind);
        Directory directory;
        std::string file = train(directory, kind, "--init normal --steps 0");
        nlohmann::json report = inspect(directory, file).json;
        OpenedModel model(file);
        for (uint32_t i = 0; i < report["tensors"].size(); ++i) {
            const nlohmann::json &told = report["tensors"][i];
            mote_tensor tensor = model.tensor(i);
            CHECK(told["name"] == tensor.name);
            CHECK(told["shape"] == nlohmann::json({tensor.shape[0], tensor.shape[1]}));
            CHECK(told["offset"] == model.offset(tensor));
            CHECK(told["bytes"] == 4 * tensor.count);
            std::vector<float> values = elements(tensor);
            double count = static_cast<double>(values.size()), sum = 0, squares = 0;
            for (float value : values) sum += static_cast<double>(value);
            for (float value : values) squares += std::pow(static_cast<double>(value) - sum / count, 2);
            CHECK(told["min"] == *std::min_element(values.begin(), values.end()));
            CHECK(told["max"] == *std::max_element(values.begin(), values.end()));
            CHECK(told["mean"].get<double>() == doctest::Approx(sum / count));
            CHECK(told["deviation"].get<double>() == doctest::Approx(std::sqrt(squares / count)));
            CHECK(told["zeros"] == static_cast<double>(std::count(values.begin(), values.end(), 0.0f)) / count);
        }
    }
}

TEST_CASE("inspect knows the parts of a file, its hashes and its format") {
    for (const std::string &kind : kinds) {
        CAPTURE(kind);
        Directory directory;
        std::string file = train(directory, kind, "--checkpoint c.mote --split 80/20 --eval-every 2 --patience 9");
        for (const std::string &bytes : {file, directory.read("c.mote")}) {
            bool checkpoint = bytes != file;
            nlohmann::json report = inspect(directory, bytes).json;
            CHECK(report["damaged"] == false);
            CHECK(report["damage"].is_null());
            CHECK(report["format"] == "1.0");
            CHECK(report["size"] == bytes.size());
            CHECK(report["checkpoint"] == checkpoint);
            CHECK(report["selftest"] == true);
            char text[17];
            std::snprintf(text, sizeof text, "%08x", get(bytes, crc_at));
            CHECK(report["checksum"]["stored"] == text);
            CHECK(report["checksum"]["computed"] == text);
            std::snprintf(text, sizeof text, "%016llx",
                          static_cast<unsigned long long>(mote_fnv1a(MOTE_FNV_START, bytes.data(), bytes.size())));
            CHECK(report["blob_hash"] == text);
            size_t last = report["parts"].size() - 1;
            CHECK(last == (checkpoint ? 9 : 6));
            for (const std::string name : {"TENS", "VOCB", "DATA", "TEST", "run1"}) {
                size_t line = line_of(bytes, name);
                const nlohmann::json &part = report["parts"][(line - 128) / 16 + 2];
                CHECK(part["offset"] == get(bytes, line + 8));
                CHECK(part["bytes"] == get(bytes, line + 12));
            }
            const nlohmann::json &end = report["parts"][last];
            const size_t behind = end["offset"].get<size_t>() + end["bytes"].get<size_t>();
            CHECK((behind + 63) / 64 * 64 == bytes.size());
            CHECK(end["name"] == (checkpoint ? "section 'chn1'" : "section 'run1'"));
            CHECK(report["trainer"].is_null() == !checkpoint);
            if (checkpoint) CHECK(report["trainer"]["batch"] == 2);
        }
    }
}

TEST_CASE("multiply-adds are the products of a step") {
    const std::pair<std::string, uint64_t> wanted[] = {{kinds[0], 0},
                                                       {kinds[1], 15 * 18 + 18 * 18 + 18 * 27},
                                                       {kinds[2], 20 * 20 + 20 * 27},
                                                       {kinds[3], 5 * 17 + 17 * 17 + 17 * 17 + 17 * 17 + 17 * 27}};
    for (const auto &one : wanted) {
        CAPTURE(one.first);
        Directory directory;
        CHECK(inspect(directory, train(directory, one.first)).json["multiply_adds"] == one.second);
    }
}

TEST_CASE("a report for people has the parts, the tensors and the memory") {
    Directory directory;
    train(directory, kinds[3], "--checkpoint c.mote");
    std::string text = directory.mote_ok(words("inspect c.mote")).out;
    for (const char *word :
         {"checkpoint", "format           1.0", "damage           none", "multiply-adds", "tensor table", "trainer",
          "weight_hh_l1", "deviation", "adamw", "weights hash", "self-test        passed"}) {
        CAPTURE(word);
        CHECK(text.find(word) != std::string::npos);
    }
}

TEST_CASE("a single changed byte is found, wherever it is") {
    for (const std::string &kind : kinds) {
        CAPTURE(kind);
        Directory directory;
        train(directory, kind, "--checkpoint c.mote");
        const std::string whole = directory.read("c.mote");
        std::vector<size_t> places;
        for (size_t at = 0; at < 208; at += at < 48 ? 1 : 7) places.push_back(at);
        for (size_t i = 1; i <= 60; ++i) places.push_back(208 + i * (whole.size() - 209) / 60);
        for (size_t at : places) {
            CAPTURE(at);
            std::string file = whole;
            file[at] = static_cast<char>(file[at] ^ (at % 3 == 0 ? 0x01 : at % 3 == 1 ? 0x80 : 0xFF));
            Report report = inspect(directory, file);
            REQUIRE(report.exit_code == 1);
            CHECK(report.json["damaged"] == true);
            CHECK(report.json["findings"][0]["offset"] == (at >= 8 && at < 12 ? 8 : at));
            CHECK(report.err.find("the checksum is right") != std::string::npos);
        }
    }
}

TEST_CASE("a changed byte is told of by the tensor, the token and the field that it belongs to") {
    Directory directory;
    const std::string whole = train(directory, kinds[2]);
    OpenedModel model(whole);
    mote_tensor recurrent = model.tensor(1);
    /* Element [3][17] of W[out][in] lies in panel 0, row 17, column 3. */
    const std::pair<size_t, std::string> places[] = {
        {model.offset(recurrent) + 4 * (17 * 16 + 3) + 1, "tensor weight_hh_l0, [3][17]"},
        {model.offset(recurrent) + 4 * (20 * 16 + 4), "tensor weight_hh_l0, its padding"},
        {section(whole, "VOCB") + 64 + 4 * 5, "vocabulary, token 5"},
        {section(whole, "TEST") + 64 + 64 + 8 * 2, "self-test, character 3"},
        {section(whole, "TENS") + 64, "tensor table, entry 1"},
        {36, "header, hidden"},
        {130, "section table, "}};
    for (const auto &[at, part] : places) {
        std::string file = whole;
        file[at] = static_cast<char>(file[at] ^ 0x20);
        check_finding(inspect(directory, file), part, "one changed byte");
    }
}

TEST_CASE("more than one changed byte is not taken for one, and what else tells is told") {
    Directory directory;
    const std::string whole = train(directory, kinds[2]);
    OpenedModel model(whole);
    std::string file = whole;
    size_t at = model.offset(model.tensor(0));
    for (size_t i = 0; i < 64; ++i) file[at + i] = static_cast<char>(file[at + i] ^ 0x11);
    Report report = inspect(directory, file);
    check_finding(report, "checksum", "nor does anything else");
    CHECK(report.json["weights_hash"].is_string());
    CHECK(report.json["selftest"] == false);
    put(file, at + 64, std::nanf(""));
    check_finding(inspect(directory, file), "tensor weight_ih_l0", "NaN");
}

TEST_CASE("a block of zeros is suspected where the checksum is wrong, and nowhere else") {
    for (const std::string &kind : kinds) {
        CAPTURE(kind);
        Directory directory;
        std::string file = train(directory, kind);
        OpenedModel model(file);
        mote_tensor tensor = model.tensor(kind == kinds[0] ? 0 : 1); /* a matrix */
        size_t at = model.offset(tensor) + 64 * 3;
        file.replace(at, 64, 64, '\0');
        Report report = inspect(directory, file);
        check_finding(report, std::string("tensor ") + tensor.name, "16 zeros in a row from ");
        CHECK(report.json["findings"][0]["offset"] == at);
        /* Biases that are zero, and two changed bytes elsewhere. */
        file = train(directory, kind, "--init normal --steps 0");
        for (size_t i : {at, at + 64}) file[i] = static_cast<char>(file[i] ^ 1);
        check_finding(inspect(directory, file), "checksum", "nor does anything else");
    }
}

TEST_CASE("a file that is cut short tells what it has, and what is there is told") {
    Directory directory;
    const std::string whole = train(directory, kinds[3]);
    for (size_t size : {size_t{128}, size_t{130}, size_t{300}, whole.size() / 2, whole.size() - 64, whole.size() - 1}) {
        CAPTURE(size);
        Report report = inspect(directory, whole.substr(0, size));
        check_finding(report, "file", "has " + std::to_string(size) + " of " + std::to_string(whole.size()) + " bytes");
        CHECK(report.json["params"].is_number());
        CHECK(report.json["config"]["model"] == "rnn");
    }
    Report half = inspect(directory, whole.substr(0, whole.size() / 2));
    CHECK(half.json["tensors"][0]["mean"].is_number());
    CHECK(half.json["tensors"].back()["mean"].is_null());
    CHECK(half.json["characters"] == "abcdefghijklmnopqrstuvwxyz");
    for (size_t size : {size_t{4}, size_t{127}})
        check_finding(inspect(directory, whole.substr(0, size)), "header", "cut short");
}

TEST_CASE("what is not a model is not called a damaged one") {
    Directory directory;
    for (const std::string &bytes :
         {std::string(), std::string("a"), std::string(4000, 'x'), std::string(4000, '\0')}) {
        Report report = inspect(directory, bytes);
        check_finding(report, "header", "not a mote model");
        CHECK(report.err.find("damaged") == std::string::npos);
        CHECK(report.json["config"].is_null());
    }
}

TEST_CASE("a blob of another major version is not damaged") {
    Directory directory;
    std::string file = train(directory, "bigram");
    file[4] = 2;
    repair_crc(file);
    Report report = inspect(directory, file);
    check_finding(report, "header", "format 2.0, this program reads 1");
    CHECK(report.json["damaged"] == false);
}

TEST_CASE("bytes behind a blob are not damage") {
    Directory directory;
    std::string file = train(directory, kinds[2]);
    Report report = inspect(directory, file + std::string(100, '\xFF'));
    CHECK(report.exit_code == 0);
    CHECK(report.json["size"] == file.size());
    CHECK(report.json["file_bytes"] == file.size() + 100);
}

TEST_CASE("a section that this program does not know, and may skip, is not damage") {
    Directory directory;
    std::string file = train(directory, kinds[2]);
    uint32_t count = get(file, section_count_at), size = get(file, 8);
    size_t line = 128 + 16 * size_t{count};
    file.replace(line, 4, "NEWS");
    put(file, line + 8, size);
    put(file, line + 12, 64u);
    put(file, section_count_at, count + 1);
    put(file, 8, size + 64);
    file += std::string(64, 'n');
    repair_crc(file);
    Report report = inspect(directory, file);
    CHECK(report.exit_code == 0);
    CHECK(report.json["parts"].back() == nlohmann::json({{"name", "section 'NEWS'"}, {"offset", size}, {"bytes", 64}}));
}

TEST_CASE("damage that the checksum hides is found in the part that has it") {
    Directory directory;
    train(directory, kinds[2], "--checkpoint c.mote --optimizer adagrad --split 80/20 --eval-every 2 --patience 9");
    const std::string whole = directory.read("c.mote");
    OpenedModel model(whole);
    const size_t tensors = section(whole, "TENS"), vocab = section(whole, "VOCB"), test = section(whole, "TEST");
    const size_t data = section(whole, "DATA"), trainer = section(whole, "TRNR"), best = section(whole, "BEST");
    const size_t recurrent = model.offset(model.tensor(1)), bias = model.offset(model.tensor(2));
    const size_t hidden = trainer + 128, moment = hidden + 4 * 2 * 32; /* 2 rows of 20, padded to 32 */
    struct Damage {
        std::string part, what;
        std::function<void(std::string &)> make;
    };
    auto real = [](size_t at, float value) { return [=](std::string &file) { put(file, at, value); }; };
    auto whole_number = [](size_t at, uint32_t value) { return [=](std::string &file) { put(file, at, value); }; };
    const Damage kinds_of_damage[] = {
        {"tensor weight_hh_l0", "[3][17] is NaN", real(recurrent + 4 * (17 * 16 + 3), std::nanf(""))},
        {"tensor weight_hh_l0", "[3][17] is -infinity", real(recurrent + 4 * (17 * 16 + 3), -INFINITY)},
        {"tensor bias_l0", "[5] is 1e-39", real(bias + 4 * 5, 1e-39f)},
        {"tensor bias_l0", "[5] is -0", real(bias + 4 * 5, -0.0f)},
        {"tensor bias_l0", "its padding is 1,", real(bias + 4 * 20, 1.0f)},
        {"best weight_ih_l0", "is infinity", real(best, INFINITY)},
        {"hidden state 0", "is NaN", real(hidden, std::nanf(""))},
        {"moment 1 of weight_ih_l0", "is -1", real(moment, -1.0f)},
        {"trainer", "batch 3", whole_number(trainer, 3)},
        {"trainer", "settings", whole_number(trainer + 8, 7)},
        {"vocabulary", "token 4 is U+0061, not in order", whole_number(vocab + 64 + 4 * 4, 'a')},
        {"vocabulary", "token 4 is U+D800, no character", whole_number(vocab + 64 + 4 * 4, 0xD800)},
        {"vocabulary", "token 0 is U+0062, not as the boundary", whole_number(vocab + 64, 'b')},
        {"vocabulary", "26 characters", whole_number(vocab, 26)},
        {"vocabulary", "flags 4", whole_number(vocab + 4, 4)},
        {"vocabulary", "not zero", whole_number(vocab + 32, 1)},
        {"header", "no model has input 9", whole_number(16, 9)},
        {"header", "65 sections", whole_number(section_count_at, 65)},
        {"section table", "vocabulary begins at 65, no multiple", whole_number(line_of(whole, "VOCB") + 8, 65)},
        {"section table", "tensors begins at 256, inside", whole_number(line_of(whole, "DATA") + 8, 256)},
        {"section table", "trainer is cut off", whole_number(line_of(whole, "TRNR") + 12, 1u << 30)},
        {"section table", "there is no vocabulary",
         [&](std::string &file) {
             file.replace(line_of(whole, "VOCB"), 4, "NEWS");
             put(file, line_of(whole, "VOCB") + 4, 0u);
         }},
        {"section table", "section 'NEWS' is of a kind",
         [&](std::string &file) { file.replace(line_of(whole, "VOCB"), 4, "NEWS"); }},
        {"section table", "self-test is there twice",
         [&](std::string &file) { file.replace(line_of(whole, "run1"), 4, "TEST"); }},
        {"file", "before tensor table", whole_number(264, 1)},
        {"tensor table", "is \"xeight_ih_l0\", where weight_ih_l0", [=](std::string &file) { file[tensors] = 'x'; }},
        {"tensor table", "weight_hh_l0 is 20 x 21", whole_number(tensors + 64 + 28, 21)},
        {"tensor table", "unknown type 3", whole_number(tensors + 32, 3)},
        {"tensor table", "is of type 1, not 0", whole_number(tensors + 32, 1)},
        {"tensor table", "is of type 2, not 0", whole_number(tensors + 32, 2)},
        {"tensor table", "layout 2", whole_number(tensors + 36, 2)},
        {"tensor table", "weight_hh_l0 begins inside", whole_number(tensors + 64 + 40, static_cast<uint32_t>(data))},
        {"tensor table", "not among the tensors", whole_number(tensors + 40, 64)},
        {"self-test", "token 27", whole_number(test + 64, 27)},
        {"self-test", "not those of a self-test", whole_number(test, 31)},
        {"self-test", "from character 6 of 32", whole_number(test + 64 + 64 + 8 * 5, 1)},
        {"self-test", "from character 2 of 32", real(recurrent, 3.0f)}};
    for (const Damage &damage : kinds_of_damage) {
        CAPTURE(damage.what);
        std::string file = whole;
        damage.make(file);
        repair_crc(file);
        check_finding(inspect(directory, file), damage.part, damage.what);
    }
}

TEST_CASE("no damage, however large, ends inspect without a report") {
    std::mt19937 random(7);
    for (const std::string &kind : kinds) {
        Directory directory;
        train(directory, kind, "--checkpoint c.mote");
        const std::string whole = directory.read("c.mote");
        for (int round = 0; round < 60; ++round) {
            CAPTURE(round);
            std::string file = whole;
            /* Most of it where the fields are that other bytes are found by. */
            size_t changes = 1 + random() % 8, reach = round % 2 == 0 ? 1024 : file.size();
            for (size_t i = 0; i < changes; ++i)
                file[16 + random() % (reach - 16)] = static_cast<char>(random() % 3 == 0 ? 0xFF : random());
            repair_crc(file);
            Report report = inspect(directory, file);
            CHECK((report.exit_code == 0 || report.exit_code == 1));
        }
    }
}
