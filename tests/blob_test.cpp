#include "damage.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

const mote_config config = rnn(7, 3, 5, 2);

Buffer make_blob(const OwnRecord *run = nullptr, const mote_config &c = config) {
    const Alphabet alphabet(c.vocab, 1);
    const Model model(c, 12, &alphabet.vocab());
    return save(model.get(), c, run);
}

struct Opened {
    Arena arena{MOTE_OPEN_BYTES};
    const mote_model *model = nullptr;
    mote_status status;
    Opened(const void *blob, size_t bytes) : status(mote_model_open(&model, &arena.arena, blob, bytes)) {}
    explicit Opened(const Buffer &blob) : Opened(blob.data(), blob.size()) {}
};

} // namespace

TEST_CASE("a saved model opens as the same model") {
    for (const mote_config &c :
         {config, rnn(2, 0, 1, 1), rnn(40, 0, 17, 3), gru(7, 3, 5, 2), gru(40, 0, 17, 1), rnn(65, 33, 40, 2, MOTE_RELU),
          bigram(2), bigram(37), mlp(2, 1, 1, 1, 1), mlp(40, 5, 17, 33, 3, MOTE_RELU)})
        for (const uint32_t boundary : {0u, 1u}) {
            const Alphabet alphabet(c.vocab, boundary);
            const Model model(c, 3, &alphabet.vocab());
            const Buffer blob = save(model.get(), c);
            const Opened opened(blob);
            REQUIRE(opened.status == MOTE_OK);
            CHECK(mote_weights_hash(opened.model) == model.hash());
            mote_config read{};
            REQUIRE(mote_model_config(opened.model, &read) == MOTE_OK);
            CHECK(std::memcmp(&read, &c, sizeof c) == 0);
            mote_vocab vocab{};
            REQUIRE(mote_model_vocab(opened.model, &vocab) == MOTE_OK);
            CHECK(vocab.boundary == boundary);
            REQUIRE(vocab.count == c.vocab);
            CHECK(std::memcmp(vocab.code_points, alphabet.vocab().code_points, 4 * size_t{c.vocab}) == 0);
            const State ours(model.get(), c);
            const State theirs(opened.model, c);
            const float *a = nullptr;
            const float *b = nullptr;
            for (uint16_t token = 0; token < c.vocab; ++token) {
                REQUIRE(mote_step(ours.get(), token, &a) == MOTE_OK);
                REQUIRE(mote_step(theirs.get(), token, &b) == MOTE_OK);
                CHECK(same_bits(a, b, c.vocab));
            }
            CHECK(save(opened.model, c) == blob);
            Arena arena(mote_model_bytes(&c));
            mote_model *copy = nullptr;
            REQUIRE(mote_model_copy(&copy, &arena.arena, opened.model) == MOTE_OK);
            CHECK(mote_weights_hash(copy) == model.hash());
            CHECK(save(copy, c) == blob);
        }
}

TEST_CASE("a model opened in place reads its weights out of the blob") {
    const Buffer blob = make_blob();
    const Opened opened(blob);
    mote_tensor tensor{};
    REQUIRE(mote_model_tensor(opened.model, 0, &tensor) == MOTE_OK);
    const auto *data = reinterpret_cast<const unsigned char *>(tensor.data);
    CHECK(data >= blob.data());
    CHECK(data < blob.data() + blob.size());
    CHECK(reinterpret_cast<uintptr_t>(data) % MOTE_ALIGN == 0);
}

TEST_CASE("a copy of an opened model is the same model and lives without the blob") {
    Arena arena(mote_model_bytes(&config));
    mote_model *copy = nullptr;
    uint64_t hash = 0;
    {
        Buffer blob = make_blob();
        const Opened opened(blob);
        hash = mote_weights_hash(opened.model);
        REQUIRE(mote_model_copy(&copy, &arena.arena, opened.model) == MOTE_OK);
        std::memset(blob.data(), 0xff, blob.size());
    }
    CHECK(mote_weights_hash(copy) == hash);
    exercise(copy);
}

