#include "foreign.h"

#include "container.h"
#include "errors.h"

#include <cmath>
#include <cstring>
#include <utility>

namespace mote::cli {

namespace {

constexpr uint64_t most_elements = uint64_t{1} << 40;

uint64_t raw(const unsigned char *bytes, size_t size, bool big_endian) {
    uint64_t bits = 0;
    for (size_t i = 0; i < size; ++i) bits |= uint64_t{bytes[big_endian ? size - 1 - i : i]} << (8 * i);
    return bits;
}

float float_of(uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

double double_of(uint64_t bits) {
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/* IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction. */
double half_of(uint64_t bits) {
    int exponent = static_cast<int>(bits >> 10 & 0x1Fu);
    double fraction = static_cast<double>(bits & 0x3FFu);
    double magnitude = exponent == 31  ? (fraction == 0 ? INFINITY : NAN)
                       : exponent == 0 ? std::ldexp(fraction, -24)
                                       : std::ldexp(1024 + fraction, exponent - 25);
    return (bits >> 15) != 0 ? -magnitude : magnitude;
}

/* The number that the low `size` bytes hold in two's complement. */
double signed_of(uint64_t bits, size_t size) {
    uint64_t sign = uint64_t{1} << (8 * size - 1);
    return static_cast<double>(static_cast<int64_t>((bits ^ sign) - sign));
}

double value_of(Dtype dtype, uint64_t bits) {
    switch (dtype) {
    case Dtype::f16:
        return half_of(bits);
    case Dtype::bf16:
        return static_cast<double>(float_of(static_cast<uint32_t>(bits << 16)));
    case Dtype::f32:
        return static_cast<double>(float_of(static_cast<uint32_t>(bits)));
    case Dtype::f64:
        return double_of(bits);
    case Dtype::i8:
    case Dtype::i16:
    case Dtype::i32:
    case Dtype::i64:
        return signed_of(bits, size_of(dtype));
    default:
        return static_cast<double>(bits);
    }
}

} // namespace

size_t size_of(Dtype dtype) {
    switch (dtype) {
    case Dtype::i8:
    case Dtype::u8:
    case Dtype::boolean:
        return 1;
    case Dtype::f16:
    case Dtype::bf16:
    case Dtype::i16:
    case Dtype::u16:
        return 2;
    case Dtype::f32:
    case Dtype::i32:
    case Dtype::u32:
        return 4;
    case Dtype::f64:
    case Dtype::i64:
    case Dtype::u64:
        return 8;
    case Dtype::other:
        return 0;
    }
    return 0;
}

bool is_real(Dtype dtype) {
    return dtype == Dtype::f16 || dtype == Dtype::bf16 || dtype == Dtype::f32 || dtype == Dtype::f64;
}

bool is_whole(Dtype dtype) { return !is_real(dtype) && dtype != Dtype::other && dtype != Dtype::boolean; }

uint64_t ForeignTensor::count() const {
    uint64_t product = 1;
    for (uint64_t size : shape) product *= size;
    return product;
}

double ForeignTensor::at(uint64_t index) const {
    uint64_t place = 0;
    for (size_t i = shape.size(); i-- > 0; index /= shape[i]) place += index % shape[i] * strides[i];
    return value_of(dtype, raw(data + place * size_of(dtype), size_of(dtype), big_endian));
}

ForeignTensor unusable_tensor(std::string name, std::string why) {
    ForeignTensor tensor;
    tensor.name = std::move(name);
    tensor.dtype_name = "what is not a tensor";
    tensor.unusable = std::move(why);
    return tensor;
}

void check_usable(const ForeignTensor &tensor) {
    if (!tensor.unusable.empty()) throw Failure("\"" + tensor.name + "\" " + tensor.unusable);
}

std::string shape_text(const std::vector<uint64_t> &shape) {
    std::string text = "[";
    for (size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + "]";
}

std::vector<uint64_t> row_major(const std::vector<uint64_t> &shape) {
    std::vector<uint64_t> strides(shape.size());
    uint64_t stride = 1;
    for (size_t i = shape.size(); i-- > 0; stride *= shape[i]) strides[i] = stride;
    return strides;
}

uint64_t checked_count(const std::string &name, const std::vector<uint64_t> &shape) {
    uint64_t product = 1;
    for (uint64_t size : shape) {
        if (size != 0 && product > most_elements / size)
            throw Failure("tensor " + shown(name) + ": a shape of " + shape_text(shape) + " is too large");
        product *= size;
    }
    return product;
}

} // namespace mote::cli
