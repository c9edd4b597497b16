#include "support.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <functional>

using namespace mote_test;

/* The sizes are constant expressions, and these are the numbers, worked out by hand. */
static_assert(MOTE_RNN_PARAMS(27, 0, 64, 1) == 64 * (27 + 64 + 1) + 27 * 65, "params");
static_assert(MOTE_RNN_WEIGHTS(27, 0, 64, 1) == 64 * (27 + 64 + 1) + 32 * 65, "weights");
static_assert(MOTE_RNN_WEIGHTS(27, 5, 10, 2) == 16 * 27 + 16 * (5 + 10 + 1) + 16 * (2 * 10 + 1) + 32 * 11, "weights");
static_assert(MOTE_RNN_TENSORS(0, 1) == 5 && MOTE_RNN_TENSORS(8, 3) == 12, "tensors");
static_assert(MOTE_RNN_MODEL_BYTES(27, 0, 64, 1) == 32512, "model");
static_assert(MOTE_RNN_STATE_BYTES(27, 0, 64, 1) == 768, "state");
static_assert(MOTE_RNN_TRAINER_BYTES(27, 0, 64, 1, 4, 8, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE) == 85760, "trainer");
static_assert(MOTE_RNN_TRAINER_BYTES(27, 0, 64, 1, 4, 8, MOTE_ADAGRAD, MOTE_WORKSPACE_PACKED) == 109056, "trainer");
static_assert(MOTE_MOMENTS(MOTE_SGD) == 0 && MOTE_MOMENTS(MOTE_MOMENTUM) == 1 && MOTE_MOMENTS(MOTE_ADAGRAD) == 1 &&
                  MOTE_MOMENTS(MOTE_ADAMW) == 2,
              "moments");

namespace {

struct Setting {
    mote_config config;
    mote_train_config train;
};

std::string describe(const Setting &s) {
    char text[160];
    std::snprintf(text, sizeof text, "V=%u E=%u H=%u L=%u B=%u T=%u optimizer=%u workspace=%u", s.config.vocab,
                  s.config.embed, s.config.hidden, s.config.layers, s.train.batch, s.train.time, s.train.optimizer,
                  s.train.workspace);
    return text;
}

std::vector<Setting> generate(size_t count) {
    Random random(2);
    std::vector<Setting> settings;
    for (size_t i = 0; i < count; ++i) {
        const uint32_t embed = random.below(3) == 0 ? 0 : 1 + random.below(40);
        Setting s{rnn(2 + random.below(70), embed, 1 + random.below(40), 1 + random.below(4),
                      random.below(2) == 0 ? MOTE_TANH : MOTE_RELU),
                  train_config(1 + random.below(9), 1 + random.below(7), random.below(4))};
        s.train.workspace = random.below(2);
        s.train.loss = random.below(2);
        s.train.state = random.below(2);
        s.train.clip_norm = random.below(2) == 0 ? 1.0f : 0.0f;
        settings.push_back(s);
    }
    return settings;
}

const std::vector<Setting> &settings() {
    static const std::vector<Setting> generated = generate(320);
    return generated;
}

using Make = std::function<mote_status(mote_arena *)>;

/* `make` succeeds in `bytes`, uses them all, and fails in one less without a trace. */
void check_exact(size_t bytes, const Make &make) {
    REQUIRE(bytes > 0);
    Arena exact(bytes, 0xa5);
    CHECK(make(&exact.arena) == MOTE_OK);
    CHECK(exact.arena.used == bytes);

    Arena shorter(bytes - 1, 0xa5);
    CHECK(make(&shorter.arena) == MOTE_ERR_ARENA);
    CHECK(shorter.arena.needed == bytes);
    CHECK(shorter.arena.used == 0);
    CHECK(shorter.memory.filled_with(0xa5));

    const size_t before = 3 * MOTE_ALIGN;
    Arena behind(before + bytes - 1, 0xa5);
    behind.arena.used = before;
    CHECK(make(&behind.arena) == MOTE_ERR_ARENA);
    CHECK(behind.arena.needed == before + bytes);
    CHECK(behind.arena.used == before);
    CHECK(behind.memory.filled_with(0xa5));

    Arena told(behind.arena.needed, 0xa5);
    told.arena.used = before;
    CHECK(make(&told.arena) == MOTE_OK);
    CHECK(told.arena.used == told.arena.size);
}

} // namespace