TEST_CASE("the buffer may be longer than the blob, as a flash partition is") {
    const Buffer blob = make_blob();
    Buffer partition(blob.size() + 100, 0xff);
    std::memcpy(partition.data(), blob.data(), blob.size());
    CHECK(Opened(partition).status == MOTE_OK);
}

TEST_CASE("a blob that is not aligned is refused") {
    const Buffer blob = make_blob();
    Buffer shifted(blob.size() + 64);
    OwnRecord run{};
    for (const size_t offset : {1u, 4u, 16u, 32u, 63u}) {
        std::memcpy(shifted.data() + offset, blob.data(), blob.size());
        CHECK(Opened(shifted.data() + offset, blob.size()).status == MOTE_ERR_ALIGN);
        CHECK(read_own(shifted.data() + offset, blob.size(), &run) == MOTE_ERR_ALIGN);
    }
}

namespace {

mote_status status_with(const Buffer &blob, size_t at, uint32_t number) {
    Buffer changed = blob;
    put_u32(changed, at, number);
    repair_crc(changed);
    return Opened(changed).status;
}

} // namespace

TEST_CASE("weights that are NaN, infinite, denormal, -0 or below 2^-40 are refused, those at the limits are not") {
    const Buffer blob = make_blob();
    const Opened opened(blob);
    mote_tensor tensor{};
    for (uint32_t index = 0; mote_model_tensor(opened.model, index, &tensor) == MOTE_OK; ++index) {
        const size_t at = static_cast<size_t>(reinterpret_cast<const unsigned char *>(tensor.data) - blob.data());
        for (const uint32_t bad :
             {0x7fc00000u, 0xffc00000u, 0x7f800001u, 0x7f800000u, 0xff800000u, 0x00000001u, 0x80000001u, 0x007fffffu,
              0x00800000u, 0x80000000u, bits(0x1.fffffep-41f), bits(-0x1.fffffep-41f)})
            CHECK(status_with(blob, at, bad) == MOTE_ERR_NUMERIC);
        for (const float good : {0x1p-40f, -0x1p-40f, 0.0f, 0x1.fffffep127f, -0x1.fffffep127f})
            CHECK(status_with(blob, at, bits(good)) == MOTE_OK);
    }
}

TEST_CASE("padding that is not +0 is refused") {
    const Buffer blob = make_blob();
    const Opened opened(blob);
    mote_tensor tensor{};
    Arena arena(mote_model_bytes(&config));
    mote_model *copy = nullptr;
    REQUIRE(mote_model_copy(&copy, &arena.arena, opened.model) == MOTE_OK);
    const std::vector<bool> logical = logical_floats(copy);
    for (uint32_t index = 0; mote_model_tensor(opened.model, index, &tensor) == MOTE_OK; ++index) {
        const size_t start = static_cast<size_t>(reinterpret_cast<const unsigned char *>(tensor.data) - blob.data());
        for (uint32_t i = 0; i < tensor.count; ++i) {
            if (logical[tensor.offset + i]) continue;
            CHECK(status_with(blob, start + 4 * size_t{i}, 0x80000000u) != MOTE_OK);
            CHECK(status_with(blob, start + 4 * size_t{i}, bits(1.0f)) != MOTE_OK);
        }
    }
}

TEST_CASE("a section of an unknown kind is skipped, unless it is flagged critical") {
    const Buffer blob = make_blob();
    const Opened skipped(with_section(blob, "NEW ", 0));
    CHECK(skipped.status == MOTE_OK);
    CHECK(Opened(with_section(blob, "NEW ", 1)).status == MOTE_ERR_UNSUPPORTED);
    const Buffer twice = with_section(with_section(blob, "NEW ", 0), "NEWS", 0);
    CHECK(Opened(twice).status == MOTE_OK);
    CHECK(mote_weights_hash(Opened(twice).model) == mote_weights_hash(Opened(blob).model));
}

