/* What `mote export` promises: every form holds the model's bytes or tensors, in whatever a compiler makes of it. */
#include "cli_runner.h"
#include "opened_model.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>

using namespace mote_test;

namespace {

const std::string kinds[] = {"bigram", "mlp --context 3 --embed 5 --hidden 18 --layers 2", "rnn --hidden 20",
                             "rnn --embed 5 --hidden 17 --layers 2 --activation relu",
                             "gru --embed 5 --hidden 17 --layers 2"};

void train(const Directory &directory, const std::string &kind) {
    directory.mote_ok(words("train names --lines --steps 4 --batch 4 --quiet -o names.mote --model " + kind));
}

constexpr const char *strict = " -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -I . -I " MOTE_LIB_DIR " ";

/* Writes the blob that it holds to stdout. */
constexpr const char *dump = R"(#include "names.h"
#include <stdio.h>
int main(void) {
    if ((uintptr_t)names_blob % NAMES_BLOB_ALIGN != 0) return 2;
    return fwrite(names_blob, 1, sizeof names_blob, stdout) == sizeof names_blob ? 0 : 1;
}
)";

/* Whether a program in C and one in C++ of names.h, with what `object` compiles to, hold the blob. */
void check_programs(const Directory &directory, const std::string &object) {
    directory.write("dump.c", dump);
    directory.write("dump.cpp", dump);
    std::string objects;
    if (!object.empty()) {
        bool c = object.substr(object.size() - 2) == ".c";
        bool made = shell(directory, std::string("cc -std=c99 -c -o names.o ") + (c ? strict : "-I . ") + object);
        INFO(directory.read("log"));
        REQUIRE(made);
        objects = " names.o";
    }
    for (const std::string compiler : {"cc -std=c99", "cc -std=c11", "c++ -std=c++17"}) {
        CAPTURE(compiler);
        std::string source = compiler[1] == '+' ? "dump.cpp" : "dump.c";
        bool built = shell(directory, compiler + strict + source + objects + " -o dump");
        INFO(directory.read("log"));
        REQUIRE(built);
        REQUIRE(shell(directory, "./dump > dumped"));
        CHECK(directory.read("dumped") == directory.read("names.mote"));
    }
}