TEST_CASE("macros and functions give the same sizes") {
    for (const Setting &s : settings()) {
        const auto [V, E, H, L] = std::tuple{s.config.vocab, s.config.embed, s.config.hidden, s.config.layers};
        const auto [B, T] = std::tuple{s.train.batch, s.train.time};
        INFO(describe(s));
        CHECK(mote_param_count(&s.config) == MOTE_RNN_PARAMS(V, E, H, L));
        CHECK(mote_weight_count(&s.config) == MOTE_RNN_WEIGHTS(V, E, H, L));
        CHECK(mote_model_bytes(&s.config) == MOTE_RNN_MODEL_BYTES(V, E, H, L));
        CHECK(mote_state_bytes(&s.config) == MOTE_RNN_STATE_BYTES(V, E, H, L));
        CHECK(mote_scratch_bytes(&s.config) == MOTE_RNN_SCRATCH_BYTES(V, E, H, L));
        CHECK(mote_blob_bytes(&s.config) == MOTE_RNN_BLOB_BYTES(V, E, H, L));
        CHECK(mote_trainer_bytes(&s.config, &s.train) ==
              MOTE_RNN_TRAINER_BYTES(V, E, H, L, B, T, s.train.optimizer, s.train.workspace));
        CHECK(mote_checkpoint_bytes(&s.config, &s.train) ==
              MOTE_RNN_CHECKPOINT_BYTES(V, E, H, L, B, s.train.optimizer));
    }
}

TEST_CASE("the tensors are as many and as large as the sizes say") {
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const Model model(s.config);
        mote_tensor tensor{};
        uint32_t index = 0;
        size_t floats = 0;
        size_t logical = 0;
        for (; mote_model_tensor(model.get(), index, &tensor) == MOTE_OK; ++index) {
            CHECK(tensor.offset == floats);
            CHECK(tensor.data == model.weights() + tensor.offset);
            CHECK(tensor.count % 16 == 0);
            floats += tensor.count;
            logical += size_t{tensor.shape[0]} * tensor.shape[1];
        }
        CHECK(index == MOTE_RNN_TENSORS(s.config.embed, s.config.layers));
        CHECK(floats == mote_weight_count(&s.config));
        CHECK(logical == mote_param_count(&s.config));
        size_t marked = 0;
        for (const bool own : logical_floats(model.get())) marked += own;
        CHECK(marked == logical);
    }
}

TEST_CASE("a model in exactly its size works, one byte short it fails and writes nothing") {
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const mote_init init = lively_init();
        const Alphabet alphabet(s.config.vocab);
        const size_t bytes = mote_model_bytes(&s.config);
        check_exact(bytes, [&](mote_arena *arena) {
            mote_model *model = nullptr;
            return mote_model_random(&model, arena, &s.config, &alphabet.vocab(), &init, 1);
        });
        const Model original(s.config, 1, &alphabet.vocab());
        check_exact(bytes, [&](mote_arena *arena) {
            mote_model *copy = nullptr;
            const mote_status status = mote_model_copy(&copy, arena, original.get());
            if (status == MOTE_OK) CHECK(mote_weights_hash(copy) == original.hash());
            return status;
        });
    }
}

TEST_CASE("a blob in exactly its size opens, and in an arena one byte short it fails and writes nothing") {
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const Alphabet alphabet(s.config.vocab);
        const Model original(s.config, 1, &alphabet.vocab());
        const Buffer blob = save(original.get(), s.config);
        check_exact(MOTE_OPEN_BYTES, [&](mote_arena *arena) {
            const mote_model *opened = nullptr;
            const mote_status status = mote_model_open(&opened, arena, blob.data(), blob.size());
            if (status == MOTE_OK) CHECK(mote_weights_hash(opened) == original.hash());
            return status;
        });
    }
}

TEST_CASE("a state in exactly its size runs, one byte short it fails and writes nothing") {
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const Model model(s.config);
        check_exact(mote_state_bytes(&s.config), [&](mote_arena *arena) {
            mote_state *state = nullptr;
            const mote_status status = mote_state_init(&state, arena, model.get());
            if (status != MOTE_OK) return status;
            const float *logits = nullptr;
            for (uint16_t token = 0; token < 3; ++token)
                CHECK(mote_step(state, static_cast<uint16_t>(token % s.config.vocab), &logits) == MOTE_OK);
            mote_state_reset(state);
            return status;
        });
    }
}