TEST_CASE("a reader takes any minor of its major and no other major") {
    const Buffer blob = make_blob();
    CHECK(status_with(blob, 4, MOTE_FORMAT_MAJOR | 0xffffu << 16) == MOTE_OK);
    CHECK(status_with(blob, 4, MOTE_FORMAT_MAJOR + 1) == MOTE_ERR_VERSION);
    CHECK(status_with(blob, 4, 0) == MOTE_ERR_VERSION);
}

TEST_CASE("sections that are double, out of order, askew, overlapping or out of bounds are refused") {
    const Buffer blob = make_blob();
    const size_t vocab = section_entry(blob, "VOCB");
    const size_t data = section_entry(blob, "DATA");
    const auto offset = [&](size_t entry) { return get_u32(blob, entry + 8); };
    const auto size = [&](size_t entry) { return get_u32(blob, entry + 12); };
    CHECK(status_with(blob, vocab, get_u32(blob, data)) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, vocab + 8, offset(data)) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, vocab + 8, offset(vocab) + 4) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, vocab + 8, offset(vocab) - 64) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, vocab + 12, size(vocab) + 64) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, data + 8, 0) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, data + 8, 0xffffffc0u) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, data + 12, 0xffffffc0u) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, data + 12, size(data) - 64) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, blob_section_count_at, 0) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, blob_section_count_at, 0xffffffffu) == MOTE_ERR_FORMAT);
}

TEST_CASE("sections that overlap, or reach past the end, are refused even where nothing would be misread") {
    const OwnRecord run = some_record();
    const Buffer blob = make_blob(&run);
    const size_t entry = section_entry(blob, "RUN ");
    for (const char *other : {"TENS", "VOCB", "DATA", "TEST"})
        CHECK(status_with(blob, entry + 8, static_cast<uint32_t>(section_offset(blob, other))) == MOTE_ERR_FORMAT);
    const Buffer unknown = with_section(blob, "NEW ", 0);
    const size_t last = section_entry(unknown, "NEW ");
    for (const uint32_t offset : {0u, 64u, 128u, get_u32(blob, entry + 8)})
        CHECK(status_with(unknown, last + 8, offset) == MOTE_ERR_FORMAT);
    for (const uint32_t beyond : {65u, 128u, 0xffffffc0u, 0xffffffffu})
        CHECK(status_with(unknown, last + 12, beyond) == MOTE_ERR_FORMAT);
}

TEST_CASE("a tensor of an unknown type or layout, with scales, of another shape or place is refused") {
    const Buffer blob = make_blob();
    const size_t table = section_offset(blob, "TENS");
    for (uint32_t i = 0; i < mote_tensor_count(&config); ++i) {
        const size_t entry = table + blob_tensor_entry * i;
        CHECK(status_with(blob, entry, 0x64616221u) == MOTE_ERR_FORMAT);
        for (const size_t field : {24u, 28u, 32u, 36u, 40u, 44u, 48u, 52u, 56u, 60u}) {
            INFO("tensor " << i << " field " << field);
            const uint32_t honest = get_u32(blob, entry + field);
            for (const uint32_t wrong : {honest + 1, honest + 64, 0xffffffffu}) {
                const bool later =
                    (field == 32 && wrong > MOTE_TYPE_I4) || (field == 36 && wrong > MOTE_LAYOUT_INT4_IN_OUT);
                CHECK(status_with(blob, entry + field, wrong) == (later ? MOTE_ERR_UNSUPPORTED : MOTE_ERR_FORMAT));
            }
        }
    }
}

/* The blob with 64 zeros before a tensor. */
Buffer with_gap(const Buffer &blob, uint32_t tensor) {
    const size_t table = section_offset(blob, "TENS");
    const size_t tensors = get_u32(blob, section_entry(blob, "TENS") + 12) / blob_tensor_entry;
    const uint32_t at = get_u32(blob, table + blob_tensor_entry * tensor + 40);
    Buffer wider(blob.size() + 64);
    std::memset(wider.data(), 0, wider.size());
    std::memcpy(wider.data(), blob.data(), at);
    std::memcpy(wider.data() + at + 64, blob.data() + at, blob.size() - at);
    for (size_t i = tensor; i < tensors; ++i) {
        const size_t field = table + blob_tensor_entry * i + 40;
        put_u32(wider, field, get_u32(blob, field) + 64);
    }
    const size_t data = section_entry(blob, "DATA"), test = section_entry(blob, "TEST");
    put_u32(wider, data + 12, get_u32(blob, data + 12) + 64);
    put_u32(wider, test + 8, get_u32(blob, test + 8) + 64);
    put_u32(wider, blob_size_at, get_u32(blob, blob_size_at) + 64);
    repair_crc(wider);
    return wider;
}

