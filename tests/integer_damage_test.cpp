/* Blobs with weights of int8 that are changed, with the checksum made right again. */
#include "damage.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

using namespace mote_test;

namespace {

Buffer make_blob(const mote_config &config, uint32_t precision = MOTE_PRECISION_INT8) {
    const Alphabet alphabet(config.vocab, 1);
    const Model model(config, 12, &alphabet.vocab());
    const QuantizedModel quantized(model, precision);
    return save(quantized.get(), quantized.config());
}

mote_status opened(const Buffer &blob) {
    Arena arena(MOTE_OPEN_BYTES);
    const mote_model *model = nullptr;
    const mote_status status = mote_model_open(&model, &arena.arena, blob.data(), blob.size());
    if (status == MOTE_OK) exercise(model);
    return status;
}

/* With a change, and the checksum made right again. */
mote_status opened_with(Buffer blob, const std::function<void(Buffer &)> &change) {
    change(blob);
    repair_crc(blob);
    return opened(blob);
}
mote_status with_byte(const Buffer &blob, size_t at, int value) {
    return opened_with(blob, [=](Buffer &b) { b.data()[at] = static_cast<unsigned char>(value); });
}
mote_status with_float(const Buffer &blob, size_t at, float value) {
    return opened_with(blob, [=](Buffer &b) { put_u32(b, at, bits(value)); });
}

size_t tensor_entry(const Buffer &blob, const char *name) {
    size_t at = section_offset(blob, "TENS");
    while (std::strcmp(reinterpret_cast<const char *>(blob.data()) + at, name) != 0) at += blob_tensor_entry;
    return at;
}
size_t tensor_offset(const Buffer &blob, const char *name) { return get_u32(blob, tensor_entry(blob, name) + 40); }

} // namespace

namespace {

/* What is read does not depend on the processor: one that is emulated takes every fifth byte, since it takes long. */
#if defined(__x86_64__)
constexpr size_t step = 1;
#else
constexpr size_t step = 5;
#endif

void check_each_byte(Buffer blob) {
    for (size_t at = 0; at < blob.size(); at += step) {
        const unsigned char honest = blob.data()[at];
        for (const unsigned change : {1u, 0x80u, 0xffu}) {
            blob.data()[at] = static_cast<unsigned char>(honest ^ change);
            repair_crc(blob);
            const mote_status status = opened(blob);
            if (status != MOTE_OK && status != MOTE_ERR_FORMAT && status != MOTE_ERR_NUMERIC &&
                status != MOTE_ERR_VERSION && status != MOTE_ERR_UNSUPPORTED)
                FAIL_CHECK("refused with " << mote_status_name(status));
        }
        blob.data()[at] = honest;
    }
}

} // namespace

TEST_CASE("a blob of integers with any byte changed and the CRC made right again is refused or runs clean") {
    for (const mote_config &config : {bigram(7), mlp(7, 2, 3, 5, 1, MOTE_RELU), rnn(7, 3, 5, 2), gru(7, 0, 5, 1)})
        for (const uint32_t precision : {MOTE_PRECISION_INT8, MOTE_PRECISION_INT4}) {
            INFO(precision_name(precision) << ": " << describe(config));
            check_each_byte(make_blob(config, precision));
        }
}

TEST_CASE("weights of 4 bits are -7 to 7, groups 1 to 15, and nothing is where there is no element") {
    const Buffer blob = make_blob(rnn(7, 3, 5, 1), MOTE_PRECISION_INT4);
    const size_t groups = tensor_offset(blob, "weight_hh_l0") + 64, weights = groups + 16;
    CHECK(with_byte(blob, groups, 0x0f) == MOTE_OK); /* of outputs 0 and 8 */
    CHECK(with_byte(blob, groups, 0x00) == MOTE_ERR_NUMERIC);
    CHECK(with_byte(blob, groups, 0x11) == MOTE_ERR_FORMAT);
    CHECK(with_byte(blob, groups + 5, 0x01) == MOTE_ERR_FORMAT); /* of a sixth output */
    CHECK(with_byte(blob, groups + 8, 0x01) == MOTE_ERR_FORMAT); /* of a second group */
    CHECK(with_byte(blob, weights, 0xf1) == MOTE_OK);            /* of inputs 0 and 4 */
    CHECK(with_byte(blob, weights, 0x81) == MOTE_OK);
    CHECK(with_byte(blob, weights, 0x80) == MOTE_ERR_NUMERIC);
    CHECK(with_byte(blob, weights, 0x08) == MOTE_ERR_NUMERIC);
    CHECK(with_byte(blob, weights + 1, 0x7f) == MOTE_ERR_FORMAT);     /* of a sixth input */
    CHECK(with_byte(blob, weights + 4 * 5, 0x89) == MOTE_ERR_FORMAT); /* of a sixth output */
}

TEST_CASE("integers are at least -127, and 0 where there is no element") {
    const Buffer blob = make_blob(rnn(7, 3, 5, 1));
    const size_t table = tensor_offset(blob, "embedding"), matrix = tensor_offset(blob, "weight_hh_l0");
    CHECK(with_byte(blob, table, -127) == MOTE_OK);
    CHECK(with_byte(blob, table, -128) == MOTE_ERR_NUMERIC);
    CHECK(with_byte(blob, table + 3, 1) == MOTE_ERR_FORMAT);      /* behind the three of a row */
    CHECK(with_byte(blob, table + 7 * 16, 1) == MOTE_ERR_FORMAT); /* behind the last row */
    CHECK(with_byte(blob, matrix + 64, -127) == MOTE_OK);
    CHECK(with_byte(blob, matrix + 64, -128) == MOTE_ERR_NUMERIC);
    CHECK(with_byte(blob, matrix + 64 + 4 * 5, 1) == MOTE_ERR_FORMAT); /* of a sixth output */
    CHECK(with_byte(blob, matrix + 128 + 1, 1) == MOTE_ERR_FORMAT);    /* of a sixth input */
    CHECK(with_byte(blob, matrix + 128, 1) == MOTE_OK);
}

