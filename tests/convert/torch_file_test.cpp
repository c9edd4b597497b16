#include "torch_file.h"

#include "foreign_support.h"

#include <doctest/doctest.h>

using namespace mote_test;
using mote::cli::Dtype;
using mote::cli::ForeignFile;
using mote::cli::read_torch;

namespace {

ForeignFile read_top(const std::string &bytes) { return read_torch(bytes, ""); }

std::string refused(const std::string &name, const std::string &key = "") {
    return failure([&] { read_torch(container(name), key); });
}

void check_every_type(const ForeignFile &file) {
    CHECK(file.format == "PyTorch");
    CHECK(file.tensors.size() == 12);
    check_common_types(file);
    check_tensor(file, "bfloat16", Dtype::bf16);
    check_tensor(file, "scalar", Dtype::f32, {});
    check_tensor(file, "empty", Dtype::f32, {0, 3});
}

void check_views(const ForeignFile &file) {
    for (const char *name : {"tied", "tied_too", "transposed", "within", "parameter"})
        check_tensor(file, name, Dtype::f32);
    CHECK(tensor(file, "tied").data == tensor(file, "tied_too").data);
    CHECK(tensor(file, "transposed").strides == std::vector<uint64_t>{1, 2});
    CHECK(tensor(file, "within").strides == std::vector<uint64_t>{5, 1});
}

void check_layer(const ForeignFile &file) {
    REQUIRE(file.tensors.size() == 2);
    CHECK(file.tensors[0].name == "weight");
    check_tensor(file, "weight", Dtype::f32);
    check_tensor(file, "bias", Dtype::f32, {2});
}

/* Opcodes. */
std::string text(const std::string &value) { return "X" + number_bytes(value.size(), 4) + value; }
std::string whole(uint64_t value) { return "\x8a\x08" + number_bytes(value, 8); }
std::string global(const std::string &module, const std::string &name) { return "c" + module + "\n" + name + "\n"; }
std::string tuple(const std::string &items) { return "(" + items + "t"; }
std::string call(const std::string &callee, const std::string &items) { return callee + tuple(items) + "R"; }
std::string dict(const std::string &items) { return "}(" + items + "u"; }

std::string storage(uint64_t count, const std::string &type = "FloatStorage") {
    return tuple(text("storage") + global("torch", type) + text("0") + text("cpu") + whole(count)) + "Q";
}

const std::string rebuild = global("torch._utils", "_rebuild_tensor_v2");
const std::string no_hooks = global("collections", "OrderedDict") + ")R";

/* A tensor over 6 floats. */
std::string tensor_of(const std::string &shape, const std::string &strides, uint64_t offset = 0,
                      const std::string &more = "") {
    return call(rebuild, storage(6) + whole(offset) + tuple(shape) + tuple(strides) + "\x89" + no_hooks + more);
}

const std::string matrix = tensor_of(whole(2) + whole(3), whole(3) + whole(1));

std::string pickle(const std::string &opcodes) { return "\x80\x02" + opcodes + "."; }

/* A file in the older format, with a storage "0" of `count` elements. */
std::string stream(const std::string &opcodes, uint64_t count = 6,
                   const std::string &elements = std::string(24, '\0')) {
    return pickle("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") + pickle("M\xe9\x03") + pickle("}") +
           pickle(opcodes) + pickle("](" + text("0") + "e") + number_bytes(count, 8) + elements;
}

std::string stream_refused(const std::string &opcodes, const std::string &key = "") {
    return failure([&] { read_torch(stream(opcodes), key); });
}

std::string tensor_refused(const std::string &value) {
    const std::string storage_anyway = storage(6) + "0"; /* which is pushed and popped */
    std::string message = stream_refused(storage_anyway + dict(text("W") + value)), start = "tensor \"W\": ";
    REQUIRE(message.rfind(start, 0) == 0);
    return message.substr(start.size());
}

} // namespace

TEST_CASE("torch: every type is read in either format") {
    check_every_type(read_top(container("types.pt")));
    check_every_type(read_top(container("types_legacy.pt")));
}

TEST_CASE("torch: tied tensors, views and parameters are read where their storage is") {
    check_views(read_top(container("views.pt")));
    check_views(read_top(container("views_legacy.pt")));
}