std::string replaced(std::string text, const std::string &from, const std::string &to) {
    size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("every form for a compiler holds the blob, of every model") {
    for (const std::string &kind : kinds) {
        CAPTURE(kind);
        Directory directory;
        train(directory, kind);
        directory.mote_ok(words("export names.mote -o names.h"));
        check_programs(directory, "");
        directory.mote_ok(words("export names.mote -o names.c"));
        check_programs(directory, "names.c");
        for (const std::string assembler : {"names.S", "names.s"}) {
            directory.mote_ok(words("export names.mote -o " + assembler));
            CHECK(directory.read("names.bin") == directory.read("names.mote"));
            check_programs(directory, assembler);
        }
    }
}

TEST_CASE("section and alignment are those that were asked for") {
    Directory directory;
    train(directory, "rnn --hidden 8");
    for (const std::string file : {"names.c", "names.S", "names.h"}) {
        CAPTURE(file);
        directory.mote_ok(words("export names.mote --section .flash.model --align 4096 -o " + file));
        check_programs(directory, file == "names.h" ? "" : file);
        REQUIRE(shell(directory, "cc -c -I . -I " MOTE_LIB_DIR " " + (file == "names.h" ? "dump.c" : file) +
                                     " -o names.o && objdump -h names.o"));
        std::string sections = directory.read("log");
        size_t at = sections.find(" .flash.model ");
        REQUIRE(at != std::string::npos);
        CHECK(sections.substr(at, sections.find('\n', at) - at).find("2**12") != std::string::npos);
    }
}

TEST_CASE("a header does not compile beside another format or another shape") {
    Directory directory;
    train(directory, "rnn --hidden 8");
    directory.mote_ok(words("export names.mote -o names.h"));
    directory.write("dump.c", dump);
    directory.write("dump.cpp", dump);
    std::string header = directory.read("names.h"), library = read_file(MOTE_LIB_DIR "/mote.h");
    const std::string compilers[] = {"cc -std=c99 dump.c", "cc -std=c11 dump.c", "c++ -std=c++17 dump.cpp"};
    auto builds = [&](const std::string &compiler) { return shell(directory, compiler + " -I . -o dump"); };
    directory.write("mote.h", library);
    for (const std::string name : {"sizes", "model", "run", "messages", "train", "data", "format"})
        directory.write("mote_" + name + ".h", read_file(MOTE_LIB_DIR "/mote_" + name + ".h"));
    for (const std::string &compiler : compilers) CHECK(builds(compiler));
    directory.write("names.h", replaced(header, "NAMES_HIDDEN 8u", "NAMES_HIDDEN 40u"));
    for (const std::string &compiler : compilers) CHECK(!builds(compiler));
    directory.write("names.h", header);
    directory.write("mote.h", replaced(library, "MOTE_FORMAT_MAJOR 1", "MOTE_FORMAT_MAJOR 2"));
    for (const std::string &compiler : compilers) CHECK(!builds(compiler));
    CHECK(directory.read("log").find("another format") != std::string::npos);
}

TEST_CASE("an assembler does not take another file for the blob") {
    Directory directory;
    train(directory, "bigram");
    directory.mote_ok(words("export names.mote -o names.S"));
    std::string blob = directory.read("names.bin");
    for (const std::string &other : {blob.substr(64), blob + "more"}) {
        directory.write("names.bin", other);
        CHECK(!shell(directory, "cc -c names.S -o names.o"));
        CHECK(directory.read("log").find("not the blob") != std::string::npos);
    }
}

TEST_CASE("a binary is the blob, of a checkpoint without its trainer") {
    Directory directory;
    directory.mote_ok(words("train names --lines --steps 4 --hidden 8 --quiet -o m.mote --checkpoint c.mote"));
    for (const std::string options : {"-o a.bin", "-o b.mote", "--binary -o c"}) {
        directory.mote_ok(words("export c.mote " + options));
        CHECK(directory.read(options.substr(options.rfind(' ') + 1)) == directory.read("m.mote"));
    }
    Outcome through = directory.mote_ok(words("export m.mote --binary -o /dev/stdout"));
    CHECK(through.out == directory.read("m.mote"));
}

#ifdef MOTE_CONVERT

namespace {

struct Tensor {
    std::vector<uint64_t> shape;
    std::string bytes;
    bool operator==(const Tensor &other) const { return shape == other.shape && bytes == other.bytes; }
};
using Tensors = std::map<std::string, Tensor>;

uint64_t number(const std::string &bytes, size_t at, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size; ++i) value |= uint64_t{static_cast<unsigned char>(bytes.at(at + i))} << (8 * i);
    return value;
}

Tensors of_safetensors(const std::string &file, nlohmann::json &metadata) {
    uint64_t length = number(file, 0, 8);
    CHECK(length % 8 == 0);
    nlohmann::json header = nlohmann::json::parse(file.substr(8, length));
    Tensors tensors;
    uint64_t end = 0;
    for (const auto &[name, entry] : header.items()) {
        if (name == "__metadata__") continue;
        CHECK(entry["dtype"] == "F32");
        uint64_t begin = entry["data_offsets"][0];
        CHECK(begin == end);
        end = entry["data_offsets"][1];
        tensors[name] = {entry["shape"], file.substr(8 + length + begin, end - begin)};
    }
    CHECK(file.size() == 8 + length + end);
    metadata = header["__metadata__"];
    return tensors;
}

/* "(65, 128)" or "(65,)" */
std::vector<uint64_t> npy_shape(const std::string &header) {
    std::vector<uint64_t> shape;
    size_t at = header.find("'shape': (") + std::strlen("'shape': (");
    while (header[at] != ')') {
        char *end = nullptr;
        shape.push_back(std::strtoull(header.c_str() + at, &end, 10));
        at = header.find_first_not_of(", ", static_cast<size_t>(end - header.c_str()));
    }
    return shape;
}

Tensor of_npy(const std::string &file) {
    REQUIRE(file.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
    size_t start = 10 + number(file, 8, 2);
    CHECK(start % 64 == 0);
    std::string header = file.substr(10, start - 10);
    CHECK(header.find("{'descr': '<f4', 'fortran_order': False, 'shape': (") == 0);
    CHECK(header.back() == '\n');
    return {npy_shape(header), file.substr(start)};
}

/* The entries of a zip, none of them compressed, as its central directory says. */
Tensors of_npz(const std::string &file) {
    size_t end = file.rfind("PK\x05\x06");
    REQUIRE(end != std::string::npos);
    Tensors tensors;
    size_t at = number(file, end + 16, 4);
    for (uint64_t left = number(file, end + 10, 2); left > 0; --left) {
        REQUIRE(file.substr(at, 4) == "PK\x01\x02");
        CHECK(number(file, at + 10, 2) == 0);
        size_t size = number(file, at + 24, 4), name_size = number(file, at + 28, 2), local = number(file, at + 42, 4);
        std::string name = file.substr(at + 46, name_size);
        REQUIRE(name.substr(name.size() - 4) == ".npy");
        size_t data = local + 30 + number(file, local + 26, 2) + number(file, local + 28, 2);
        tensors[name.substr(0, name.size() - 4)] = of_npy(file.substr(data, size));
        at += 46 + name_size + number(file, at + 30, 2) + number(file, at + 32, 2);
    }
    return tensors;
}

Tensor of_library(const mote_tensor &tensor) {
    Tensor found{{tensor.shape[0], tensor.shape[1]}, ""};
    if (tensor.layout == MOTE_LAYOUT_VECTOR) found.shape.pop_back();
    for (float value : elements(tensor)) found.bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
    return found;
}

/* What the tensors of each kind are called, in the order of the library's. */
const std::map<std::string, std::vector<std::string>> torch_names = {
    {kinds[0], {"embedding.weight"}},
    {kinds[1],
     {"embedding.weight", "hidden.0.weight", "hidden.0.bias", "hidden.1.weight", "hidden.1.bias", "output.weight",
      "output.bias"}},
    {kinds[2], {"rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "linear.weight", "linear.bias"}},
    {kinds[3],
     {"embedding.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.weight_ih_l1",
      "rnn.weight_hh_l1", "rnn.bias_ih_l1", "linear.weight", "linear.bias"}}};

} // namespace

TEST_CASE("safetensors and npz hold the model's tensors by PyTorch's names") {
    for (const auto &model_names : torch_names) {
        const auto &kind = model_names.first; // a lambda of the test's may not name a structured binding
        const auto &names = model_names.second;
        CAPTURE(kind);
        Directory directory;
        train(directory, kind);
        directory.mote_ok(words("export names.mote -o t.safetensors"));
        directory.mote_ok(words("export names.mote -o t.npz --vocab v.json"));
        nlohmann::json metadata;
        Tensors tensors = of_safetensors(directory.read("t.safetensors"), metadata);
        CHECK(of_npz(directory.read("t.npz")) == tensors);
        OpenedModel model(directory.read("names.mote"));
        for (uint32_t i = 0; i < names.size(); ++i) {
            CAPTURE(names[i]);
            CHECK(tensors[names[i]] == of_library(model.tensor(i)));
            size_t bias = names[i].find("bias_ih");
            if (bias == std::string::npos) continue;
            const Tensor &second = tensors[replaced(names[i], "bias_ih", "bias_hh")];
            CHECK(second.bytes == std::string(4 * second.shape.at(0), '\0'));
            CHECK(second.shape == tensors[names[i]].shape);
        }
        size_t second_biases = kind == kinds[2] ? 1 : kind == kinds[3] ? 2 : 0;
        CHECK(tensors.size() == names.size() + second_biases);
        nlohmann::json vocab = nlohmann::json::parse(directory.read("v.json"));
        CHECK(vocab.size() == 27);
        CHECK(vocab[0] == "<boundary>");
        CHECK(vocab[26] == "z");
        CHECK(nlohmann::json::parse(metadata["mote.vocab"].get<std::string>()) == vocab);
        CHECK(metadata["mote.boundary"] == "1");
        CHECK(metadata["mote.model"] == kind.substr(0, kind.find(' ')));
        CHECK(metadata.value("mote.context", "") == (kind == kinds[1] ? "3" : ""));
        CHECK(metadata.value("mote.activation", "") == (kind == kinds[0] ? "" : kind == kinds[3] ? "relu" : "tanh"));
    }
}

TEST_CASE("of a GRU, PyTorch's tensors hold the reset gate, the update gate and the candidate in turn") {
    Directory directory;
    train(directory, kinds[4]);
    directory.mote_ok(words("export names.mote -o t.safetensors"));
    nlohmann::json metadata;
    Tensors tensors = of_safetensors(directory.read("t.safetensors"), metadata);
    CHECK(metadata["mote.model"] == "gru");
    OpenedModel model(directory.read("names.mote"));
    std::map<std::string, Tensor> ours;
    for (uint32_t i = 0; i < 23; ++i) ours[model.tensor(i).name] = of_library(model.tensor(i));
    CHECK(ours.size() == 23);
    CHECK(tensors.size() == 3 + 2 * 4);
    CHECK(tensors["embedding.weight"] == ours["embedding"]);
    CHECK(tensors["linear.weight"] == ours["weight_out"]);
    CHECK(tensors["linear.bias"] == ours["bias_out"]);
    const std::string none(4 * 17, '\0');
    for (const std::string l : {"_l0", "_l1"}) {
        const uint64_t width = l == "_l0" ? 5 : 17;
        auto joined = [&](const std::string &r, const std::string &z, const std::string &n) {
            return ours[r + l].bytes + ours[z + l].bytes + ours[n + l].bytes;
        };
        CHECK(tensors["gru.weight_ih" + l] == Tensor{{51, width}, joined("weight_ir", "weight_iz", "weight_in")});
        CHECK(tensors["gru.weight_hh" + l] == Tensor{{51, 17}, joined("weight_hr", "weight_hz", "weight_hn")});
        CHECK(tensors["gru.bias_ih" + l] == Tensor{{51}, joined("bias_ir", "bias_iz", "bias_in")});
        CHECK(tensors["gru.bias_hh" + l] == Tensor{{51}, none + none + ours["bias_hn" + l].bytes});
    }
}

TEST_CASE("exports of tensors are the same bytes every time") {
    Directory directory;
    train(directory, kinds[3]);
    for (const std::string form : {"safetensors", "npz"}) {
        directory.mote_ok(words("export names.mote -o a." + form));
        directory.mote_ok(words("export names.mote --" + form + " -o b"));
        CHECK(directory.read("a." + form) == directory.read("b"));
    }
}

TEST_CASE("the list of characters says each as it is") {
    Directory directory;
    directory.write("text.txt", "\"\\\t\xC3\xA9\xF0\x9F\x98\x80 \"\n\"");
    directory.mote_ok(words("train text.txt --model bigram --count --quiet -o m.mote"));
    directory.mote_ok(words("export m.mote -o m.npz --vocab v.json"));
    CHECK(nlohmann::json::parse(directory.read("v.json")) ==
          nlohmann::json({"\t", "\n", " ", "\"", "\\", "\xC3\xA9", "\xF0\x9F\x98\x80"}));
}

TEST_CASE("options of tensors and of sources do not mix") {
    Directory directory;
    train(directory, "bigram");
    for (const std::string options :
         {"-o m.npz --name a", "-o m.safetensors --section a", "-o m.npz --align 64", "-o m.h --vocab v.json",
          "-o m.npz --vocab m.npz", "-o m.npz --vocab names.mote"}) {
        CAPTURE(options);
        Outcome outcome = directory.mote(words("export names.mote " + options));
        CHECK(outcome.exit_code == 2);
        CHECK(outcome.lines_of_err() == 1);
        CHECK(directory.names() == std::vector<std::string>{"names.mote"});
    }
}

#endif

TEST_CASE("an export that cannot be writes nothing and says why") {
    Directory directory;
    train(directory, "bigram");
    struct Bad {
        std::string options;
        int exit_code;
        std::string mentions;
    };
    const Bad bad[] = {{"-o m", 2, "--c-header"},
                       {"-o m.txt", 2, "--assembler (.S .s)"},
                       {"-o m.h --c-source", 2, "twice"},
                       {"-o m.h --c-source --binary", 2, "one form"},
                       {"-o m.bin --assembler", 2, "twice"},
                       {"-o names.mote", 2, "is the model"},
                       {"-o m.bin --name a", 2, "--name"},
                       {"-o m.bin --section a", 2, "--section"},
                       {"-o m.bin --align 64", 2, "--align"},
                       {"-o m.h --align 32", 2, "multiple of 64"},
                       {"-o m.h --align 96", 2, "power of two"},
                       {"-o m.h --align 131072", 2, "65536"},
                       {"-o m.h --align 64x", 2, "power of two"},
                       {"-o m.h --section a\"b", 2, "letters"},
                       {"-o m.h --name a-b", 2, "identifier"},
                       {"-o a\"b.c", 2, "character"},
                       {"-o /dev/stdout --assembler", 2, "beside"},
                       {"-o nowhere/m.c", 1, "nowhere/m.c"},
                       {"-o /dev/full --binary", 1, "No space"}};
    for (const Bad &one : bad) {
        CAPTURE(one.options);
        Outcome outcome = directory.mote(words("export names.mote " + one.options));
        CHECK(outcome.exit_code == one.exit_code);
        CHECK(outcome.err.find(one.mentions) != std::string::npos);
        CHECK(outcome.lines_of_err() == 1);
        CHECK(directory.names() == std::vector<std::string>{"names.mote"});
    }
}

TEST_CASE("of several files all are written or none") {
    Directory directory;
    train(directory, "bigram");
    for (const std::string form : {"S", "c"}) {
        std::filesystem::create_directory(directory.path("m.h"));
        Outcome outcome = directory.mote(words("export names.mote -o m." + form));
        CHECK(outcome.exit_code == 1);
        CHECK(outcome.err.find("m.h") != std::string::npos);
        CHECK(directory.names() == std::vector<std::string>{"m.h", "names.mote"});
        std::filesystem::remove(directory.path("m.h"));
    }
}