TEST_CASE("an output's scale is +0 or from 2^-40 to 2^121, and +0 where there is no output") {
    for (const mote_config &config : {rnn(7, 3, 5, 1), bigram(7)}) {
        const Buffer blob = make_blob(config);
        const size_t matrix = tensor_offset(blob, config.layers == 0 ? "logits" : "weight_out");
        for (const float good : {0.0f, 0x1p-40f, 1.0f}) CHECK(with_float(blob, matrix, good) == MOTE_OK);
        CHECK(with_float(blob, matrix, 0x1p121f) == MOTE_OK);
        for (const float bad : {-0.0f, 0x1p-41f, 0x1p-149f, -1.0f, 0x1p122f, std::nanf(""), HUGE_VALF})
            CHECK(with_float(blob, matrix, bad) == MOTE_ERR_NUMERIC);
        CHECK(with_float(blob, matrix + 4 * size_t{7}, 1.0f) == MOTE_ERR_FORMAT);
    }
}

TEST_CASE("the scale of an embedding or of ReLU is from 2^-40 to 2^40") {
    const Buffer blob = make_blob(mlp(7, 2, 3, 5, 2, MOTE_RELU));
    const size_t scales = tensor_offset(blob, "scales");
    for (const size_t i : {0u, 1u, 2u}) {
        for (const float good : {0x1p-40f, 1.0f, 0x1p40f}) CHECK(with_float(blob, scales + 4 * i, good) == MOTE_OK);
        for (const float bad : {0.0f, 0x1p-41f, -1.0f, 0x1.000002p40f, std::nanf(""), HUGE_VALF})
            CHECK(with_float(blob, scales + 4 * i, bad) == MOTE_ERR_NUMERIC);
    }
    CHECK(with_float(blob, scales + 12, 1.0f) == MOTE_ERR_FORMAT);
}

TEST_CASE("the scale of a one-hot character is 1, that of tanh and of gated cells 1/127") {
    for (const mote_config &config : {rnn(7, 0, 5, 2), gru(7, 0, 5, 2)}) {
        const Buffer blob = make_blob(config);
        const size_t scales = tensor_offset(blob, "scales");
        CHECK(with_float(blob, scales, 1.0f) == MOTE_OK);
        for (const float bad : {5.0f, 0.5f, -1.0f}) CHECK(with_float(blob, scales, bad) == MOTE_ERR_NUMERIC);
        for (const size_t i : {1u, 2u}) {
            CHECK(with_float(blob, scales + 4 * i, 1.0f / 127) == MOTE_OK);
            for (const float bad : {1.0f, std::nextafter(1.0f / 127, 1.0f), -1.0f / 127})
                CHECK(with_float(blob, scales + 4 * i, bad) == MOTE_ERR_NUMERIC);
        }
    }
}

TEST_CASE("a blob of int8 has the version and the types that older readers refuse") {
    const Buffer blob = make_blob(rnn(7, 0, 5, 1));
    CHECK(blob.data()[6] == 1); /* the minor version */
    CHECK(get_u32(blob, blob_config_at + 28) == (MOTE_TANH | MOTE_PRECISION_INT8 << 16));
    const auto with_precision = [&](uint32_t precision) {
        return opened_with(blob, [=](Buffer &b) { put_u32(b, blob_config_at + 28, MOTE_TANH | precision << 16); });
    };
    CHECK(with_precision(MOTE_PRECISION_INT8) == MOTE_OK);
    CHECK(with_precision(MOTE_PRECISION_FLOAT32) == MOTE_ERR_FORMAT);
    CHECK(with_precision(MOTE_PRECISION_COUNT) == MOTE_ERR_UNSUPPORTED);
    const size_t entry = tensor_entry(blob, "weight_hh_l0");
    const auto with_entry = [&](size_t field, uint32_t value) {
        return opened_with(blob, [=](Buffer &b) { put_u32(b, entry + field, value); });
    };
    CHECK(with_entry(32, MOTE_TYPE_F32) == MOTE_ERR_FORMAT);
    CHECK(with_entry(32, MOTE_TYPE_I4) == MOTE_ERR_FORMAT);
    CHECK(with_entry(32, MOTE_TYPE_I4 + 1) == MOTE_ERR_UNSUPPORTED);
    CHECK(with_entry(36, MOTE_LAYOUT_PANELS_OUT_IN) == MOTE_ERR_FORMAT);
    CHECK(with_entry(36, MOTE_LAYOUT_INT4_OUT_IN) == MOTE_ERR_FORMAT);
    CHECK(with_entry(36, MOTE_LAYOUT_INT4_IN_OUT + 1) == MOTE_ERR_UNSUPPORTED);
    CHECK(with_entry(48, 64) == MOTE_ERR_FORMAT);
}

TEST_CASE("a trainer beside weights of int8 is refused") {
    const Model model(rnn(7, 0, 5, 1), 12);
    const Buffer blob = make_blob(model.config());
    Buffer checkpoint = with_section(blob, "TRNR", 0);
    Arena arena(1 << 20);
    mote_trainer *trainer = nullptr;
    mote_model *loaded = nullptr;
    repair_crc(checkpoint);
    CHECK(mote_checkpoint_peek(checkpoint.data(), checkpoint.size(), nullptr, nullptr) != MOTE_OK);
    CHECK(mote_checkpoint_load(&trainer, &loaded, &arena.arena, checkpoint.data(), checkpoint.size(), 0) != MOTE_OK);
    CHECK(arena.arena.used == 0);
}
