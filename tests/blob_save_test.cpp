/* Saving: the write callback, and what cannot be saved. */
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

using namespace mote_test;

namespace {

const mote_config config = rnn(7, 3, 5, 2);

struct Writer {
    size_t calls_left;
    size_t bytes = 0;
};

mote_status refuse_later(void *user, const void *, size_t count) {
    Writer *writer = static_cast<Writer *>(user);
    if (writer->calls_left == 0) return MOTE_ERR_CAPACITY;
    --writer->calls_left;
    writer->bytes += count;
    return MOTE_OK;
}

} // namespace

TEST_CASE("a write callback that refuses ends the save, whenever it does") {
    const Alphabet alphabet(config.vocab);
    const Model model(config, 12, &alphabet.vocab());
    Arena scratch(mote_scratch_bytes(&config));
    Writer patient{SIZE_MAX};
    REQUIRE(mote_model_save(model.get(), nullptr, 0, &scratch.arena, refuse_later, &patient) == MOTE_OK);
    CHECK(patient.bytes == mote_blob_bytes(&config));
    const size_t calls = SIZE_MAX - patient.calls_left;
    for (size_t allowed = 0; allowed < calls; ++allowed) {
        Writer writer{allowed};
        CHECK(mote_model_save(model.get(), nullptr, 0, &scratch.arena, refuse_later, &writer) == MOTE_ERR_WRITE);
        CHECK(writer.calls_left == 0);
    }
}

TEST_CASE("a model without characters cannot be saved") {
    const Model model(config, 12);
    Arena scratch(mote_scratch_bytes(&config));
    Buffer blob(mote_blob_bytes(&config));
    mote_buffer buffer{blob.data(), blob.size(), 0};
    CHECK(mote_model_save(model.get(), nullptr, 0, &scratch.arena, mote_buffer_write, &buffer) == MOTE_ERR_MISSING);
    CHECK(buffer.used == 0);
}

TEST_CASE("weights that a blob may not hold, or that give infinite logits, are not saved and nothing is written") {
    const Alphabet alphabet(config.vocab);
    for (const float bad : {std::nanf(""), HUGE_VALF, -HUGE_VALF, 0x1p-41f, -0x1p-41f, 0x1p-140f, -0.0f}) {
        const Model model(config, 12, &alphabet.vocab());
        mote_tensor tensor{};
        REQUIRE(mote_model_tensor(model.get(), 1, &tensor) == MOTE_OK);
        model.weights()[tensor.offset] = bad;
        Arena scratch(mote_scratch_bytes(&config));
        Writer writer{SIZE_MAX};
        CHECK(mote_model_save(model.get(), nullptr, 0, &scratch.arena, refuse_later, &writer) == MOTE_ERR_NUMERIC);
        CHECK(writer.calls_left == SIZE_MAX);
    }
    /* Five hidden units of 1 times 3e38. */
    const Model model(config, 12, &alphabet.vocab());
    mote_tensor tensor{};
    for (uint32_t index = 0; mote_model_tensor(model.get(), index, &tensor) == MOTE_OK; ++index) {
        float *const data = model.weights() + tensor.offset;
        if (std::strcmp(tensor.name, "bias_l1") == 0)
            for (uint32_t i = 0; i < config.hidden; ++i) data[i] = 100;
        if (std::strcmp(tensor.name, "weight_out") == 0)
            for (uint32_t i = 0; i < config.hidden; ++i) data[16 * size_t{i}] = 3e38f;
    }
    Arena scratch(mote_scratch_bytes(&config));
    Writer writer{SIZE_MAX};
    CHECK(mote_model_save(model.get(), nullptr, 0, &scratch.arena, refuse_later, &writer) == MOTE_ERR_NUMERIC);
    CHECK(writer.calls_left == SIZE_MAX);
}
