/* Elements of tensors as numbers, and what shapes are refused. */
#include "foreign_support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace mote_test;
using mote::cli::checked_count;
using mote::cli::Dtype;
using mote::cli::ForeignTensor;

namespace {

double element(Dtype dtype, const std::string &bytes, bool big_endian = false) {
    ForeignTensor tensor;
    tensor.dtype = dtype;
    tensor.big_endian = big_endian;
    tensor.data = reinterpret_cast<const unsigned char *>(bytes.data());
    return tensor.at(0);
}

double half(uint64_t bits) { return element(Dtype::f16, number_bytes(bits, 2)); }

} // namespace

TEST_CASE("a half-precision number is read exactly, the smallest, the largest and those that are none") {
    CHECK(half(0x3C00) == 1);
    CHECK(half(0xC000) == -2);
    CHECK(half(0x7BFF) == 65504);
    CHECK(half(0x0001) == 0x1p-24);
    CHECK(half(0x03FF) == 0x3FFp-24);
    CHECK(half(0x0400) == 0x1p-14);
    CHECK(half(0x7C00) == std::numeric_limits<double>::infinity());
    CHECK(std::isnan(half(0x7E00)));
    CHECK(std::signbit(half(0x8000)));
}

TEST_CASE("a number is read in the order of bytes that its file has") {
    CHECK(element(Dtype::bf16, {'\x80', '\x3F'}) == 1);
    CHECK(element(Dtype::bf16, {'\x3F', '\x80'}, true) == 1);
    CHECK(element(Dtype::f32, std::string("\x3F\x80\0\0", 4), true) == 1);
    CHECK(element(Dtype::i16, std::string("\xFF\xFE", 2), true) == -2);
    CHECK(element(Dtype::u16, std::string("\xFF\xFE", 2), true) == 65534);
    CHECK(element(Dtype::i64, std::string(8, '\xFF')) == -1);
    CHECK(element(Dtype::u64, std::string(8, '\xFF')) == 0x1p64);
    CHECK(element(Dtype::i32, std::string("\0\0\0\x80", 4)) == -0x1p31);
}

TEST_CASE("elements are numbered by rows whatever the strides are") {
    const unsigned char values[] = {0, 10, 20, 30, 40, 50};
    ForeignTensor tensor;
    tensor.dtype = Dtype::u8;
    tensor.data = values;
    tensor.shape = {3, 2};
    tensor.strides = {1, 3};
    REQUIRE(tensor.count() == 6);
    const double by_rows[] = {0, 30, 10, 40, 20, 50};
    for (uint64_t i = 0; i < 6; ++i) CHECK(tensor.at(i) == by_rows[i]);
}

TEST_CASE("a shape is counted without overflow") {
    CHECK(checked_count("W", {}) == 1);
    CHECK(checked_count("W", {3, 0, 5}) == 0);
    CHECK(checked_count("W", {1u << 20, 1u << 20}) == uint64_t{1} << 40);
    CHECK(failure([] {
              checked_count("W", {1u << 20, 1u << 20, 2});
          }) == "tensor \"W\": a shape of [1048576, 1048576, 2] is too large");
    CHECK_FALSE(failure([] { checked_count("W", {UINT64_MAX, UINT64_MAX}); }).empty());
    /* Whatever a name holds, the message is one line. */
    CHECK(failure([] { checked_count("W\nb", {UINT64_MAX, UINT64_MAX}); }).find('\n') == std::string::npos);
}
