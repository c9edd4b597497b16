#include "damage.h"

#include <doctest/doctest.h>

#include <cfenv>
#include <cmath>
#include <string>

using namespace mote_test;

namespace {

Buffer make_blob(const mote_config &config) {
    const Alphabet alphabet(config.vocab);
    const Model model(config, 21, &alphabet.vocab());
    return save(model.get(), config);
}

mote_status selftest(const Buffer &blob, const mote_config &config) {
    Arena arena(MOTE_OPEN_BYTES + mote_scratch_bytes(&config));
    const mote_model *model = nullptr;
    REQUIRE(mote_model_open(&model, &arena.arena, blob.data(), blob.size()) == MOTE_OK);
    return mote_selftest(model, &arena.arena);
}

} // namespace

TEST_CASE("a blob passes its self-test on every instruction set of this machine") {
    const std::string before = mote_isa();
    for (uint32_t saver = 0; mote_isa_at(saver) != nullptr; ++saver) {
        REQUIRE(mote_isa_force(mote_isa_at(saver)) == MOTE_OK);
        for (const mote_config &config :
             {gru(9, 4, 7, 2), gru(40, 0, 17, 1), rnn(9, 4, 7, 2), rnn(2, 0, 1, 1), rnn(70, 0, 33, 1),
              rnn(40, 17, 40, 3, MOTE_RELU), bigram(40), mlp(9, 3, 4, 7, 2), mlp(70, 8, 17, 33, 1, MOTE_RELU)}) {
            const Buffer blob = make_blob(config);
            for (uint32_t tester = 0; mote_isa_at(tester) != nullptr; ++tester) {
                REQUIRE(mote_isa_force(mote_isa_at(tester)) == MOTE_OK);
                CHECK(selftest(blob, config) == MOTE_OK);
            }
            REQUIRE(mote_isa_force(mote_isa_at(saver)) == MOTE_OK);
        }
    }
    REQUIRE(mote_isa_force(before.c_str()) == MOTE_OK);
}

TEST_CASE("the self-test notices a program that rounds otherwise than to nearest, on every instruction set") {
    const std::string before = mote_isa();
    const mote_config config = rnn(9, 4, 7, 1);
    const Buffer blob = make_blob(config);
    for (uint32_t isa = 0; mote_isa_at(isa) != nullptr; ++isa) {
        REQUIRE(mote_isa_force(mote_isa_at(isa)) == MOTE_OK);
        for (const int rounding : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
            const int old = std::fegetround();
            REQUIRE(std::fesetround(rounding) == 0);
            const mote_status status = selftest(blob, config);
            REQUIRE(std::fesetround(old) == 0);
            CHECK(status == MOTE_ERR_SELFTEST);
        }
        CHECK(selftest(blob, config) == MOTE_OK);
    }
    REQUIRE(mote_isa_force(before.c_str()) == MOTE_OK);
}

TEST_CASE("the self-test notices every single weight, where the prompt can hold the whole vocabulary") {
    for (const mote_config &config :
         {rnn(9, 0, 7, 2), rnn(9, 4, 7, 2), gru(9, 4, 7, 2), bigram(9), mlp(9, 3, 4, 7, 2)}) {
        INFO(describe(config));
        const Buffer blob = make_blob(config);
        const size_t data = section_offset(blob, "DATA");
        const Model shape(config);
        const std::vector<bool> logical = logical_floats(shape.get());
        size_t missed = 0;
        for (size_t i = 0; i < logical.size(); ++i) {
            if (!logical[i]) continue;
            Buffer changed = blob;
            const float weight = from_bits(get_u32(blob, data + 4 * i));
            put_u32(changed, data + 4 * i, bits(weight + 0.25f));
            repair_crc(changed);
            missed += selftest(changed, config) != MOTE_ERR_SELFTEST;
        }
        CHECK(missed == 0);
    }
}

TEST_CASE("the self-test notices one wrong bit in what was computed at saving") {
    const mote_config config = rnn(9, 4, 7, 2);
    const Buffer blob = make_blob(config);
    const size_t test = section_offset(blob, "TEST");
    const uint32_t prompt = get_u32(blob, test);
    CHECK(prompt >= 16);
    for (uint32_t i = 0; i < 8 * prompt; ++i) {
        Buffer changed = blob;
        changed.data()[test + 64 + 2 * prompt + i] ^= 1;
        repair_crc(changed);
        CHECK(selftest(changed, config) == MOTE_ERR_SELFTEST);
    }
}

TEST_CASE("models that were not opened from a blob have no self-test") {
    const mote_config config = rnn(9, 4, 7, 2);
    const Buffer blob = make_blob(config);
    Arena arena(MOTE_OPEN_BYTES + mote_model_bytes(&config));
    Arena scratch(mote_scratch_bytes(&config));
    const mote_model *opened = nullptr;
    mote_model *copy = nullptr;
    REQUIRE(mote_model_open(&opened, &arena.arena, blob.data(), blob.size()) == MOTE_OK);
    REQUIRE(mote_model_copy(&copy, &arena.arena, opened) == MOTE_OK);
    CHECK(mote_selftest(opened, &scratch.arena) == MOTE_OK);
    CHECK(mote_selftest(copy, &scratch.arena) == MOTE_ERR_MISSING);
    const Model model(config);
    CHECK(mote_selftest(model.get(), &scratch.arena) == MOTE_ERR_MISSING);
}
