/* Checkpoints of every model, and the best weights that early stopping keeps in them. */
#include "damage.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;

namespace {

const std::vector<mote_config> &configs() {
    static const std::vector<mote_config> all = {bigram(9), mlp(9, 3, 4, 20, 2), mlp(9, 1, 17, 5, 1, MOTE_RELU),
                                                 rnn(9, 4, 7, 2), gru(9, 4, 7, 2)};
    return all;
}

/* A model that has learnt for some steps, and another that is the best so far. */
struct Run {
    mote_config config;
    Alphabet alphabet{config.vocab, 1};
    Model model{config, 2, &alphabet.vocab()};
    Model best{config, 3};
    Trainer trainer;

    explicit Run(const mote_config &c, uint32_t optimizer = MOTE_ADAMW)
        : config(c), trainer(model, train_config(3, 4, optimizer)) {}
    Buffer save() const { return save_checkpoint(trainer.get(), config); }
    Buffer save_best(const OwnRecord *run = nullptr) const {
        return save_checkpoint(trainer.get(), config, run, best.get());
    }
};

uint32_t feed(mote_trainer *trainer, const mote_config &config, uint64_t index) {
    Random random(index);
    const Batch batch = draw_batch(random, config, 3, 4, 0.1);
    float loss = -1;
    REQUIRE(mote_train_step(trainer, batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
    return bits(loss);
}

mote_status take_best(const Model &into, const Buffer &checkpoint) {
    return mote_checkpoint_best(into.get(), checkpoint.data(), checkpoint.size());
}

} // namespace

TEST_CASE("every model's run, stopped at any step, goes on from its checkpoint as if it had not stopped") {
    const uint32_t steps = 6;
    for (const mote_config &config : configs())
        for (const uint32_t optimizer : {MOTE_SGD, MOTE_MOMENTUM, MOTE_ADAGRAD, MOTE_ADAMW}) {
            const Run run(config, optimizer);
            std::vector<Buffer> checkpoints;
            std::vector<uint32_t> losses;
            for (uint32_t i = 0; i < steps; ++i) {
                checkpoints.push_back(i % 2 == 0 ? run.save() : run.save_best());
                losses.push_back(feed(run.trainer.get(), config, i));
            }
            const Buffer last = run.save();
            for (uint32_t stopped = 0; stopped < steps; ++stopped) {
                INFO(describe(config) << " optimizer " << optimizer << " stopped at " << stopped);
                const LoadedCheckpoint loaded(checkpoints[stopped],
                                              stopped < 3 ? MOTE_WORKSPACE_PACKED : MOTE_WORKSPACE_NONE);
                REQUIRE(loaded.status == MOTE_OK);
                for (uint32_t i = stopped; i < steps; ++i) CHECK(feed(loaded.trainer, config, i) == losses[i]);
                CHECK(mote_weights_hash(loaded.model) == run.model.hash());
                CHECK(save_checkpoint(loaded.trainer, config) == last);
            }
        }
}

TEST_CASE("a checkpoint gives back the best weights, and those it goes on with are others") {
    const OwnRecord some = some_record();
    for (const mote_config &config : configs()) {
        INFO(describe(config));
        const Run run(config);
        feed(run.trainer.get(), config, 1);
        for (const OwnRecord *const stored : {static_cast<const OwnRecord *>(nullptr), &some}) {
            const Buffer checkpoint = run.save_best(stored);
            const Model restored(config, 4);
            REQUIRE(take_best(restored, checkpoint) == MOTE_OK);
            CHECK(restored.hash() == run.best.hash());
            CHECK(same_bits(restored.weights(), run.best.weights(), mote_weight_count(&config)));
            const LoadedCheckpoint loaded(checkpoint, MOTE_WORKSPACE_NONE);
            REQUIRE(loaded.status == MOTE_OK);
            CHECK(mote_weights_hash(loaded.model) == run.model.hash());
            CHECK(run.model.hash() != run.best.hash());
            OwnRecord read{};
            CHECK(read_own(checkpoint.data(), checkpoint.size(), &read) ==
                  (stored != nullptr ? MOTE_OK : MOTE_ERR_MISSING));
        }
    }
}

TEST_CASE("the model in training, or one in flash, may be the best") {
    const Run run(mlp(9, 3, 4, 20, 2));
    const Buffer own = save_checkpoint(run.trainer.get(), run.config, nullptr, run.model.get());
    const Model restored(run.config, 4);
    REQUIRE(take_best(restored, own) == MOTE_OK);
    CHECK(restored.hash() == run.model.hash());

    const Model other(run.config, 5, &run.alphabet.vocab());
    const Buffer flash = save(other.get(), run.config);
    Arena arena(MOTE_OPEN_BYTES);
    const mote_model *opened = nullptr;
    REQUIRE(mote_model_open(&opened, &arena.arena, flash.data(), flash.size()) == MOTE_OK);
    REQUIRE(take_best(restored, save_checkpoint(run.trainer.get(), run.config, nullptr, opened)) == MOTE_OK);
    CHECK(restored.hash() == other.hash());
    const Buffer checkpoint = run.save_best();
    CHECK(mote_checkpoint_best(const_cast<mote_model *>(opened), checkpoint.data(), checkpoint.size()) == MOTE_ERR_ARG);
}

TEST_CASE("best weights of another configuration, or that may not be stored, are not saved and nothing is written") {
    const mote_config config = mlp(9, 3, 4, 20, 2);
    const Run run(config);
    Buffer room(1 << 16, 0xee);
    mote_buffer buffer{room.data(), room.size(), 0};
    Arena scratch(mote_scratch_bytes(&config));
    const auto status = [&](const Model &best) {
        return mote_checkpoint_save(run.trainer.get(), best.get(), nullptr, 0, &scratch.arena, mote_buffer_write,
                                    &buffer);
    };
    for (const mote_config &other : {mlp(8, 3, 4, 20, 2), mlp(9, 2, 4, 20, 2), mlp(9, 3, 5, 20, 2), mlp(9, 3, 4, 19, 2),
                                     mlp(9, 3, 4, 20, 1), mlp(9, 3, 4, 20, 2, MOTE_RELU), rnn(9, 4, 20, 2), bigram(9)})
        CHECK(status(Model(other, 3)) == MOTE_ERR_ARG);
    for (const float bad : {std::nanf(""), HUGE_VALF, -HUGE_VALF, 0x1p-41f, -0.0f}) {
        const Model spoilt(config, 3);
        spoilt.weights()[0] = bad;
        CHECK(status(spoilt) == MOTE_ERR_NUMERIC);
    }
    CHECK(buffer.used == 0);
    CHECK(room.filled_with(0xee));
    CHECK(status(run.best) == MOTE_OK);
}

TEST_CASE("best weights that are not there, or of another model, or damaged, leave the model as it was") {
    const mote_config config = mlp(9, 3, 4, 20, 2);
    const Run run(config);
    const Model into(config, 4);
    const uint64_t before = into.hash();
    const Buffer checkpoint = run.save_best();
    CHECK(take_best(into, run.save()) == MOTE_ERR_MISSING);
    CHECK(take_best(into, save(run.model.get(), config)) == MOTE_ERR_MISSING);
    for (const mote_config &other : {mlp(9, 3, 4, 20, 2, MOTE_RELU), mlp(9, 2, 6, 20, 2), rnn(9, 4, 20, 2), bigram(9)})
        CHECK(take_best(Model(other, 4), checkpoint) == MOTE_ERR_ARG);
    CHECK(mote_checkpoint_best(nullptr, checkpoint.data(), checkpoint.size()) == MOTE_ERR_ARG);
    CHECK(mote_checkpoint_best(into.get(), nullptr, checkpoint.size()) == MOTE_ERR_ARG);
    CHECK(mote_checkpoint_best(into.get(), checkpoint.data(), checkpoint.size() - 1) == MOTE_ERR_FORMAT);

    const size_t best = section_offset(checkpoint, "BEST");
    for (size_t place = 0; place < mote_weight_count(&config); place += 97) {
        Buffer changed = checkpoint;
        changed.data()[best + 4 * place] ^= 1;
        CHECK(take_best(into, changed) == MOTE_ERR_CHECKSUM);
    }
    const auto with = [&](size_t place, uint32_t number) {
        Buffer changed = checkpoint;
        put_u32(changed, best + 4 * place, number);
        repair_crc(changed);
        return take_best(into, changed);
    };
    const size_t last = mote_weight_count(&config) - 16; /* of the output's bias of 9 */
    for (const size_t place : {size_t{0}, last, last + 8})
        for (const uint32_t bad : {0x7fc00000u, 0x7f800000u, 0xff800000u, 1u, 0x80000000u, bits(0x1p-41f)})
            CHECK(with(place, bad) == MOTE_ERR_NUMERIC);
    CHECK(with(last + 9, bits(0.5f)) == MOTE_ERR_FORMAT);
    CHECK(into.hash() == before);
    CHECK(with(last + 8, bits(0.5f)) == MOTE_OK);
    CHECK(into.hash() != before);
}

TEST_CASE("best weights of another size make the blob none") {
    const Run run(bigram(9));
    Buffer checkpoint = run.save_best();
    const size_t entry = section_entry(checkpoint, "BEST");
    const uint32_t size = get_u32(checkpoint, entry + 12);
    CHECK(size == 4 * mote_weight_count(&run.config));
    for (const uint32_t other : {0u, size - 64, size - 4}) {
        Buffer changed = checkpoint;
        put_u32(changed, entry + 12, other);
        const size_t end = section_offset(changed, "BEST") + other;
        std::memset(changed.data() + end, 0, changed.size() - end);
        repair_crc(changed);
        CHECK(take_best(run.best, changed) == MOTE_ERR_FORMAT);
        CHECK(LoadedCheckpoint(changed, 0).status == MOTE_ERR_FORMAT);
    }
}