TEST_CASE("torch: protocols 3 to 5 of pickle are read") {
    for (const char *name : {"protocol3.pt", "protocol3_legacy.pt", "protocol4.pt", "protocol4_legacy.pt",
                             "protocol5.pt", "protocol5_legacy.pt"}) {
        CAPTURE(name);
        check_layer(read_top(container(name)));
    }
}

TEST_CASE("torch: a file that says so is read highest byte first") {
    check_tensor(read_top(container("big_endian.pt")), "W", Dtype::f32);
}

TEST_CASE("torch: the values of the older format lie in the file's own memory") {
    const ForeignFile file = read_top(container("types_legacy.pt"));
    REQUIRE(file.memory.size() == 1);
    const auto *begin = reinterpret_cast<const unsigned char *>(file.memory.front().data());
    for (const auto &each : file.tensors) {
        CHECK(each.data >= begin);
        CHECK(each.data <= begin + file.memory.front().size());
    }
}

TEST_CASE("torch: a key leads into a checkpoint, through dictionaries too") {
    for (const char *name : {"checkpoint.pt", "checkpoint_legacy.pt"}) {
        CAPTURE(name);
        check_layer(read_torch(container(name), "model_state_dict"));
        check_layer(read_torch(container(name), "parts.a"));
    }
    const std::string dotted = stream(dict(text("a.b") + dict(text("W") + matrix)));
    CHECK(read_torch(dotted, "a.b").tensors.size() == 1);
}

TEST_CASE("torch: without the right key the keys that would do are told") {
    const std::string advice = "; tensors are at \"model_state_dict\", \"parts.c\": choose one by --key NAME";
    for (const char *name : {"checkpoint.pt", "checkpoint_legacy.pt"}) {
        CAPTURE(name);
        CHECK(refused(name) == "the file holds not only tensors: \"epoch\" is a whole number" + advice);
        CHECK(refused(name, "model") == "there is nothing at the key \"model\"" + advice);
        CHECK(refused(name, "parts.d") == "there is nothing at the key \"parts.d\"" + advice);
        CHECK(refused(name, "epoch") == "the key \"epoch\" holds a whole number and no dictionary of tensors");
        CHECK(refused(name, "parts.b") == "the key \"parts.b\" holds an empty dictionary");
        CHECK(refused(name, "shape.x") == "there is nothing at the key \"shape.x\"" + advice);
    }
}

TEST_CASE("torch: nothing of a dictionary is dropped") {
    const ForeignFile mixed = read_top(container("mixed.pt"));
    CHECK(tensor(mixed, "epoch").unusable == "is a whole number; --ignore epoch leaves it out");
    CHECK(refused("one_tensor.pt") == "the file holds a tensor and no dictionary of tensors");
    CHECK(stream_refused(dict(text("W") + matrix + whole(1) + matrix)) ==
          "the file holds not only tensors: a key that is a whole number is a tensor");
    CHECK(stream_refused(dict(text("W") + matrix + text("W") + matrix)) == "two tensors are named \"W\"");
    CHECK(stream_refused(dict(text(std::string("a\0b", 3)) + matrix)) ==
          "the name \"a\\u0000b\" holds a control character");
    CHECK_FALSE(stream_refused(dict(text("a\xFF") + matrix)).empty());
    CHECK(stream_refused(dict(text(std::string(1024, 'a')) + matrix)).empty());
    CHECK(stream_refused(dict(text(std::string(1025, 'a')) + matrix)).find("is longer than 1024 bytes") !=
          std::string::npos);
}

TEST_CASE("torch: nothing is executed, and who wants it is told what to save") {
    CHECK(tensor(read_top(container("command.pt")), "args").unusable ==
          "is an object that \"posix.system\" would make, which is never executed; --ignore args leaves it out");
    CHECK(refused("whole_model.pt") ==
          "the file holds a whole model, whose \"torch.nn.modules.container.Sequential\" would have "
          "to be executed; save its state_dict() instead");
    CHECK(refused("script.pt") ==
          "holds a TorchScript program; load it by torch.jit.load and save its state_dict() by torch.save");
    const std::string anyway = storage(6) + "0"; /* which is pushed and popped */
    auto top_refused = [&](const std::string &opcodes) { return stream_refused(anyway + opcodes); };
    CHECK(top_refused(global("os", "system") + tuple(text("true")) + "R") ==
          "the file holds an object that \"os.system\" would make, which is never executed, and no dictionary of "
          "tensors");
    const std::string class_of = tuple(text("module") + global("net", "Net") + text("net.py") + text("source")) + "Q";
    CHECK(top_refused(class_of + ")\x81" + dict(text("_parameters") + "}") + "b") ==
          "the file holds a whole model, whose \"net.Net\" would have to be executed; save its state_dict() instead");
}

