#include "foreign_support.h"

#include "files.h"

#include <doctest/doctest.h>

namespace mote_test {

using mote::cli::Dtype;
using mote::cli::Failure;
using mote::cli::ForeignFile;
using mote::cli::ForeignTensor;

namespace {

double wanted(Dtype dtype, uint64_t i) {
    if (mote::cli::is_real(dtype)) return static_cast<double>(i) / 2 - 1;
    if (dtype == Dtype::boolean) return static_cast<double>(i % 2);
    bool has_sign = dtype == Dtype::i8 || dtype == Dtype::i16 || dtype == Dtype::i32 || dtype == Dtype::i64;
    return static_cast<double>(i) - (has_sign ? 2 : 0);
}

/* The sum keeps the reads, which sanitizers watch. */
double read_everything(const ForeignFile &file) {
    double sum = 0;
    for (const ForeignTensor &each : file.tensors) {
        if (each.dtype == Dtype::other) continue;
        for (uint64_t i = 0; i < each.count(); ++i) sum += each.at(i);
    }
    return sum;
}

void check_refused_or_read(const std::string &bytes, const Reader &read, size_t at) {
    try {
        volatile double sum = read_everything(read(bytes));
        (void)sum;
    } catch (const Failure &refused) {
        std::string text = refused.what();
        if (text.empty() || text.find('\n') != std::string::npos) FAIL_CHECK("at " << at << ": \"" << text << "\"");
    }
}

} // namespace

std::string container_path(const std::string &name) { return std::string(MOTE_CONTAINERS "/") + name; }

std::string container(const std::string &name) { return mote::cli::read_text(container_path(name)); }

const ForeignTensor &tensor(const ForeignFile &file, const std::string &name) {
    for (const ForeignTensor &each : file.tensors) {
        if (each.name == name) return each;
    }
    FAIL("there is no tensor " << name);
    return file.tensors.front();
}

void check_tensor(const ForeignFile &file, const std::string &name, Dtype dtype, const std::vector<uint64_t> &shape) {
    CAPTURE(name);
    const ForeignTensor &found = tensor(file, name);
    CHECK(found.dtype == dtype);
    REQUIRE(found.shape == shape);
    for (uint64_t i = 0; i < found.count(); ++i) CHECK(found.at(i) == wanted(dtype, i));
}

void check_common_types(const ForeignFile &file) {
    check_tensor(file, "float64", Dtype::f64);
    check_tensor(file, "float32", Dtype::f32);
    check_tensor(file, "float16", Dtype::f16);
    check_tensor(file, "int64", Dtype::i64);
    check_tensor(file, "int32", Dtype::i32);
    check_tensor(file, "int16", Dtype::i16);
    check_tensor(file, "int8", Dtype::i8);
    check_tensor(file, "uint8", Dtype::u8);
    check_tensor(file, "bool", Dtype::boolean);
}

std::string failure(const std::function<void()> &act) {
    try {
        act();
    } catch (const Failure &refused) {
        return refused.what();
    }
    return "";
}

void check_damage(const std::string &bytes, const Reader &read) {
    for (size_t size = 0; size < bytes.size(); ++size) check_refused_or_read(bytes.substr(0, size), read, size);
    for (size_t at = 0; at < bytes.size(); ++at) {
        for (unsigned change : {0xFFu, 0x01u, 0x80u}) {
            std::string changed = bytes;
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ change);
            check_refused_or_read(changed, read, at);
        }
    }
}

std::string number_bytes(uint64_t number, size_t size) {
    std::string bytes;
    for (size_t i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xFF);
    return bytes;
}

} // namespace mote_test
