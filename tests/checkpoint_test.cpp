#include "damage.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

const mote_config config = rnn(9, 4, 7, 2);

mote_train_config train_for(uint32_t optimizer) {
    mote_train_config train = train_config(3, 4, optimizer);
    train.clip_norm = 0.5f;
    train.clip_value = 0.25f;
    return train;
}

/* A run whose batches and learning rate are functions of the step. */
uint32_t feed(mote_trainer *trainer, uint64_t index) {
    Random random(index);
    const Batch batch = draw_batch(random, config.vocab, 3, 4, 0.1);
    REQUIRE(mote_trainer_set_learning_rate(trainer, 0.1f / static_cast<float>(index + 2)) == MOTE_OK);
    float loss = -1;
    REQUIRE(mote_train_step(trainer, batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
    return bits(loss);
}

Buffer checkpoint_after(uint32_t optimizer, uint32_t steps, const OwnRecord *run = nullptr) {
    const Alphabet alphabet(config.vocab);
    const Model model(config, 2, &alphabet.vocab());
    const Trainer trainer(model, train_for(optimizer));
    for (uint32_t i = 0; i < steps; ++i) feed(trainer.get(), i);
    return save_checkpoint(trainer.get(), config, run);
}

constexpr uint32_t optimizers[] = {MOTE_SGD, MOTE_MOMENTUM, MOTE_ADAGRAD, MOTE_ADAMW};

} // namespace

TEST_CASE("a run stopped at any step and loaded from its checkpoint goes on as if it had not stopped") {
    const uint32_t steps = 12;
    const Alphabet alphabet(config.vocab);
    for (const uint32_t optimizer : optimizers) {
        for (const uint32_t state : {MOTE_STATE_CARRY, MOTE_STATE_RESET}) {
            mote_train_config train = train_for(optimizer);
            train.state = state;
            const Model model(config, 2, &alphabet.vocab());
            const Trainer trainer(model, train);
            std::vector<Buffer> checkpoints;
            std::vector<uint32_t> losses;
            for (uint32_t i = 0; i < steps; ++i) {
                checkpoints.push_back(save_checkpoint(trainer.get(), config));
                losses.push_back(feed(trainer.get(), i));
            }
            checkpoints.push_back(save_checkpoint(trainer.get(), config));
            for (uint32_t stopped = 0; stopped <= steps; ++stopped) {
                INFO("optimizer " << optimizer << " stopped at " << stopped);
                const LoadedCheckpoint loaded(checkpoints[stopped],
                                              stopped % 2 == 0 ? MOTE_WORKSPACE_PACKED : MOTE_WORKSPACE_NONE);
                REQUIRE(loaded.status == MOTE_OK);
                CHECK(mote_trainer_step_count(loaded.trainer) == stopped);
                for (uint32_t i = stopped; i < steps; ++i) CHECK(feed(loaded.trainer, i) == losses[i]);
                CHECK(mote_weights_hash(loaded.model) == model.hash());
                CHECK(bits(mote_trainer_norm(loaded.trainer)) == bits(mote_trainer_norm(trainer.get())));
                CHECK(save_checkpoint(loaded.trainer, config) == checkpoints[steps]);
            }
        }
    }
}

TEST_CASE("saving a checkpoint changes nothing of the run") {
    const Alphabet alphabet(config.vocab);
    const Model watched(config, 2, &alphabet.vocab());
    const Model alone(config, 2, &alphabet.vocab());
    const Trainer watched_trainer(watched, train_for(MOTE_ADAMW));
    const Trainer alone_trainer(alone, train_for(MOTE_ADAMW));
    for (uint32_t i = 0; i < 6; ++i) {
        const Buffer once = save_checkpoint(watched_trainer.get(), config);
        CHECK(save_checkpoint(watched_trainer.get(), config) == once);
        CHECK(feed(watched_trainer.get(), i) == feed(alone_trainer.get(), i));
    }
    CHECK(watched.hash() == alone.hash());
}

TEST_CASE("a checkpoint tells its configurations and its run") {
    const OwnRecord run = some_record();
    for (const uint32_t optimizer : optimizers) {
        const Buffer checkpoint = checkpoint_after(optimizer, 2, &run);
        mote_config c{};
        mote_train_config train{};
        OwnRecord read{};
        REQUIRE(mote_checkpoint_peek(checkpoint.data(), checkpoint.size(), &c, &train) == MOTE_OK);
        CHECK(std::memcmp(&c, &config, sizeof c) == 0);
        const mote_train_config original = train_for(optimizer);
        CHECK(train.batch == original.batch);
        CHECK(train.time_steps == original.time_steps);
        CHECK(train.loss == original.loss);
        CHECK(train.state == original.state);
        CHECK(train.optimizer == original.optimizer);
        CHECK(train.clip_value == original.clip_value);
        CHECK(train.clip_norm == original.clip_norm);
        CHECK(train.learning_rate == 0.1f / 3);
        CHECK(mote_checkpoint_peek(checkpoint.data(), checkpoint.size(), nullptr, nullptr) == MOTE_OK);
        REQUIRE(read_own(checkpoint.data(), checkpoint.size(), &read) == MOTE_OK);
        CHECK(std::memcmp(&read, &run, sizeof run) == 0);
    }
}

TEST_CASE("a loaded model has its characters and can be saved again") {
    const Buffer checkpoint = checkpoint_after(MOTE_ADAGRAD, 3);
    const LoadedCheckpoint loaded(checkpoint, MOTE_WORKSPACE_NONE);
    REQUIRE(loaded.status == MOTE_OK);
    exercise(loaded.model);
    size_t count = 0;
    CHECK(mote_model_weights(loaded.model, &count) != nullptr);
    CHECK(count == mote_weight_count(&config));
    const Buffer blob = save(loaded.model, config);
    Arena arena(MOTE_OPEN_BYTES);
    const mote_model *opened = nullptr;
    REQUIRE(mote_model_open(&opened, &arena.arena, blob.data(), blob.size()) == MOTE_OK);
    CHECK(mote_weights_hash(opened) == mote_weights_hash(loaded.model));
}

TEST_CASE("a loaded trainer does not need the checkpoint any more") {
    Buffer checkpoint = checkpoint_after(MOTE_ADAMW, 3);
    const LoadedCheckpoint kept(checkpoint, MOTE_WORKSPACE_NONE);
    const LoadedCheckpoint loaded(checkpoint, MOTE_WORKSPACE_NONE);
    std::memset(checkpoint.data(), 0xff, checkpoint.size());
    const LoadedCheckpoint none(checkpoint, MOTE_WORKSPACE_NONE);
    CHECK(none.status == MOTE_ERR_FORMAT);
    CHECK(feed(loaded.trainer, 3) == feed(kept.trainer, 3));
    exercise(loaded.trainer, loaded.model);
}

TEST_CASE("a checkpoint opens as a model, and a blob without a trainer does not load as a checkpoint") {
    const Buffer checkpoint = checkpoint_after(MOTE_ADAMW, 3);
    Arena arena(MOTE_OPEN_BYTES);
    const mote_model *opened = nullptr;
    REQUIRE(mote_model_open(&opened, &arena.arena, checkpoint.data(), checkpoint.size()) == MOTE_OK);
    const LoadedCheckpoint loaded(checkpoint, MOTE_WORKSPACE_NONE);
    REQUIRE(loaded.status == MOTE_OK);
    CHECK(mote_weights_hash(opened) == mote_weights_hash(loaded.model));
    exercise(opened);

    const Buffer blob = save(opened, config);
    mote_model *model = nullptr;
    mote_trainer *trainer = nullptr;
    Arena room(1 << 16);
    CHECK(mote_checkpoint_peek(blob.data(), blob.size(), nullptr, nullptr) == MOTE_ERR_MISSING);
    CHECK(mote_checkpoint_load(&trainer, &model, &room.arena, blob.data(), blob.size(), 0) == MOTE_ERR_MISSING);
    CHECK(room.arena.used == 0);
}

TEST_CASE("a checkpoint that is saved after a norm that is not finite loads") {
    const mote_config deep = mlp(9, 2, 3, 5, 2, MOTE_RELU);
    const Alphabet alphabet(deep.vocab);
    const Model model(deep, 2, &alphabet.vocab());
    mote_train_config train = train_config(3, 4, MOTE_SGD);
    train.clip_norm = 1;
    const Trainer trainer(model, train);
    Random random(5);
    const Batch batch = draw_batch(random, deep, 3, 4, 0.1);
    float loss = -1;
    REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
    const uint32_t norm = bits(mote_trainer_norm(trainer.get()));
    size_t count = 0;
    float *const weights = mote_model_weights(model.get(), &count);
    for (size_t i = 0; i < count; ++i)
        if (weights[i] != 0) weights[i] = 0x1p30f;
    REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_ERR_NUMERIC);
    CHECK(bits(mote_trainer_norm(trainer.get())) == norm);
    const Buffer saved = save_checkpoint(trainer.get(), deep);
    CHECK(LoadedCheckpoint(saved, MOTE_WORKSPACE_NONE).status == MOTE_OK);
}