TEST_CASE("torch: older and newer ways to describe a tensor are read") {
    const std::string older = call(global("torch._utils", "_rebuild_tensor"),
                                   storage(6) + whole(0) + tuple(whole(2) + whole(3)) + tuple(whole(3) + whole(1)));
    const std::string typed = call(global("torch._utils", "_rebuild_tensor_v3"),
                                   storage(24, "UntypedStorage") + whole(1) + tuple(whole(2)) + tuple(whole(1)) +
                                       "\x89" + no_hooks + global("torch", "uint16"));
    const std::string stateful =
        call(global("torch._utils", "_rebuild_parameter_with_state"), matrix + "\x88" + no_hooks + "}");
    const std::string parameter = call(global("torch.nn.parameter", "Parameter"), matrix + "\x88");
    const std::string sized = call(rebuild, storage(6) + whole(0) + call(global("torch", "Size"), tuple(whole(6))) +
                                                tuple(whole(1)) + "\x89" + no_hooks + "}");
    for (const std::string &value : {older, stateful, parameter})
        CHECK(read_top(stream(dict(text("W") + value))).tensors[0].shape == std::vector<uint64_t>{2, 3});
    CHECK(read_top(stream(dict(text("W") + sized))).tensors[0].shape == std::vector<uint64_t>{6});
    const ForeignFile file =
        read_top(stream(dict(text("W") + typed), 24, std::string("\0\0\1\0\2\1", 6) + std::string(18, '\0')));
    CHECK(file.tensors[0].dtype == Dtype::u16);
    CHECK(file.tensors[0].at(0) == 1);
    CHECK(file.tensors[0].at(1) == 258);
}

TEST_CASE("torch: a tensor that reaches beyond its storage is refused") {
    CHECK(tensor_refused(tensor_of(whole(7), whole(1))) == "reaches beyond its storage");
    CHECK(tensor_refused(tensor_of(whole(6), whole(1), 1)) == "reaches beyond its storage");
    CHECK(tensor_refused(tensor_of(whole(2), whole(6))) == "reaches beyond its storage");
    CHECK(tensor_refused(tensor_of(whole(2), whole(INT64_MAX))) == "reaches beyond its storage");
    CHECK(tensor_refused(tensor_of(whole(3) + whole(2), whole(INT64_MAX) + whole(INT64_MAX))) ==
          "reaches beyond its storage");
    CHECK(tensor_refused(tensor_of("", "", 6)) == "reaches beyond its storage");
    CHECK(tensor_refused(tensor_of(whole(7) + whole(2), whole(0) + whole(6))) == "reaches beyond its storage");
    CHECK(tensor_refused(tensor_of(whole(1u << 24) + whole(2), whole(0) + whole(1))) ==
          "33554432 elements that share 6, more than are read");
    CHECK(tensor_refused(tensor_of(whole(1u << 21) + whole(1u << 21), whole(0) + whole(0))).find("is too large") !=
          std::string::npos);
    CHECK(stream_refused(dict(text("W") + tensor_of(whole(0), whole(1), 1000))).empty());
    CHECK(stream_refused(dict(text("W") + tensor_of(whole(3), whole(2), 1))).empty());
}

TEST_CASE("torch: elements that share a place are read, as expand() makes them") {
    const std::string elements = std::string("\0\0\x80\x3F", 4) + std::string("\0\0\0\x40", 4) + std::string(16, '\0');
    auto values = [&](const std::string &shape, const std::string &strides) {
        const ForeignFile file = read_top(stream(dict(text("W") + tensor_of(shape, strides)), 6, elements));
        std::vector<double> read;
        for (uint64_t i = 0; i < file.tensors[0].count(); ++i) read.push_back(file.tensors[0].at(i));
        return read;
    };
    CHECK(values(whole(7), whole(0)) == std::vector<double>(7, 1));
    CHECK(values(whole(2) + whole(2), whole(0) + whole(1)) == std::vector<double>{1, 2, 1, 2});
    CHECK(values(whole(3) + whole(2), whole(1) + whole(1)) == std::vector<double>{1, 2, 2, 0, 0, 0});
    CHECK(values(whole(4) + whole(5), whole(0) + whole(0)) == std::vector<double>(20, 1));
}

