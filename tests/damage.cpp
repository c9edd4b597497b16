#include "damage.h"

#include <doctest/doctest.h>

namespace mote_test {

namespace {

/* Not in a CHECK of its own each time: there are hundreds of thousands of them. */
void expect(bool holds, const char *what) {
    if (!holds) CHECK_MESSAGE(holds, "a mutated blob opened, but " << what);
}

bool one_of(mote_status status, std::initializer_list<mote_status> allowed) {
    for (const mote_status s : allowed)
        if (status == s) return true;
    return false;
}

void read_text(const mote_model *model) {
    mote_vocab vocab{};
    expect(mote_model_vocab(model, &vocab) == MOTE_OK, "it has no vocabulary");
    std::string text;
    for (uint32_t token = 0; token < vocab.count; ++token) {
        char utf8[4];
        text.append(utf8, mote_decode(&vocab, static_cast<uint16_t>(token), utf8));
    }
    std::vector<uint16_t> tokens(text.size());
    size_t count = 0;
    expect(mote_encode(&vocab, text.data(), text.size(), tokens.data(), tokens.size(), &count) == MOTE_OK &&
               count == vocab.count,
           "its characters do not encode");
    for (size_t i = 0; i < count; ++i) expect(tokens[i] == i, "its characters encode to others");
}

void read_tensors(const mote_model *model) {
    mote_tensor tensor{};
    double sum = 0;
    for (uint32_t index = 0; mote_model_tensor(model, index, &tensor) == MOTE_OK; ++index)
        for (uint32_t r = 0; r < tensor.shape[0]; ++r)
            for (uint32_t c = 0; c < tensor.shape[1]; ++c) sum += static_cast<double>(mote_tensor_at(&tensor, r, c));
    expect(sum - sum == 0, "a weight is not finite");
    mote_weights_hash(model);
}

} // namespace

uint32_t blob_crc(const Buffer &blob) {
    const size_t claimed = blob.size() >= 16 ? get_u32(blob, blob_size_at) : 0;
    const size_t size = claimed <= blob.size() ? claimed : blob.size();
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < size; ++i) {
        static const std::vector<uint32_t> table = [] {
            std::vector<uint32_t> made;
            for (uint32_t byte = 0; byte < 256; ++byte) {
                uint32_t rest = byte;
                for (int bit = 0; bit < 8; ++bit) rest = (rest & 1) != 0 ? 0xedb88320u ^ (rest >> 1) : rest >> 1;
                made.push_back(rest);
            }
            return made;
        }();
        const uint32_t byte = i >= blob_crc_at && i < blob_crc_at + 4 ? 0 : blob.data()[i];
        crc = table[(crc ^ byte) & 0xff] ^ (crc >> 8);
    }
    return ~crc;
}

size_t section_entry(const Buffer &blob, const char name[5]) {
    for (uint32_t i = 0; i < get_u32(blob, blob_section_count_at); ++i) {
        const size_t at = blob_table_at + blob_table_entry * i;
        if (std::memcmp(blob.data() + at, name, 4) == 0) return at;
    }
    return SIZE_MAX;
}

Buffer with_section(const Buffer &blob, const char name[5], uint32_t flags) {
    Buffer longer(blob.size() + 64, 0x77);
    std::memcpy(longer.data(), blob.data(), blob.size());
    const uint32_t count = get_u32(blob, blob_section_count_at);
    REQUIRE(count < blob_sections);
    const size_t at = blob_table_at + blob_table_entry * count;
    std::memcpy(longer.data() + at, name, 4);
    put_u32(longer, at + 4, flags);
    put_u32(longer, at + 8, static_cast<uint32_t>(blob.size()));
    put_u32(longer, at + 12, 64);
    put_u32(longer, blob_section_count_at, count + 1);
    put_u32(longer, blob_size_at, static_cast<uint32_t>(longer.size()));
    repair_crc(longer);
    return longer;
}

void exercise(const mote_model *model) {
    mote_config config{};
    expect(mote_model_config(model, &config) == MOTE_OK && mote_model_bytes(&config) > 0, "its configuration is none");
    read_text(model);
    read_tensors(model);
    Arena arena(mote_model_bytes(&config) + 2 * mote_state_bytes(&config));
    mote_state *state = nullptr;
    expect(mote_state_init(&state, &arena.arena, model) == MOTE_OK, "it has no state");
    mote_rng rng{};
    mote_rng_init(&rng, 1, 1);
    uint16_t token = 0;
    for (int i = 0; i < 3; ++i) {
        const float *logits = nullptr;
        const mote_status status = mote_step(state, token, &logits);
        expect(one_of(status, {MOTE_OK, MOTE_ERR_NUMERIC}), "it does not step");
        if (status != MOTE_OK) break;
        expect(mote_sample(logits, config.vocab, 1, 0, &rng, &token) == MOTE_OK, "it does not sample");
    }
    const uint16_t tokens[3] = {0, token, 1};
    float nats[2];
    expect(one_of(mote_score(state, tokens, 3, nats, nullptr), {MOTE_OK, MOTE_ERR_NUMERIC}), "it does not score");
    expect(one_of(mote_selftest(model, &arena.arena),
                  {MOTE_OK, MOTE_ERR_SELFTEST, MOTE_ERR_NUMERIC, MOTE_ERR_TOKEN, MOTE_ERR_MISSING}),
           "its self-test does not run");
    mote_model *copy = nullptr;
    expect(mote_model_copy(&copy, &arena.arena, model) == MOTE_OK, "it cannot be copied");
    expect(mote_weights_hash(copy) == mote_weights_hash(model), "its copy is another model");
}

void exercise(mote_trainer *trainer, mote_model *model) {
    exercise(model);
    mote_train_config train{};
    expect(mote_trainer_config(trainer, &train) == MOTE_OK, "it has no configuration");
    mote_config config{};
    expect(mote_model_config(model, &config) == MOTE_OK, "its model has no configuration");
    const std::vector<uint16_t> tokens(size_t{train.batch} * (size_t{train.time_steps} + config.context), 1);
    for (int i = 0; i < 2; ++i) {
        float loss = 0;
        expect(one_of(mote_train_step(trainer, tokens.data(), tokens.data(), &loss), {MOTE_OK, MOTE_ERR_NUMERIC}),
               "it does not train");
    }
}

} // namespace mote_test
