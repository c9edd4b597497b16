#include "support.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

const mote_config config = rnn(5, 0, 3, 1);

mote_status make(mote_arena *arena, mote_model **model) {
    const mote_init init = lively_init();
    return mote_model_random(model, arena, &config, nullptr, &init, 1);
}

} // namespace

TEST_CASE("an arena takes aligned memory only") {
    Buffer memory(256);
    mote_arena arena{};
    for (size_t offset = 1; offset < MOTE_ALIGN; ++offset)
        CHECK(mote_arena_init(&arena, memory.data() + offset, 128) == MOTE_ERR_ALIGN);
    CHECK(mote_arena_init(&arena, memory.data() + MOTE_ALIGN, 128) == MOTE_OK);
    CHECK(arena.base == memory.data() + MOTE_ALIGN);
    CHECK(arena.size == 128);
    CHECK(arena.used == 0);
}

TEST_CASE("an arena whose base was set askew makes nothing") {
    Buffer memory(mote_model_bytes(&config) + 64);
    mote_arena arena{memory.data() + 4, memory.size() - 4, 0, 0};
    mote_model *model = nullptr;
    CHECK(make(&arena, &model) == MOTE_ERR_ALIGN);
    CHECK(memory.filled_with(0));
}

TEST_CASE("objects lie one after the other in multiples of 64 bytes") {
    const size_t bytes = mote_model_bytes(&config);
    CHECK(bytes % MOTE_ALIGN == 0);
    Arena room(3 * bytes);
    for (size_t i = 0; i < 3; ++i) {
        mote_model *model = nullptr;
        REQUIRE(make(&room.arena, &model) == MOTE_OK);
        CHECK(mote_arena_mark(&room.arena) == (i + 1) * bytes);
        CHECK(reinterpret_cast<uintptr_t>(model) % MOTE_ALIGN == 0);
    }
    mote_model *model = nullptr;
    CHECK(make(&room.arena, &model) == MOTE_ERR_ARENA);
    CHECK(room.arena.needed == 4 * bytes);
    CHECK(room.arena.used == 3 * bytes);
}

TEST_CASE("rewinding to a mark gives back what was made since and leaves what was made before") {
    const size_t bytes = mote_model_bytes(&config);
    Arena room(2 * bytes);
    mote_model *first = nullptr;
    REQUIRE(make(&room.arena, &first) == MOTE_OK);
    const uint64_t hash = mote_weights_hash(first);
    const size_t mark = mote_arena_mark(&room.arena);
    mote_model *second = nullptr;
    mote_model *third = nullptr;
    REQUIRE(make(&room.arena, &second) == MOTE_OK);
    mote_arena_rewind(&room.arena, mark);
    CHECK(room.arena.used == mark);
    REQUIRE(make(&room.arena, &third) == MOTE_OK);
    CHECK(third == second);
    CHECK(mote_weights_hash(first) == hash);
    CHECK(mote_weights_hash(third) == hash);
}

TEST_CASE("a mark above what is used changes nothing") {
    Arena room(mote_model_bytes(&config));
    mote_model *model = nullptr;
    REQUIRE(make(&room.arena, &model) == MOTE_OK);
    const size_t used = room.arena.used;
    mote_arena_rewind(&room.arena, used + 64);
    CHECK(room.arena.used == used);
    mote_arena_rewind(&room.arena, SIZE_MAX);
    CHECK(room.arena.used == used);
    mote_arena_rewind(&room.arena, used);
    CHECK(room.arena.used == used);
}

TEST_CASE("memory that held something else makes the same model, state and trainer as fresh memory") {
    const mote_train_config train = train_config(2, 3, MOTE_ADAMW);
    const mote_init init = lively_init();
    Random random(1);
    const Batch batch = draw_batch(random, config.vocab, 2, 3);
    uint64_t hashes[2];
    uint32_t logits_bits[2];
    for (const bool used : {false, true}) {
        Arena room(mote_model_bytes(&config) + mote_trainer_bytes(&config, &train) + mote_state_bytes(&config),
                   used ? 0xff : 0x00);
        mote_model *model = nullptr;
        mote_trainer *trainer = nullptr;
        mote_state *state = nullptr;
        REQUIRE(mote_model_random(&model, &room.arena, &config, nullptr, &init, 1) == MOTE_OK);
        REQUIRE(mote_trainer_init(&trainer, &room.arena, model, &train) == MOTE_OK);
        REQUIRE(mote_state_init(&state, &room.arena, model) == MOTE_OK);
        float loss = 0;
        REQUIRE(mote_train_step(trainer, batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
        const float *logits = nullptr;
        REQUIRE(mote_step(state, 1, &logits) == MOTE_OK);
        hashes[used] = mote_weights_hash(model);
        logits_bits[used] = bits(logits[0]);
        CHECK(dirty_padding(model, mote_model_weights(model, nullptr)) == 0);
    }
    CHECK(hashes[0] == hashes[1]);
    CHECK(logits_bits[0] == logits_bits[1]);
}