TEST_CASE("between two tensors there may be zeros, but not of gated cells, which use several as one matrix") {
    const mote_config gated = gru(7, 3, 5, 2);
    for (const mote_config &c : {config, gated}) {
        const Buffer blob = make_blob(nullptr, c);
        const uint64_t hash = mote_weights_hash(Opened(blob).model);
        mote_tensor tensor{};
        for (uint32_t i = 1; mote_tensor_describe(&c, i, &tensor) == MOTE_OK; ++i) {
            INFO(describe(c) << ": " << tensor.name);
            const Buffer wider = with_gap(blob, i);
            const Opened opened(wider);
            CHECK(opened.status == (c.cell == MOTE_CELL_GATED ? MOTE_ERR_FORMAT : MOTE_OK));
            if (opened.status != MOTE_OK) continue;
            CHECK(mote_weights_hash(opened.model) == hash);
            Arena scratch(mote_scratch_bytes(&c));
            CHECK(mote_selftest(opened.model, &scratch.arena) == MOTE_OK);
        }
    }
}

TEST_CASE("a vocabulary that is unsorted, doubled or holds no scalar values is refused") {
    const Buffer blob = make_blob();
    const size_t vocab = section_offset(blob, "VOCB");
    const size_t points = vocab + 64;
    CHECK(status_with(blob, vocab, config.vocab - 1) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, vocab + 4, 2) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, points, 0x0b) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, points + 4, get_u32(blob, points + 8)) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, points + 8, 1) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, points + 4 * (config.vocab - 1), 0x110000) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, points + 4 * (config.vocab - 1), 0xffffffffu) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, points + 8, 0xd800) == MOTE_ERR_FORMAT);
}

TEST_CASE("padding between and after the sections is zero") {
    const OwnRecord own = some_record();
    const Buffer blob = make_blob(&own); /* 48 bytes, so that padding ends the blob */
    const size_t unused = blob_table_at + blob_table_entry * (blob_sections - 1);
    CHECK(status_with(blob, unused, 1) == MOTE_ERR_FORMAT);
    CHECK(status_with(blob, blob.size() - 4, 1) == MOTE_ERR_FORMAT);
    const size_t after_points = section_offset(blob, "VOCB") + 64 + 4 * size_t{config.vocab};
    CHECK(status_with(blob, after_points, 1) == MOTE_ERR_FORMAT);
}

TEST_CASE("what a program stores about its run comes back, and without it there is none") {
    const OwnRecord run = some_record();
    const Buffer blob = make_blob(&run);
    OwnRecord read{};
    REQUIRE(read_own(blob.data(), blob.size(), &read) == MOTE_OK);
    CHECK(std::memcmp(&read, &run, sizeof run) == 0);
    const OwnRecord zero{};
    const Buffer empty = make_blob(&zero);
    REQUIRE(read_own(empty.data(), empty.size(), &read) == MOTE_OK);
    CHECK(std::memcmp(&read, &zero, sizeof zero) == 0);
    const Buffer without = make_blob();
    CHECK(read_own(without.data(), without.size(), &read) == MOTE_ERR_MISSING);
}

TEST_CASE("a blob has the same bytes everywhere") {
    const OwnRecord run = some_record();
    const Buffer blob = make_blob(&run);
    CHECK(mote_fnv1a(MOTE_FNV_START, blob.data(), blob.size()) == 0xb6b59740d2857dd2u);
}

TEST_CASE("the checksum is CRC-32 as in IEEE 802.3, its own field read as zero") {
    const Buffer blob = make_blob();
    CHECK(get_u32(blob, blob_crc_at) == blob_crc(blob));
}
