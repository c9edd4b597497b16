#include "safetensors_file.h"

#include "foreign_support.h"

#include <doctest/doctest.h>

using namespace mote_test;
using mote::cli::Dtype;
using mote::cli::ForeignFile;
using mote::cli::read_safetensors;

namespace {

std::string file_of(const std::string &header, const std::string &data) {
    return number_bytes(header.size(), 8) + header + data;
}

/* A tensor of two bytes. */
std::string entry(const std::string &name, const std::string &offsets) {
    return "\"" + name + R"(":{"dtype":"U8","shape":[2],"data_offsets":[)" + offsets + "]}";
}

std::string refused(const std::string &header, const std::string &data = "") {
    return failure([&] { read_safetensors(file_of(header, data)); });
}

} // namespace

TEST_CASE("safetensors: every type is read, and other types by name") {
    const ForeignFile file = read_safetensors(container("types.safetensors"));
    CHECK(file.format == "safetensors");
    CHECK(file.tensors.size() == 16);
    check_common_types(file);
    check_tensor(file, "bfloat16", Dtype::bf16);
    check_tensor(file, "uint64", Dtype::u64);
    check_tensor(file, "uint32", Dtype::u32);
    check_tensor(file, "uint16", Dtype::u16);
    check_tensor(file, "scalar", Dtype::f32, {});
    check_tensor(file, "empty", Dtype::f32, {0, 3});
    CHECK(tensor(file, "float8").dtype == Dtype::other);
    CHECK(tensor(file, "float8").dtype_name == "F8_E4M3");
}

TEST_CASE("safetensors: tensors point into the file") {
    const ForeignFile file = read_safetensors(container("types.safetensors"));
    REQUIRE(file.memory.size() == 1);
    const std::string &memory = file.memory.front();
    const auto *begin = reinterpret_cast<const unsigned char *>(memory.data());
    for (const auto &each : file.tensors) {
        CHECK(each.data >= begin);
        CHECK(each.data <= begin + memory.size());
    }
}

TEST_CASE("safetensors: tensors come in the order of their bytes, and metadata is not a tensor") {
    const ForeignFile file = read_safetensors(file_of(R"({"__metadata__":{"a":["{",{"b":null}],"c":"d"},)" +
                                                          entry("second", "2,4") + "," + entry("first", "0,2") + "}  ",
                                                      std::string("\0\1\0\1", 4)));
    REQUIRE(file.tensors.size() == 2);
    CHECK(file.tensors[0].name == "first");
    CHECK(file.tensors[1].name == "second");
    CHECK(file.tensors[1].at(1) == 1);
}

TEST_CASE("safetensors: a gap, an overlap and bytes of nobody are refused where they are") {
    CHECK(refused("{" + entry("a", "1,3") + "}", "123") ==
          "tensor \"a\": its bytes 1 to 3 do not begin where the ones before end, at 0");
    CHECK(refused("{" + entry("a", "0,2") + "," + entry("b", "1,3") + "}", "123") ==
          "tensor \"b\": its bytes 1 to 3 do not begin where the ones before end, at 2");
    CHECK(refused("{" + entry("a", "0,2") + "}", "123") == "1 bytes after the last tensor belong to none");
    CHECK(refused("{" + entry("a", "0,2") + "}", "1") == "tensor \"a\": its bytes 0 to 2 do not lie in the file's 1");
    CHECK(refused("{" + entry("a", "2,0") + "}", "12") == "tensor \"a\": its bytes 2 to 0 do not lie in the file's 2");
    CHECK(refused("{" + entry("a", "0,1") + "}", "1") == "tensor \"a\": its bytes 0 to 1 are not those of U8 [2]");
    CHECK(refused("{" + entry("a", "0,18446744073709551615") + "}", "1") ==
          "tensor \"a\": its bytes 0 to 18446744073709551615 do not lie in the file's 1");
}

TEST_CASE("safetensors: two tensors of one name are refused, and two values for one thing") {
    CHECK(refused("{" + entry("a", "0,2") + "," + entry("a", "2,4") + "}", "1234") == "two tensors are named \"a\"");
    CHECK(refused(R"({"a":{"dtype":"U8","dtype":"I8","shape":[2],"data_offsets":[0,2]}})", "12") ==
          "tensor \"a\": a second value in its description, at \"dtype\"");
}

TEST_CASE("safetensors: a header that describes no tensors is refused") {
    CHECK(failure([] { read_safetensors("1234567"); }) == "too short to be a safetensors file");
    CHECK(failure([] { read_safetensors(number_bytes(9, 8) + "{}"); }) == "a header of 9 bytes in a file of 10");
    CHECK(failure([] { read_safetensors(number_bytes(UINT64_MAX, 8) + "{}"); }) ==
          "a header of 18446744073709551615 bytes in a file of 10");
    CHECK(refused("{\"a\":") == "the header is not JSON at its byte 6");
    CHECK(refused("{} {}") == "the header is not JSON at its byte 4");
    CHECK(refused(R"({"__metadata__":[]})") == "the header's __metadata__ is a list");
    CHECK(refused("[1]") == "the header is a list and no object");
    CHECK(refused("7") == "the header is a number and no object");
    CHECK(refused(R"({"a":7})") == "tensor \"a\": a number in its description, at \"\"");
    CHECK(refused(R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})", "1") ==
          "tensor \"a\": a negative number in its description, at \"shape\"");
    CHECK(refused(R"({"a":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}})", "1") ==
          "tensor \"a\": a list in its description, at \"shape\"");
    CHECK(refused(R"({"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}})", "1") ==
          "tensor \"a\": too many numbers in its description, at \"shape\"");
    CHECK(refused(R"({"a":{"dtype":"U8","shape":[1]}})", "1") ==
          "tensor \"a\": nothing in its description, at \"data_offsets\"");
    CHECK(refused(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}})", "1") ==
          "tensor \"a\": other than two numbers in its description, at \"data_offsets\"");
    CHECK(refused(R"({"a":{"size":1}})") == "tensor \"a\": an unknown key in its description, at \"size\"");
    CHECK(refused(R"({"__metadata__":{"a":)" + std::string(100000, '[')) ==
          "the header is not JSON at its byte 100022");
}

TEST_CASE("safetensors: a name that could not be written again is refused") {
    CHECK(refused(R"({"a\u0000b":{}})") == "the name \"a\\u0000b\" holds a control character");
    CHECK(refused(R"({"a\nb":{}})") == "the name \"a\\nb\" holds a control character");
    CHECK(refused(R"({"":{}})") == "a tensor without a name");
    CHECK_FALSE(refused("{\"a\xFF\":{}}").empty());
    CHECK_FALSE(refused("{\"a\xED\xA0\x80\":{}}").empty());
}

TEST_CASE("safetensors: a shape too large to count is refused") {
    CHECK(refused(R"({"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}})") ==
          "tensor \"a\": a shape of [4294967296, 4294967296] is too large");
}

TEST_CASE("safetensors: damage is refused or harmless") {
    check_damage(container("types.safetensors"), read_safetensors);
}