TEST_CASE("torch: a list is read by position, lists in it too, and a key leads through lists") {
    const std::string list = "](" + matrix + "](" + matrix + whole(5) + "ee";
    const ForeignFile file = read_top(stream(list));
    REQUIRE(file.tensors.size() == 3);
    CHECK(file.tensors[0].name == "0");
    CHECK(file.tensors[1].name == "1.0");
    CHECK(file.tensors[2].unusable == "is a whole number; --ignore 1.1 leaves it out");
    const std::string inside = stream(dict(text("a") + list));
    CHECK(read_torch(inside, "a").tensors.size() == 3);
    CHECK(read_torch(inside, "a.1").tensors[0].name == "0");
    CHECK(failure([&] { read_torch(inside, "a.2"); }).find("there is nothing at the key \"a.2\"") == 0);
    /* Lists that hold the one before ten times, four deep: few bytes, ten thousand values. */
    const std::string memo[] = {std::string("q\0", 2), "q\1", "q\2", "q\3"};
    std::string doubled = matrix + memo[0];
    for (size_t i = 0; i < 3; ++i) {
        std::string again = std::string("h") + static_cast<char>(i);
        doubled += "0](";
        for (int n = 0; n < 20; ++n) doubled += again;
        doubled += (i == 0 ? "" : std::string("h\0", 2)) + "e" + memo[i + 1];
    }
    CHECK(stream_refused(doubled) == "lists of more than 1000 values");
}

TEST_CASE("torch: a tensor that is described wrongly is refused by name") {
    CHECK(tensor_refused(tensor_of(whole(UINT64_MAX), whole(1))) == "its shape is not a whole number from 0 on");
    CHECK(tensor_refused(tensor_of(whole(1), "")) == "its shape and strides differ in length");
    CHECK(tensor_refused(tensor_of("N", "N")) == "its shape is not a whole number from 0 on");
    CHECK(tensor_refused(call(rebuild, "N")) == "too little is said about it");
    CHECK(tensor_refused(call(rebuild, "NNNN")) == "its storage is None");
    CHECK(tensor_refused(tensor_of(whole(6), whole(1), 0, dict(text("neg") + "\x88"))) ==
          "its metadata changes its values");
    CHECK(tensor_refused(tensor_of("(NNNNNNNNN0000000001" + std::string(9, 'N'), "")) ==
          "its shape has too many dimensions");
}

TEST_CASE("torch: storages that are not there, or not as large as they are said to be, are refused") {
    const std::string good = dict(text("W") + matrix);
    CHECK(failure([&] { read_top(stream(good, 5)); }) == "storage \"0\" holds 5 elements where it is said to hold 6");
    CHECK(failure([&] { read_top(stream(good, 6, std::string(23, '\0'))); }) ==
          "storage \"0\": 23 bytes cannot hold its 6 elements");
    CHECK(failure([&] { read_top(stream(good, 6, std::string(25, '\0'))); }) ==
          "1 bytes after the last storage belong to none");
    CHECK(stream_refused(dict(text("W") + matrix + text("V") +
                              call(rebuild, storage(3, "DoubleStorage") + whole(0) + tuple(whole(1)) + tuple(whole(1)) +
                                                "NN"))) == "storage \"0\" has two sizes");
    CHECK(stream_refused(dict(text("W") + text("x"))) == "storage \"0\" belongs to no tensor");
    std::string zip = container("big_endian.pt");
    for (size_t at = zip.find("data/0"); at != std::string::npos; at = zip.find("data/0", at))
        zip.replace(at, 6, "data/1");
    CHECK(failure([&] { read_top(zip); }) == "storage \"0\" is not in the file");
}

TEST_CASE("torch: the beginning of the older format is checked") {
    const std::string good = stream(dict(text("W") + matrix));
    std::string changed = good;
    changed[4] = '\x6d';
    CHECK(failure([&] { read_top(changed); }) == "begins with another number than PyTorch's");
    changed = good;
    changed[18] = '\xea';
    CHECK(failure([&] { read_top(changed); }) == "is of a version that is not known");
}

TEST_CASE("torch: damage is refused or harmless") {
    check_damage(container("views_legacy.pt"), read_top);
    check_damage(container("protocol4_legacy.pt"), read_top);
    check_damage(container("protocol4.pt"), read_top);
    check_damage(container("views.pt"), read_top);
}
