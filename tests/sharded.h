/* A training in shards in memory of exactly its size, and the numbers that it must have. */
#ifndef MOTE_TESTS_SHARDED_H
#define MOTE_TESTS_SHARDED_H

#include "mote_shards.h"
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>

namespace mote_test {

inline mote_shards_part all_of(const mote_config &config, uint32_t shards) {
    return {shards, 0, shards, 0, static_cast<uint32_t>(MOTE_SHARDS_BLOCKS(MOTE_SHAPE_OF(config)))};
}

/* Model and shards in one arena, and the memory that a step takes. */
struct Sharded {
    Sharded(const mote_config &c, const mote_train_config &t, const mote_shards_part &p, uint64_t seed = 4)
        : alphabet(c.vocab), config(c), train(t), part(p), arena(mote_model_bytes(&c) + mote_shards_bytes(&c, &t, &p)),
          nodes((MOTE_SHARDS_NODES(p.shards) + 1) * mote_weight_count(&c)), losses(p.shards) {
        const mote_init init = lively_init(c.cell);
        REQUIRE(mote_model_random(&model, &arena.arena, &c, &alphabet.vocab(), &init, seed) == MOTE_OK);
        REQUIRE(mote_shards_init(&shards, &arena.arena, model, &t, &p) == MOTE_OK);
        REQUIRE(arena.arena.used == arena.arena.size);
    }
    mote_status step(const Batch &batch, float *loss) {
        return mote_shards_step(shards, batch.tokens.data(), batch.targets.data(), nodes.data(), losses.data(), loss);
    }
    uint64_t hash() const { return mote_weights_hash(model); }
    Buffer checkpoint(const mote_shards_whole *whole = nullptr) const {
        Buffer blob(mote_checkpoint_bytes(&config, &train), 0xee);
        Arena scratch(mote_scratch_bytes(&config));
        mote_buffer buffer{blob.data(), blob.size(), 0};
        REQUIRE(mote_shards_save(shards, whole, nullptr, nullptr, 0, &scratch.arena, mote_buffer_write, &buffer) ==
                MOTE_OK);
        REQUIRE(buffer.used == blob.size());
        return blob;
    }

    Alphabet alphabet;
    mote_config config;
    mote_train_config train;
    mote_shards_part part;
    Arena arena;
    Floats nodes;
    std::vector<float> losses;
    mote_model *model = nullptr;
    mote_shards *shards = nullptr;
};

/* Rows first … end - 1 of a batch. */
inline Batch rows_of(const Batch &batch, uint32_t rows, uint32_t first, uint32_t end) {
    const auto cut = [&](const std::vector<uint16_t> &all) {
        const auto width = static_cast<std::ptrdiff_t>(all.size() / rows);
        return std::vector<uint16_t>(all.begin() + width * first, all.begin() + width * end);
    };
    return {cut(batch.tokens), cut(batch.targets)};
}

} // namespace mote_test

#endif
