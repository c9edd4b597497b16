/* Every call in exactly the memory that its size says, and in one byte less. */
#include "mote_adapter.h"
#include "settings.h"

#include <doctest/doctest.h>

#include <functional>

using namespace mote_test;

namespace {

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

TEST_CASE("a model in exactly its size works, one byte short it fails and writes nothing") {
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const mote_init init = lively_init(s.config.cell);
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
                const Batch batch = draw_batch(random, s.config, s.train.batch, s.train.time_steps, 0.1);
                float loss = 0;
                CHECK(mote_train_step(trainer, batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
            }
            mote_trainer_reset_state(trainer);
            return status;
        });
        CHECK(dirty_padding(model.get(), model.weights()) == 0);
    }
}

TEST_CASE("a scorer in exactly its size reads, one byte short it fails and writes nothing") {
    Random random(6);
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const Model model(s.config);
        const uint32_t batch = s.train.batch, time = s.train.time_steps;
        check_exact(mote_scorer_bytes(&s.config, batch, time), [&](mote_arena *arena) {
            mote_scorer *scorer = nullptr;
            const mote_status status = mote_scorer_init(&scorer, arena, model.get(), batch, time);
            if (status != MOTE_OK) return status;
            std::vector<float> nats(size_t{batch} * time);
            for (int call = 0; call < 2; ++call) {
                const Batch b = draw_batch(random, s.config, batch, time, 0.1);
                CHECK(mote_scorer_read(scorer, b.tokens.data(), b.targets.data(), nats.data()) == MOTE_OK);
            }
            mote_scorer_reset(scorer);
            return status;
        });
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
        CHECK(mote_model_save(model.get(), nullptr, 0, &shorter.arena, mote_buffer_write, &buffer) == MOTE_ERR_ARENA);
        CHECK(shorter.arena.needed == scratch_bytes);
        CHECK(shorter.arena.used == 0);
        CHECK(shorter.memory.filled_with(0xa5));
        CHECK(buffer.used == 0);
        CHECK(blob.filled_with(0xa5));
        Arena exact(scratch_bytes);
        CHECK(mote_model_save(model.get(), nullptr, 0, &exact.arena, mote_buffer_write, &buffer) == MOTE_OK);
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
        const Batch batch = draw_batch(random, s.config, s.train.batch, s.train.time_steps);
        float loss = 0;
        REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
        const bool with_best = s.train.batch % 2 == 0;
        const Buffer checkpoint = save_checkpoint(trainer.get(), s.config, nullptr, with_best ? model.get() : nullptr);
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

TEST_CASE("a checkpoint needs the scratch of a save, with the best weights too, and one byte short writes nothing") {
    for (const Setting &s : settings()) {
        INFO(describe(s));
        const Alphabet alphabet(s.config.vocab);
        const Model model(s.config, 1, &alphabet.vocab());
        const Model best(s.config, 2);
        const Trainer trainer(model, s.train);
        const size_t bytes = mote_checkpoint_bytes(&s.config, &s.train) + 4 * mote_weight_count(&s.config);
        Buffer blob(bytes, 0xa5);
        mote_buffer buffer{blob.data(), bytes, 0};
        const auto save_in = [&](mote_arena *scratch) {
            return mote_checkpoint_save(trainer.get(), best.get(), nullptr, 0, scratch, mote_buffer_write, &buffer);
        };
        Arena shorter(mote_scratch_bytes(&s.config) - 1, 0xa5);
        CHECK(save_in(&shorter.arena) == MOTE_ERR_ARENA);
        CHECK(shorter.arena.needed == mote_scratch_bytes(&s.config));
        CHECK(shorter.memory.filled_with(0xa5));
        CHECK(buffer.used == 0);
        CHECK(blob.filled_with(0xa5));
        Arena exact(mote_scratch_bytes(&s.config));
        CHECK(save_in(&exact.arena) == MOTE_OK);
        CHECK(exact.arena.used == 0);
        CHECK(buffer.used == bytes);
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
        REQUIRE(mote_model_save(model.get(), nullptr, 0, &scratch.arena, mote_buffer_write, &buffer) == MOTE_ERR_WRITE);
        REQUIRE(scratch.arena.used == 0);
    }
}

TEST_CASE(
    "weights of integers in exactly their sizes are made, saved, opened, read and copied, one byte short nothing is") {
    Random random(6);
    uint32_t precision = MOTE_PRECISION_INT8;
    for (const Setting &s : settings()) {
        INFO(describe(s));
        precision = MOTE_PRECISION_INT8 + MOTE_PRECISION_INT4 - precision; /* in turns */
        const mote_config config = quantized_config(s.config, precision);
        const Alphabet alphabet(config.vocab);
        const Model original(s.config, 1, &alphabet.vocab());
        const std::vector<float> largest(MOTE_MAX_LAYERS, 3.0f);
        check_exact(mote_model_bytes(&config), [&](mote_arena *arena) {
            mote_model *model = nullptr;
            return mote_model_quantize(&model, arena, original.get(), precision, largest.data());
        });
        const QuantizedModel quantized(original, precision);
        check_exact(mote_model_bytes(&config), [&](mote_arena *arena) {
            mote_model *copy = nullptr;
            const mote_status status = mote_model_copy(&copy, arena, quantized.get());
            if (status == MOTE_OK) CHECK(mote_weights_hash(copy) == mote_weights_hash(quantized.get()));
            return status;
        });
        const Buffer blob = save(quantized.get(), config);
        check_exact(MOTE_OPEN_BYTES, [&](mote_arena *arena) {
            const mote_model *opened = nullptr;
            const mote_status status = mote_model_open(&opened, arena, blob.data(), blob.size());
            if (status != MOTE_OK) return status;
            CHECK(mote_weights_hash(opened) == mote_weights_hash(quantized.get()));
            Arena scratch(mote_scratch_bytes(&config));
            CHECK(mote_selftest(opened, &scratch.arena) == MOTE_OK);
            return status;
        });
        check_exact(mote_state_bytes(&config), [&](mote_arena *arena) {
            mote_state *state = nullptr;
            const mote_status status = mote_state_init(&state, arena, quantized.get());
            if (status != MOTE_OK) return status;
            const float *logits = nullptr;
            for (uint16_t token = 0; token < 3; ++token)
                CHECK(mote_step(state, static_cast<uint16_t>(token % config.vocab), &logits) == MOTE_OK);
            mote_state_reset(state);
            return status;
        });
        const uint32_t batch = s.train.batch, time = s.train.time_steps;
        check_exact(mote_scorer_bytes(&config, batch, time), [&](mote_arena *arena) {
            mote_scorer *scorer = nullptr;
            const mote_status status = mote_scorer_init(&scorer, arena, quantized.get(), batch, time);
            if (status != MOTE_OK) return status;
            std::vector<float> nats(size_t{batch} * time);
            const Batch b = draw_batch(random, config, batch, time, 0.1);
            CHECK(mote_scorer_read(scorer, b.tokens.data(), b.targets.data(), nats.data()) == MOTE_OK);
            mote_scorer_reset(scorer);
            return status;
        });
    }
}

TEST_CASE("an adapter and a learner in exactly their sizes learn, one byte short they fail and write nothing") {
    Random random(6);
    for (const Setting &s : settings())
        for (const uint32_t learned : {MOTE_LEARN_OUTPUT, MOTE_LEARN_BIASES, MOTE_LEARN_OUTPUT | MOTE_LEARN_BIASES}) {
            if (s.config.layers == 0) continue;
            INFO(describe(s) << " learned " << learned);
            const Model model(s.config);
            mote_adapter *adapter = nullptr;
            const size_t bytes = mote_adapter_bytes(&s.config, learned);
            check_exact(bytes,
                        [&](mote_arena *arena) { return mote_adapter_init(&adapter, arena, model.get(), learned); });
            Arena own(bytes);
            REQUIRE(mote_adapter_init(&adapter, &own.arena, model.get(), learned) == MOTE_OK);
            check_exact(mote_learner_bytes(&s.config, learned, &s.train), [&](mote_arena *arena) {
                mote_learner *learner = nullptr;
                const mote_status status = mote_learner_init(&learner, arena, adapter, &s.train);
                const Batch b = draw_batch(random, s.config, s.train.batch, s.train.time_steps, 0.1);
                float loss = 0;
                if (status == MOTE_OK)
                    CHECK(mote_learn_step(learner, b.tokens.data(), b.targets.data(), &loss) == MOTE_OK);
                return status;
            });
            Buffer blob(mote_adapter_blob_bytes(&s.config, learned));
            mote_buffer buffer{blob.data(), blob.size(), 0};
            REQUIRE(mote_adapter_save(adapter, mote_buffer_write, &buffer) == MOTE_OK);
            CHECK(buffer.used == blob.size());
            check_exact(mote_adapter_open_bytes(&s.config), [&](mote_arena *arena) {
                const mote_adapter *opened = nullptr;
                return mote_adapter_open(&opened, arena, model.get(), blob.data(), blob.size());
            });
            check_exact(bytes, [&](mote_arena *arena) {
                mote_adapter *loaded = nullptr;
                return mote_adapter_load(&loaded, arena, model.get(), blob.data(), blob.size());
            });
        }
}

TEST_CASE("the sizes of an adapter and of a learner are the same as macros and as functions") {
    for (const Setting &s : settings())
        for (const uint32_t precision : {MOTE_PRECISION_FLOAT32, MOTE_PRECISION_INT8, MOTE_PRECISION_INT4})
            for (const uint32_t learned : {MOTE_LEARN_OUTPUT, MOTE_LEARN_BIASES, 3u}) {
                mote_config c = s.config;
                c.precision = precision;
                if (c.layers == 0 || (precision != MOTE_PRECISION_FLOAT32 && learned != MOTE_LEARN_OUTPUT)) continue;
                INFO(describe(s) << " learned " << learned << " precision " << precision);
                const uint32_t B = s.train.batch, T = s.train.time_steps, O = s.train.optimizer;
                CHECK(MOTE_ADAPTER_OPEN_BYTES(MOTE_SHAPE_OF(c)) == mote_adapter_open_bytes(&c));
                CHECK(MOTE_ADAPTER_BYTES(MOTE_SHAPE_OF(c), learned) == mote_adapter_bytes(&c, learned));
                CHECK(MOTE_ADAPTER_BLOB_BYTES(MOTE_SHAPE_OF(c), learned) == mote_adapter_blob_bytes(&c, learned));
                CHECK(MOTE_LEARNER_BYTES(MOTE_SHAPE_OF(c), learned, B, T, O) ==
                      mote_learner_bytes(&c, learned, &s.train));
            }
}