TEST_CASE("a workspace that is none is refused") {
    const Buffer checkpoint = checkpoint_after(MOTE_SGD, 1);
    mote_model *model = nullptr;
    mote_trainer *trainer = nullptr;
    Arena room(1 << 16);
    for (const uint32_t workspace : {2u, 0xffffffffu})
        CHECK(mote_checkpoint_load(&trainer, &model, &room.arena, checkpoint.data(), checkpoint.size(), workspace) ==
              MOTE_ERR_ARG);
}

TEST_CASE("a checkpoint that is not aligned is refused") {
    const Buffer checkpoint = checkpoint_after(MOTE_SGD, 1);
    Buffer shifted(checkpoint.size() + 64);
    std::memcpy(shifted.data() + 16, checkpoint.data(), checkpoint.size());
    mote_model *model = nullptr;
    mote_trainer *trainer = nullptr;
    Arena room(1 << 16);
    CHECK(mote_checkpoint_load(&trainer, &model, &room.arena, shifted.data() + 16, checkpoint.size(), 0) ==
          MOTE_ERR_ALIGN);
    CHECK(mote_checkpoint_peek(shifted.data() + 16, checkpoint.size(), nullptr, nullptr) == MOTE_ERR_ALIGN);
}

TEST_CASE("moments and hidden states that no run can have are refused") {
    const Buffer checkpoint = checkpoint_after(MOTE_ADAMW, 2);
    const size_t hidden = section_offset(checkpoint, "TRNR") + 128;
    const size_t m = hidden + 4 * size_t{config.layers} * 3 * 16;
    const size_t v = m + 4 * mote_weight_count(&config);
    const auto status_with = [&](size_t at, uint32_t number) {
        Buffer changed = checkpoint;
        put_u32(changed, at, number);
        repair_crc(changed);
        return LoadedCheckpoint(changed, 0).status;
    };
    for (const size_t at : {hidden, m, v}) {
        CHECK(status_with(at, bits(0.5f)) == MOTE_OK);
        CHECK(status_with(at, 0) == MOTE_OK);
        for (const uint32_t bad : {0x7fc00000u, 0x7f800000u, 0xff800000u, 0x00000001u, 0x80000000u})
            CHECK(status_with(at, bad) == MOTE_ERR_NUMERIC);
    }
    CHECK(status_with(hidden, bits(0x1p-41f)) == MOTE_ERR_NUMERIC);
    CHECK(status_with(m, bits(0x1p-41f)) == MOTE_OK);
    CHECK(status_with(m, bits(0x1p-101f)) == MOTE_ERR_NUMERIC);
    CHECK(status_with(m, bits(-0.5f)) == MOTE_OK);
    CHECK(status_with(v, bits(-0.5f)) == MOTE_ERR_NUMERIC);
    CHECK(status_with(hidden + 4 * size_t{config.hidden}, bits(0.5f)) != MOTE_OK);
}

TEST_CASE("a checkpoint has the same bytes everywhere") {
    const OwnRecord run = some_record();
    const Buffer checkpoint = checkpoint_after(MOTE_ADAMW, 10, &run);
    CHECK(mote_fnv1a(MOTE_FNV_START, checkpoint.data(), checkpoint.size()) == 0x15b1c58f9a275e26u);
}
