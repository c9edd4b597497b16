/* Configurations and sizes that are none. */
#include "support.h"

#include <doctest/doctest.h>

using namespace mote_test;

TEST_CASE("configurations that cannot be used have no size and make no model") {
    const mote_config good = rnn(5, 3, 4, 2);
    const mote_init init = lively_init();
    Arena arena(1 << 16);
    const auto refused = [&](auto spoil) {
        mote_config config = good;
        spoil(config);
        mote_model *model = nullptr;
        const mote_train_config train = train_config(1, 1);
        return mote_param_count(&config) == 0 && mote_weight_count(&config) == 0 && mote_model_bytes(&config) == 0 &&
               mote_state_bytes(&config) == 0 && mote_scratch_bytes(&config) == 0 && mote_blob_bytes(&config) == 0 &&
               mote_trainer_bytes(&config, &train) == 0 && mote_checkpoint_bytes(&config, &train) == 0 &&
               mote_model_random(&model, &arena.arena, &config, nullptr, &init, 1) == MOTE_ERR_ARG;
    };
    CHECK_FALSE(refused([](mote_config &) {}));
    for (const uint32_t arch : {0u, 1u, 2u, 4u, 0xffffffffu}) CHECK(refused([=](mote_config &c) { c.arch = arch; }));
    for (const uint32_t act : {0u, 3u, 0xffffffffu}) CHECK(refused([=](mote_config &c) { c.activation = act; }));
    for (const uint32_t vocab : {0u, 1u, MOTE_MAX_VOCAB + 1, 0xffffffffu})
        CHECK(refused([=](mote_config &c) { c.vocab = vocab; }));
    for (const uint32_t embed : {MOTE_MAX_WIDTH + 1, 0xffffffffu})
        CHECK(refused([=](mote_config &c) { c.embed = embed; }));
    for (const uint32_t hidden : {0u, MOTE_MAX_WIDTH + 1, 0xffffffffu})
        CHECK(refused([=](mote_config &c) { c.hidden = hidden; }));
    for (const uint32_t layers : {0u, MOTE_MAX_LAYERS + 1, 0xffffffffu})
        CHECK(refused([=](mote_config &c) { c.layers = layers; }));
    CHECK(refused([](mote_config &c) { c.context = 1; }));
}

TEST_CASE("a size above 2^32 - 1 is none") {
    const auto limited = [](uint64_t bytes) { return bytes <= UINT32_MAX ? bytes : 0; };
    Random random(8);
    size_t large = 0;
    for (int i = 0; i < 2000; ++i) {
        const uint32_t V = 2 + random.below(MOTE_MAX_VOCAB - 1);
        const uint32_t E = random.below(2) == 0 ? 0 : random.below(MOTE_MAX_WIDTH + 1);
        const uint32_t H = 1 + random.below(MOTE_MAX_WIDTH >> random.below(6));
        const uint32_t L = 1 + random.below(MOTE_MAX_LAYERS);
        const mote_config config = rnn(V, E, H, L);
        const uint64_t bytes = limited(MOTE_RNN_MODEL_BYTES(V, E, H, L));
        large += bytes == 0;
        CHECK(mote_model_bytes(&config) == bytes);
        if (bytes == 0) CHECK(mote_state_bytes(&config) == 0);
        mote_train_config train = train_config(1 + random.below(65536), 1 + random.below(65536), random.below(4));
        const uint64_t trainer = limited(
            MOTE_RNN_TRAINER_BYTES(V, E, H, L, train.batch, train.time, train.optimizer, MOTE_WORKSPACE_PACKED));
        CHECK(mote_trainer_bytes(&config, &train) == (bytes == 0 ? 0 : trainer));
    }
    CHECK(large > 100);
    CHECK(large < 1900);
}

TEST_CASE("a model or trainer larger than 2^32 - 1 bytes is refused before any memory is looked at") {
    const mote_config huge = rnn(65535, 65536, 65536, 16);
    const mote_init init = lively_init();
    Buffer memory(4096, 0xa5);
    mote_arena arena{memory.data(), SIZE_MAX, 0, 0};
    mote_model *model = nullptr;
    CHECK(mote_model_random(&model, &arena, &huge, nullptr, &init, 1) == MOTE_ERR_ARG);
    const Model small(rnn(5, 0, 3, 1));
    const mote_train_config train = train_config(65536, 65536);
    mote_trainer *trainer = nullptr;
    CHECK(mote_trainer_init(&trainer, &arena, small.get(), &train) == MOTE_ERR_ARG);
    CHECK(memory.filled_with(0xa5));
}