TEST_CASE("a trainer in exactly its size trains, one byte short it fails and writes nothing") {
    Random random(6);
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const Model model(s.config);
        check_exact(mote_trainer_bytes(&s.config, &s.train), [&](mote_arena *arena) {
            mote_trainer *trainer = nullptr;
            const mote_status status = mote_trainer_init(&trainer, arena, model.get(), &s.train);
            if (status != MOTE_OK) return status;
            for (int step = 0; step < 2; ++step) {
                const Batch batch = draw_batch(random, s.config.vocab, s.train.batch, s.train.time, 0.1);
                float loss = 0;
                CHECK(mote_train_step(trainer, batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
            }
            mote_trainer_reset_state(trainer);
            return status;
        });
        CHECK(dirty_padding(model.get(), model.weights()) == 0);
    }
}

TEST_CASE("a save needs exactly its scratch and gives it back, one byte short it fails and writes nothing") {
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const Alphabet alphabet(s.config.vocab);
        const Model model(s.config, 1, &alphabet.vocab());
        const size_t scratch_bytes = mote_scratch_bytes(&s.config);
        Buffer blob(mote_blob_bytes(&s.config), 0xa5);
        mote_buffer buffer{blob.data(), blob.size(), 0};
        Arena shorter(scratch_bytes - 1, 0xa5);
        CHECK(mote_model_save(model.get(), nullptr, &shorter.arena, mote_buffer_write, &buffer) == MOTE_ERR_ARENA);
        CHECK(shorter.arena.needed == scratch_bytes);
        CHECK(shorter.arena.used == 0);
        CHECK(shorter.memory.filled_with(0xa5));
        CHECK(buffer.used == 0);
        CHECK(blob.filled_with(0xa5));
        Arena exact(scratch_bytes);
        CHECK(mote_model_save(model.get(), nullptr, &exact.arena, mote_buffer_write, &buffer) == MOTE_OK);
        CHECK(exact.arena.used == 0);
        CHECK(buffer.used == blob.size());
        Arena open_arena(MOTE_OPEN_BYTES);
        const mote_model *opened = nullptr;
        REQUIRE(mote_model_open(&opened, &open_arena.arena, blob.data(), blob.size()) == MOTE_OK);
        CHECK(mote_selftest(opened, &shorter.arena) == MOTE_ERR_ARENA);
        CHECK(shorter.memory.filled_with(0xa5));
        CHECK(mote_selftest(opened, &exact.arena) == MOTE_OK);
        CHECK(exact.arena.used == 0);
    }
}

TEST_CASE("a checkpoint of exactly its size loads into exactly model and trainer, one byte short nothing is written") {
    Random random(7);
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const Alphabet alphabet(s.config.vocab);
        const Model model(s.config, 1, &alphabet.vocab());
        const Trainer trainer(model, s.train);
        const Batch batch = draw_batch(random, s.config.vocab, s.train.batch, s.train.time);
        float loss = 0;
        REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
        const Buffer checkpoint = save_checkpoint(trainer.get(), s.config);
        check_exact(mote_model_bytes(&s.config) + mote_trainer_bytes(&s.config, &s.train), [&](mote_arena *arena) {
            mote_model *loaded = nullptr;
            mote_trainer *loaded_trainer = nullptr;
            const mote_status status = mote_checkpoint_load(&loaded_trainer, &loaded, arena, checkpoint.data(),
                                                            checkpoint.size(), s.train.workspace);
            if (status == MOTE_OK) CHECK(mote_weights_hash(loaded) == model.hash());
            return status;
        });
    }
}

TEST_CASE("a blob that does not fit the buffer makes the save fail, whatever is missing") {
    const mote_config config = rnn(5, 3, 4, 1);
    const Alphabet alphabet(5);
    const Model model(config, 1, &alphabet.vocab());
    const size_t bytes = mote_blob_bytes(&config);
    Arena scratch(mote_scratch_bytes(&config));
    for (size_t room = 0; room < bytes; ++room) {
        Buffer blob(room);
        mote_buffer buffer{blob.data(), room, 0};
        REQUIRE(mote_model_save(model.get(), nullptr, &scratch.arena, mote_buffer_write, &buffer) == MOTE_ERR_WRITE);
        REQUIRE(scratch.arena.used == 0);
    }
}
